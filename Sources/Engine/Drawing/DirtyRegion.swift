/// The parts of a picture that have to be made again: a few boxes that do not touch each other.
struct DirtyRegion: Sendable, Hashable {
  private(set) var boxes: [PixelBox] = []
  private let canvas: PixelBox

  /// More boxes than this cost more to keep apart than to paint together.
  private static let most = 12

  init(canvas: PixelBox) {
    self.canvas = canvas
  }

  var isEmpty: Bool { boxes.isEmpty }

  mutating func add(_ box: PixelBox) {
    // Whole chroma samples, and whole vectors where that costs nothing.
    var grown = box.aligned(columns: 16, rows: 2).intersection(canvas)
    guard !grown.isEmpty else { return }
    // Joining may make it touch others again.
    while let index = boxes.firstIndex(where: { touches($0, grown) }) {
      grown = grown.union(boxes.remove(at: index))
    }
    boxes.append(grown)
    if boxes.count > Self.most { boxes = [boxes.reduce(PixelBox.empty) { $0.union($1) }] }
  }

  mutating func addAll() { boxes = [canvas] }
  mutating func clear() { boxes = [] }

  private func touches(_ a: PixelBox, _ b: PixelBox) -> Bool {
    !a.intersection(b).isEmpty || a.union(b).area <= (a.area + b.area) * 5 / 4
  }
}
