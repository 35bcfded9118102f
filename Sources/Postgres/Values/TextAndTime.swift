public import FoundationEssentials

extension String: PostgresCodable, PostgresArrayElement {
  /// Inferred, so that text binds to enums, dates and every other type with a text form, as a literal would. Where
  /// the server finds no type (`jsonb_build_object('key', $1)`), cast it: `\(value)::text`.
  public static var postgresType: PostgresType { .inferred }
  public static var postgresArrayType: PostgresType { .textArray }

  public func encode(into buffer: inout ByteBuffer) {
    if utf8.contains(0) { buffer.refuse("text holds a zero byte, which PostgreSQL cannot store") }
    buffer.append(contentsOf: utf8)
  }

  /// Text, JSON and every type a database defines for itself whose binary form is text: enums, citext.
  public static func decode(_ cell: Cell) throws(PostgresError) -> String {
    switch cell.type {
    case .text, .varchar, .bpchar, .name, .char, .unknown, .json, .xml: break
    case .jsonb: return try JSONB.decode(cell).text
    case let type where type.isDefinedByUser: break
    default: throw cell.mismatch(String.self)
    }
    let bytes = try cell.value(as: String.self)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw cell.malformed(String.self, bytes)
    }
    return text
  }
}

extension UUID: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .uuid }
  public static var postgresArrayType: PostgresType { .uuidArray }

  public func encode(into buffer: inout ByteBuffer) { withUnsafeBytes(of: uuid) { buffer.append(raw: $0) } }

  public static func decode(_ cell: Cell) throws(PostgresError) -> UUID {
    let bytes = try cell.require(.uuid, as: UUID.self)
    guard bytes.count == 16 else { throw cell.malformed(UUID.self, bytes) }
    return UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
  }
}

extension Date: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .timestamptz }
  public static var postgresArrayType: PostgresType { .timestamptzArray }

  /// PostgreSQL counts microseconds from 2000-01-01T00:00:00Z, Foundation seconds from a (leap) year later.
  private static let secondsBetweenEpochs = 31_622_400.0
  private static let secondsPerDay = 86_400.0

  /// Microseconds since 2000-01-01T00:00:00Z, as `timestamptz` is stored. `nil` where `timestamptz` has no such time.
  public var postgresMicroseconds: Int64? {
    let seconds = timeIntervalSinceReferenceDate
    if seconds == .infinity { return .max }
    if seconds == -.infinity { return .min }
    // The documented range of timestamptz, 4713 BC to 294276 AD, a little narrowed.
    let microseconds = ((seconds + Self.secondsBetweenEpochs) * 1_000_000).rounded()
    guard microseconds > -2.1e17, microseconds < 9.2e18 else { return nil }
    return Int64(microseconds)
  }

  public init(postgresMicroseconds: Int64) {
    switch postgresMicroseconds {
    case .max: self.init(timeIntervalSinceReferenceDate: .infinity)
    case .min: self.init(timeIntervalSinceReferenceDate: -.infinity)
    default:
      self.init(
        timeIntervalSinceReferenceDate: Double(postgresMicroseconds) / 1_000_000 - Self.secondsBetweenEpochs)
    }
  }

  public func encode(into buffer: inout ByteBuffer) {
    guard let microseconds = postgresMicroseconds else {
      return buffer.refuse("the time \(timeIntervalSinceReferenceDate) s lies outside of timestamptz")
    }
    buffer.append(microseconds)
  }

  /// `timestamptz`, and `date` as its midnight in UTC.
  public static func decode(_ cell: Cell) throws(PostgresError) -> Date {
    if cell.type == .date {
      let bytes = try cell.value(as: Date.self)
      guard bytes.count == 4 else { throw cell.malformed(Date.self, bytes) }
      let day = bytes.integer(Int32.self)
      if day == .max { return Date(postgresMicroseconds: .max) }
      if day == .min { return Date(postgresMicroseconds: .min) }
      return Date(timeIntervalSinceReferenceDate: Double(day) * secondsPerDay - secondsBetweenEpochs)
    }
    let bytes = try cell.require(.timestamptz, as: Date.self)
    guard bytes.count == 8 else { throw cell.malformed(Date.self, bytes) }
    return Date(postgresMicroseconds: bytes.integer(Int64.self))
  }
}
