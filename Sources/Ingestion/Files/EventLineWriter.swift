import Campaigns
import FoundationEssentials
import Postgres

/// Rows of `events` as lines. Lines of NDJSON can be imported again: see ``ExportedMessageID``.
struct EventLineWriter {
  private let format: EventExport.Format
  /// By number; quoted as the format quotes.
  private let placements: [Int16: String]
  /// Segment and version, quoted.
  private let variants: [UUID: (name: String, segment: String)]
  private let currency: String?

  /// What stands above the first line.
  var head: [UInt8] {
    format == .ndjson
      ? []
      : Array(
        ("event_id,type,variant_id,variant,segment,viewer_id,timestamp,received_at,placement,value,currency,traffic,"
          + "source,device\n").utf8)
  }

  init(_ scope: CampaignScope, as format: EventExport.Format, on connection: Connection) async throws {
    self.format = format
    let quote = format == .ndjson ? Self.json : Self.csv
    currency = try await connection.query("SELECT currency FROM campaign WHERE id = \(scope.sql)")
      .decode(String?.self).first.flatMap { $0.map(quote) }
    placements = Dictionary(
      uniqueKeysWithValues: try await connection.query("SELECT id, name FROM placement")
        .decode(Int16.self, String.self).map { ($0, quote($1)) })
    variants = Dictionary(
      uniqueKeysWithValues: try await connection.query(
        """
        SELECT variant.id, variant.name, segment.key FROM variant
        JOIN segment ON segment.campaign_id = variant.campaign_id AND segment.id = variant.segment_id
        WHERE variant.campaign_id = \(scope.sql)
        """
      ).decode(UUID.self, String.self, String.self).map { ($0, (quote($1), quote($2))) })
  }

  func text(of rows: Rows) throws(PostgresError) -> [UInt8] {
    var text = LineText(capacity: rows.count * (format == .ndjson ? 360 : 260))
    for row in rows {
      let event = try row.decode(
        UUID.self, UUID.self, UUID.self, Int16.self, Int16.self, Int16.self, Int16.self, Date.self, Date.self,
        Int64?.self, Int16.self)
      switch format {
      case .ndjson: json(event, &text)
      case .csv: csv(event, &text)
      }
    }
    return text.bytes
  }

  private typealias Stored = (UUID, UUID, UUID, Int16, Int16, Int16, Int16, Date, Date, Int64?, Int16)

  private func json(_ event: Stored, _ text: inout LineText) {
    text.append("{\"type\":\"")
    text.append(EventKind(rawValue: event.3)?.name ?? "")
    text.append("\",\"variant_id\":\"")
    text.append(event.1)
    text.append("\",\"viewer_id\":\"")
    text.append(event.2)
    text.append("\",\"timestamp\":\"")
    text.append(event.7)
    text.append("\",\"message_id\":\"retake:")
    text.append(event.0)
    text.append("\"")
    if let placement = placements[event.4] {
      text.append(",\"placement\":")
      text.append(placement)
    }
    if let micros = event.9 {
      text.append(",\"value\":")
      text.append(micros: micros)
      if let currency {
        text.append(",\"currency\":")
        text.append(currency)
      }
    }
    if event.10 != DeviceType.unknown.rawValue {
      text.append(",\"device\":\"")
      text.append(Self.device(event.10))
      text.append("\"")
    }
    text.append(",\"traffic\":\"")
    text.append(Self.traffic(event.5))
    text.append("\",\"source\":\"")
    text.append(Self.source(event.6))
    text.append("\",\"received_at\":\"")
    text.append(event.8)
    text.append("\"}\n")
  }

  private func csv(_ event: Stored, _ text: inout LineText) {
    text.append(event.0)
    text.append(",")
    text.append(EventKind(rawValue: event.3)?.name ?? "")
    text.append(",")
    text.append(event.1)
    text.append(",")
    text.append(variants[event.1]?.name ?? "")
    text.append(",")
    text.append(variants[event.1]?.segment ?? "")
    text.append(",")
    text.append(event.2)
    text.append(",")
    text.append(event.7)
    text.append(",")
    text.append(event.8)
    text.append(",")
    text.append(placements[event.4] ?? "")
    text.append(",")
    if let micros = event.9 { text.append(micros: micros) }
    text.append(",")
    if event.9 != nil { text.append(currency ?? "") }
    text.append(",")
    text.append(Self.traffic(event.5))
    text.append(",")
    text.append(Self.source(event.6))
    text.append(",")
    if event.10 != DeviceType.unknown.rawValue { text.append(Self.device(event.10)) }
    text.append("\n")
  }

  private static func traffic(_ number: Int16) -> String {
    TrafficReason(rawValue: number)?.name ?? "\(number)"
  }

  private static func source(_ number: Int16) -> String { EventSource(rawValue: number)?.name ?? "\(number)" }

  private static func device(_ number: Int16) -> String { DeviceType(rawValue: number)?.name ?? "\(number)" }

  private static func json(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func csv(_ text: String) -> String {
    text.contains { ",\"\r\n".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}

/// Bytes of lines in the making, without a `String` for each part.
struct LineText {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private static let digits = Array("0123456789abcdef".utf8)

  mutating func append(_ uuid: UUID) {
    withUnsafeBytes(of: uuid.uuid) { raw in
      for (index, byte) in raw.enumerated() {
        if index == 4 || index == 6 || index == 8 || index == 10 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(Self.digits[Int(byte >> 4)])
        bytes.append(Self.digits[Int(byte & 15)])
      }
    }
  }

  /// A value in millionths, without zeros behind the last digit that counts.
  mutating func append(micros: Int64) {
    append("\(micros / 1_000_000)")
    var rest = micros % 1_000_000
    if rest == 0 { return }
    bytes.append(UInt8(ascii: "."))
    var weight: Int64 = 100_000
    while rest > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(rest / weight))
      rest %= weight
      weight /= 10
    }
  }

  /// `2026-11-02T10:00:00.123Z` (RFC 3339). Days to date: Hinnant, "chrono-Compatible Low-Level Date Algorithms",
  /// `civil_from_days`.
  mutating func append(_ date: Date) {
    let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded())
    let days = Int((Double(milliseconds) / 86_400_000).rounded(.down))
    let time = milliseconds - days * 86_400_000
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
    append(number: year, 4)
    bytes.append(UInt8(ascii: "-"))
    append(number: month < 10 ? month + 3 : month - 9, 2)
    bytes.append(UInt8(ascii: "-"))
    append(number: dayOfYear - (153 * month + 2) / 5 + 1, 2)
    bytes.append(UInt8(ascii: "T"))
    append(number: time / 3_600_000, 2)
    bytes.append(UInt8(ascii: ":"))
    append(number: time / 60_000 % 60, 2)
    bytes.append(UInt8(ascii: ":"))
    append(number: time / 1000 % 60, 2)
    bytes.append(UInt8(ascii: "."))
    append(number: time % 1000, 3)
    bytes.append(UInt8(ascii: "Z"))
  }

  private mutating func append(number: Int, _ width: Int) {
    var divisor = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }
}
