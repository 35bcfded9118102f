import FoundationEssentials

/// Shapes that nearly every event has, read without a look at each byte. Each of these either consumes what it read or
/// gives nil and consumes nothing, and the general way decides.
extension JSONScanner {
  /// One of our keys in quotes and without escapes; the position must be at its opening quote.
  @inline(__always)
  mutating func plainKey() -> EventField? {
    guard position &+ 17 <= bytes.count else { return nil }
    let low = word(at: position &+ 1)
    let high = word(at: position &+ 9)
    let field: EventField
    let length: Int
    // Each pattern ends with the closing quote, so that a longer key cannot match.
    switch UInt8(truncatingIfNeeded: low) {
    case UInt8(ascii: "t"):
      if low & 0xFF_FFFF_FFFF == Self.word("type\"") {
        (field, length) = (.type, 4)
      } else if low == Self.word("timestam"), high & 0xFFFF == Self.word("p\"") {
        (field, length) = (.timestamp, 9)
      } else {
        return nil
      }
    case UInt8(ascii: "v"):
      if low == Self.word("variant_"), high & 0xFF_FFFF == Self.word("id\"") {
        (field, length) = (.variantID, 10)
      } else if low == Self.word("viewer_i"), high & 0xFFFF == Self.word("d\"") {
        (field, length) = (.viewerID, 9)
      } else if low & 0xFFFF_FFFF_FFFF == Self.word("value\"") {
        (field, length) = (.value, 5)
      } else {
        return nil
      }
    case UInt8(ascii: "m"):
      guard low == Self.word("message_"), high & 0xFF_FFFF == Self.word("id\"") else { return nil }
      (field, length) = (.messageID, 10)
    case UInt8(ascii: "p"):
      guard low == Self.word("placemen"), high & 0xFFFF == Self.word("t\"") else { return nil }
      (field, length) = (.placement, 9)
    case UInt8(ascii: "c"):
      if low == Self.word("currency"), high & 0xFF == UInt64(UInt8.quote) {
        (field, length) = (.currency, 8)
      } else if low == Self.word("consent\"") {
        (field, length) = (.consent, 7)
      } else {
        return nil
      }
    case UInt8(ascii: "d"):
      guard low & 0xFF_FFFF_FFFF_FFFF == Self.word("device\"") else { return nil }
      (field, length) = (.device, 6)
    case UInt8(ascii: "u"):
      guard low == Self.word("user_age"), high & 0xFF_FFFF == Self.word("nt\"") else { return nil }
      (field, length) = (.userAgent, 10)
    default: return nil
    }
    position &+= length &+ 2
    return field
  }

  /// Up to eight characters as a word, the first one lowest.
  @inline(__always)
  private static func word(_ text: StaticString) -> UInt64 {
    var word: UInt64 = 0
    for index in 0..<text.utf8CodeUnitCount {
      word |= UInt64(text.utf8Start[index]) &<< UInt64(index &* 8)
    }
    return word
  }

  /// A UUID of 36 characters; the position must be at its opening quote.
  @inline(__always)
  mutating func plainUUID() -> UUID? {
    guard position &+ 38 <= bytes.count, bytes[position &+ 37] == .quote,
      let uuid = UUID(characters: raw + (position &+ 1))
    else { return nil }
    position &+= 38
    return uuid
  }

  /// `2026-11-02T10:00:00.123Z`; the position must be at its opening quote.
  @inline(__always)
  mutating func plainTimestamp() -> Int64? {
    guard position &+ 26 <= bytes.count, bytes[position &+ 25] == .quote,
      let time = Timestamp.milliseconds(plain: raw + (position &+ 1))
    else { return nil }
    position &+= 26
    return time
  }
}

extension UUID {
  /// 36 characters with hyphens, digits of either case.
  @inline(__always)
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    guard text.count == 36, let start = text.baseAddress else { return nil }
    self.init(characters: UnsafeRawPointer(start))
  }

  /// The same from exactly 36 characters, eight digits at a time.
  @inline(__always)
  init?(characters: UnsafeRawPointer) {
    @inline(__always)
    func four(_ offset: Int) -> UInt64 {
      UInt64(UInt32(littleEndian: characters.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    @inline(__always)
    func hyphen(_ offset: Int) -> UInt8 {
      characters.load(fromByteOffset: offset, as: UInt8.self) ^ UInt8.minus
    }
    guard hyphen(8) | hyphen(13) | hyphen(18) | hyphen(23) == 0 else { return nil }
    // 01234567-9ABC-EF01-3456-89ABCDEF0123
    let words = (
      four(0) | four(4) << 32, four(9) | four(14) << 32, four(19) | four(24) << 32, four(28) | four(32) << 32
    )
    let areDigits =
      words.0.hexadecimalDigits & words.1.hexadecimalDigits & words.2.hexadecimalDigits
      & words.3.hexadecimalDigits
    guard areDigits & 0x8080_8080_8080_8080 == 0x8080_8080_8080_8080 else { return nil }
    let high = words.0.asFourBytes << 32 | words.1.asFourBytes
    let low = words.2.asFourBytes << 32 | words.3.asFourBytes
    self = withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) {
      UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
    }
  }
}

extension UInt64 {
  /// The highest bit of each byte says whether it is a hexadecimal digit; the others mean nothing.
  @inline(__always)
  fileprivate var hexadecimalDigits: UInt64 {
    // Seven bits plus a distance to 0x80 cannot carry into the next byte.
    let seven = self & 0x7F7F_7F7F_7F7F_7F7F
    let lower = seven | 0x2020_2020_2020_2020
    let digits = (seven &+ 0x5050_5050_5050_5050) & ~(seven &+ 0x4646_4646_4646_4646)  // "0" to "9"
    let letters = (lower &+ 0x1F1F_1F1F_1F1F_1F1F) & ~(lower &+ 0x1919_1919_1919_1919)  // "a" to "f"
    return (digits | letters) & ~self
  }

  /// Eight hexadecimal digits, the first one lowest, as four bytes, the first one highest.
  @inline(__always)
  fileprivate var asFourBytes: UInt64 {
    let letters = (self >> 6) & 0x0101_0101_0101_0101
    let values = (self & 0x0F0F_0F0F_0F0F_0F0F) &+ letters &* 9
    let pairs = (values << 4 | values >> 8) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs << 8 | pairs >> 16) & 0x0000_FFFF_0000_FFFF
    return (fours << 16 | fours >> 32) & 0xFFFF_FFFF
  }

  /// Whether each byte is 0 to 9.
  @inline(__always)
  var hasOnlyDigits: Bool { (self &+ 0x7676_7676_7676_7676 | self) & 0x8080_8080_8080_8080 == 0 }

  /// Eight bytes of 0 to 9, the first digit lowest, as a number: pairs, then fours, then all.
  @inline(__always)
  var asEightDigits: UInt64 {
    let pairs = (self &* 10 &+ self >> 8) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
    return (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF
  }
}
