/// Room for the texts of one event that do not stand in the body as they are meant: escapes resolved, several joined.
struct TextBuffer: ~Copyable {
  private let capacity: Int
  private var buffer: UnsafeMutableBufferPointer<UInt8>?
  private var used = 0

  init(capacity: Int) { self.capacity = capacity }

  deinit { buffer?.deallocate() }

  /// Forgets all texts.
  mutating func clear() { used = 0 }

  /// What a valid string says; nil when there is no room for it.
  mutating func text(of string: JSONScanner.RawString, in scanner: JSONScanner) -> RawEvent.Text? {
    guard string.hasEscapes else { return RawEvent.Text(rebasing: scanner.bytes[string.range]) }
    let free = free()
    guard let count = scanner.unescape(string.range, into: free) else { return nil }
    used += count
    return RawEvent.Text(rebasing: UnsafeBufferPointer(free)[..<count])
  }

  /// `first` and `second` with one byte between them; nil when there is no room.
  mutating func join(_ first: RawEvent.Text, _ separator: UInt8, _ second: RawEvent.Text) -> RawEvent.Text? {
    let free = free()
    let count = first.count + 1 + second.count
    guard count <= free.count else { return nil }
    var end = free.update(fromContentsOf: first)
    free[end] = separator
    end = free[(end + 1)...].update(fromContentsOf: second)
    used += count
    return RawEvent.Text(rebasing: UnsafeBufferPointer(free)[..<end])
  }

  /// `text` with one byte behind it; nil when there is no room.
  mutating func appending(_ byte: UInt8, to text: RawEvent.Text) -> RawEvent.Text? {
    join(text, byte, RawEvent.Text(start: nil, count: 0))
  }

  private mutating func free() -> UnsafeMutableBufferPointer<UInt8> {
    let buffer = self.buffer ?? .allocate(capacity: capacity)
    self.buffer = buffer
    return UnsafeMutableBufferPointer(rebasing: buffer[used...])
  }
}
