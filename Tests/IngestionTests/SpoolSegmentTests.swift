import Campaigns
import Foundation
import Testing

@testable import Ingestion

@Suite("A segment of the spool")
struct SpoolSegmentTests {
  static func record(_ number: Int, client: ClientContext = .server) -> SpoolRecord {
    SpoolRecord(
      workspace: Identifier(UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))),
      source: number.isMultiple(of: 2) ? .native : .beacon, client: client,
      receivedAt: Date(timeIntervalSince1970: 1_794_787_200.123_456 + Double(number)), events: number,
      body: Array("[{\"message_id\":\"\(number)\"}]".utf8))
  }

  static func items(_ bytes: [UInt8]) -> [SpoolSegment.Item] {
    var segment = SpoolSegment(bytes)
    var items: [SpoolSegment.Item] = []
    while let item = segment.next() { items.append(item) }
    return items
  }

  @Test("A record comes back as it was put in, whatever its client and to the last bit of its time")
  func roundTrip() throws {
    let clients = [
      ClientContext.server, ClientContext(isViewer: true),
      ClientContext(isViewer: true, userAgent: "Ünïcode \"agent\"\u{0}", isPrefetch: true, consent: .denied),
    ]
    let records = clients.enumerated().map { Self.record($0.offset, client: $0.element) }
    let bytes = try records.flatMap { try $0.encoded() }
    #expect(Self.items(bytes) == records.map { .record($0) })
    let survey = SpoolSegment.survey(bytes)
    #expect(survey.records == 3 && survey.events == 3 && survey.oldest == records[0].receivedAt)
    #expect(survey.wholeBytes == bytes.count && survey.tornBytes == 0)
  }

  @Test("Cut at any byte of its last record, a segment gives all others and a torn tail, and no damage")
  func cutAnywhere() throws {
    let whole = try Self.record(1).encoded() + Self.record(2).encoded()
    let last = try Self.record(3, client: ClientContext(isViewer: true, userAgent: "a")).encoded()
    for count in 1..<last.count {
      let items = Self.items(whole + last.prefix(count))
      #expect(items == [.record(Self.record(1)), .record(Self.record(2)), .torn(bytes: count)])
      #expect(SpoolSegment.survey(whole + last.prefix(count)).wholeBytes == whole.count)
    }
    let lengthened = whole + [UInt8](repeating: 0, count: 4096)
    #expect(Self.items(lengthened).last == .torn(bytes: 4096))
  }

  @Test("Any flipped bit is noticed, never taken for a torn tail, and costs no record before it")
  func flippedAnywhere() throws {
    let first = try Self.record(1).encoded()
    let second = try Self.record(2).encoded()
    for bit in 0..<(second.count * 8) {
      var bytes = first + second
      bytes[first.count + bit / 8] ^= 1 << (bit % 8)
      let items = Self.items(bytes)
      #expect(items.count == 2 && items[0] == .record(Self.record(1)))
      let isInHeader = bit / 8 < SpoolHeader.byteCount
      #expect(items[1] == (isInHeader ? .lost(bytes: second.count) : .damaged), "bit \(bit)")
    }
  }

  @Test("A damaged payload costs its own record only; a damaged header what stands behind it")
  func damageInTheMiddle() throws {
    let records = try (1...3).map { try Self.record($0).encoded() }
    var payload = records.flatMap(\.self)
    payload[records[0].count + SpoolHeader.byteCount + 3] ^= 0x10
    #expect(Self.items(payload) == [.record(Self.record(1)), .damaged, .record(Self.record(3))])
    var header = records.flatMap(\.self)
    header[records[0].count + 5] ^= 0x10
    #expect(
      Self.items(header) == [.record(Self.record(1)), .lost(bytes: records[1].count + records[2].count)])
  }

  @Test("Any bytes at all can be read without a crash")
  func noise() {
    var random = Seeded(seed: 11)
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      #expect(Self.items(bytes).count <= 1)
    }
  }
}
