import Cryptography

/// The name of a segment: the hash of everything that shapes its bytes, and the parts of it that tell a
/// person what changed.
struct SegmentName: Sendable, Hashable {
  let digest: SHA256Digest
  let aspects: Aspects

  struct Aspects: Sendable, Hashable, Codable {
    /// Engine, encoder, its parameters and what it makes of a known picture.
    var encoder: String
    /// Where everything stands in every frame.
    var motion: String
    /// The hashes of the bitmaps that show, in order of first appearance.
    var pictures: [String]
    var frames: Int
  }

  var text: String { digest.hex }
}

/// Names the segments of one film.
struct SegmentNamer {
  private let film: Film
  private let encoder: String
  private let pictures: [SHA256Digest]

  init(_ film: Film, encoder: SHA256Digest) {
    self.film = film
    self.encoder = encoder.hex
    pictures = film.rasters.enumerated().map { film.clips[$0]?.digest ?? $1.digest() }
  }

  func name(_ frames: Range<Int>) -> SegmentName {
    var seen: [Int] = []
    var places: [Int: Int] = [:]
    // Bitmaps are called by their order of appearance: their place in the stage says nothing.
    func place(_ bitmap: Int) -> Int {
      guard pictures.indices.contains(bitmap) else { return -1 }
      if let known = places[bitmap] { return known }
      places[bitmap] = seen.count
      seen.append(bitmap)
      return seen.count - 1
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(frames.count * 512)
    var formulas: [Procedure: String] = [:]
    func add(_ value: Double) {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    func add(_ value: Int) {
      withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
    }
    func add(_ text: String) {
      add(text.utf8.count)
      bytes.append(contentsOf: text.utf8)
    }
    func add(_ values: [Int]) { for value in values { add(value) } }
    func add(_ box: Rectangle) { for value in [box.x, box.y, box.width, box.height] { add(value) } }
    func add(_ marks: [Frame.Mark]) {
      add(marks.count)
      for mark in marks {
        add(mark.procedure == nil ? place(mark.bitmap) : -2)
        add(mark.moment.map { [1, $0] } ?? [0])
        for value in [mark.x, mark.y, mark.scale, mark.opacity, mark.turn, mark.blur] { add(value) }
        add(mark.blend.rawValue)
        add(mark.window == nil ? 0 : 1)
        if let window = mark.window { add(window) }
        add(mark.mask == nil ? 0 : 1)
        if let mask = mark.mask {
          add(place(mask.bitmap))
          for value in [mask.x, mask.y, mask.scale, mask.turn] { add(value) }
          add(mask.isInverted ? 1 : 0)
        }
        if let procedure = mark.procedure {
          // Reflection names every field there is or will be.
          let text = formulas[procedure] ?? String(reflecting: procedure)
          formulas[procedure] = text
          add(text)
        }
      }
    }
    add("\(film.width)x\(film.height)@\(Engine.framesPerSecond)")
    for frame in film.frames[frames] {
      add(frame.marks)
      add(frame.incoming)
      add(frame.mix)
      if case .luma(let bitmap, let softness) = frame.passage {
        add("luma")
        add(place(bitmap))
        add(softness)
      } else {
        add("\(frame.passage)")
      }
      add(frame.over)
    }
    let aspects = SegmentName.Aspects(
      encoder: encoder, motion: SHA256.hash(bytes).hex, pictures: seen.map { pictures[$0].hex },
      frames: frames.count)
    let digest = SHA256.hash(
      fields: ["segment/1", aspects.encoder, aspects.motion, "\(aspects.frames)"] + aspects.pictures)
    return SegmentName(digest: digest, aspects: aspects)
  }
}
