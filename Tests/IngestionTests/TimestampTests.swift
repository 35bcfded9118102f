import Foundation
import Testing

@testable import Ingestion

private func milliseconds(_ text: String) -> Int64? {
  Array(text.utf8).withUnsafeBufferPointer { Timestamp.milliseconds(rfc3339: $0) }
}

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "RFC 3339 is read to the millisecond",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-11-02T10:00:00.123Z", 1_793_613_600_123),
      ("2026-11-02t10:00:00z", 1_793_613_600_000), ("2026-11-02T12:30:00.5+02:30", 1_793_613_600_500),
      ("2026-11-02T05:00:00-05:00", 1_793_613_600_000), ("1985-04-12T23:20:50.52Z", 482_196_050_520),
      ("1990-12-31T23:59:60Z", 662_688_000_000), ("1990-12-31T15:59:60-08:00", 662_688_000_000),
      ("2024-02-29T00:00:00.9999999Z", 1_709_164_800_999), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
      ("1969-12-31T23:59:59.999Z", -1),
    ] as [(String, Int64)])
  func reads(text: String, expected: Int64) {
    #expect(milliseconds(text) == expected)
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "2026-11-02", "2026-11-02T10:00:00", "2026-11-02 10:00:00Z", "2026-11-02T10:00Z",
      "2026-13-02T10:00:00Z", "2026-02-29T10:00:00Z", "2026-11-02T24:00:00Z", "2026-11-02T10:60:00Z",
      "2026-11-02T10:00:61Z", "2026-11-02T10:00:60Z", "2026-11-02T10:00:00.Z", "2026-11-02T10:00:00+0200",
      "2026-11-02T10:00:00+24:00", "2026-11-02T10:00:00Zx", "2026-11-0aT10:00:00Z", "26-11-02T10:00:00.000Z",
      "2026-11-02T10:00:00,5Z", "+026-11-02T10:00:00Z", "2026-11-02T10:00:00.123456789",
    ])
  func refuses(text: String) {
    #expect(milliseconds(text) == nil)
  }

  @Test("The form that is read by words is read as any other, and refused as any other when damaged")
  func plainForm() {
    func plain(_ text: [UInt8]) -> Int64? {
      text.withUnsafeBytes { $0.baseAddress.flatMap { Timestamp.milliseconds(plain: $0) } }
    }
    for text in ["2026-11-02T10:00:00.123Z", "2024-02-29T23:59:59.999Z", "0000-01-01T00:00:00.000Z"] {
      let bytes = Array(text.utf8)
      #expect(plain(bytes) != nil && plain(bytes) == milliseconds(text))
      for at in bytes.indices {
        for byte in UInt8.min ... .max {
          var damaged = bytes
          damaged[at] = byte
          // It may leave a rare form to the general way, but never read one differently.
          if let read = plain(damaged) {
            #expect(damaged.withUnsafeBufferPointer { Timestamp.milliseconds(rfc3339: $0) } == read)
          }
        }
      }
    }
  }

  @Test("Every day of six centuries is where Foundation's calendar puts it")
  func agreesWithFoundation() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    for day in stride(from: -100_000, to: 120_000, by: 97) {
      let date = Date(timeIntervalSince1970: Double(day) * 86_400)
      let parts = calendar.dateComponents([.year, .month, .day], from: date)
      guard let year = parts.year, year >= 1583, let month = parts.month, let dayOfMonth = parts.day else {
        continue
      }
      let text =
        [(year, 4), (month, 2), (dayOfMonth, 2)].map { number, width in
          String(repeating: "0", count: width - String(number).count) + String(number)
        }.joined(separator: "-") + "T00:00:00Z"
      #expect(milliseconds(text) == Int64(day) * 86_400_000, "\(text)")
    }
  }
}
