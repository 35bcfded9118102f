/// Memory for one row on its way from a bitmap to the picture, kept from row to row and frame to frame.
/// Belongs to one painting thread.
final class SamplerScratch {
  /// Pixels on their way out.
  let pixels: UnsafeMutableRawPointer
  /// Source pixels mixed from two rows, 16 bits a channel, two spare ones on either side.
  private(set) var mixed: UnsafeMutablePointer<UInt16>
  private var mixedCapacity = 0
  /// Per column: where its left pixel stands in `mixed`, and both weights for four channels each.
  let places: UnsafeMutablePointer<Int>
  let weights: UnsafeMutablePointer<SIMD8<UInt16>>
  private(set) var zeros: UnsafeMutableRawPointer
  private let columns: Int

  /// - Parameter columns: the picture's width.
  init(columns: Int) {
    self.columns = columns
    pixels = .allocate(byteCount: (columns + 16) * 4, alignment: 64)
    places = .allocate(capacity: columns + 2)
    weights = .allocate(capacity: columns + 2)
    mixed = .allocate(capacity: 0)
    zeros = .allocate(byteCount: 0, alignment: 64)
  }

  deinit {
    pixels.deallocate()
    places.deallocate()
    weights.deallocate()
    mixed.deallocate()
    zeros.deallocate()
  }

  /// Makes room for rows of a source as wide as this.
  func reserve(sourceWidth: Int) {
    guard sourceWidth > mixedCapacity else { return }
    mixed.deallocate()
    zeros.deallocate()
    mixedCapacity = sourceWidth
    mixed = .allocate(capacity: (sourceWidth + 24) * 4)
    mixed.initialize(repeating: 0, count: (sourceWidth + 24) * 4)
    zeros = .allocate(byteCount: (sourceWidth + 16) * 4, alignment: 64)
    zeros.initializeMemory(as: UInt8.self, repeating: 0, count: (sourceWidth + 16) * 4)
  }
}
