public import Documents

/// A length of time in whole milliseconds; written `2500ms` or `6s` in documents.
public struct TimeSpan: Sendable, Hashable, Comparable {
  public var milliseconds: Int

  public init(milliseconds: Int) {
    self.milliseconds = milliseconds
  }

  public static let zero = TimeSpan(milliseconds: 0)
  public static func milliseconds(_ count: Int) -> TimeSpan { TimeSpan(milliseconds: count) }
  public static func seconds(_ count: Double) -> TimeSpan {
    TimeSpan(milliseconds: Int((count * 1000).rounded()))
  }

  public var seconds: Double { Double(milliseconds) / 1000 }
  /// The number of whole frames nearest to this length.
  public var frames: Int { (milliseconds * Engine.framesPerSecond + 500) / 1000 }

  public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.milliseconds < b.milliseconds }
  public static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    TimeSpan(milliseconds: a.milliseconds + b.milliseconds)
  }
  public static func - (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    TimeSpan(milliseconds: a.milliseconds - b.milliseconds)
  }
}

extension TimeSpan: Codable, CustomStringConvertible {
  public var description: String { DurationText.format(.milliseconds(milliseconds)) }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let span = TimeSpan(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is not a length of time such as 6s"))
    }
    self = span
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  init?(_ text: String) {
    guard let duration = DurationText.parse(text) else { return nil }
    self.init(duration)
  }

  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(milliseconds: Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
  }
}

extension DocumentMapping {
  /// The length of time at `key`, within `range`.
  public func timeSpan(_ key: String, in range: ClosedRange<TimeSpan>) -> TimeSpan {
    TimeSpan(
      duration(
        key, in: .milliseconds(range.lowerBound.milliseconds) ... .milliseconds(range.upperBound.milliseconds)
      ))
  }
}
