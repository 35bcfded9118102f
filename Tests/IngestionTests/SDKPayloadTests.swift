import Campaigns
import Foundation
import TestKit
import Testing

@testable import Ingestion

/// Bodies captured from the SDKs of PyPI: segment-analytics-python 2.4.0, rudder-sdk-python 2.1.9, posthog 7.91.1.
@Suite("What the SDKs send")
struct SDKPayloadTests {
  @Test("A batch of Segment's SDK gives its tracked events and names the calls that are none")
  func segment() throws {
    let read = try ForeignSample(ForeignSample.captured("segment"), .segment)
    #expect(read.events.map(\.kind) == [.impression, .conversion])
    #expect(read.events.map(\.variant) == [ForeignSample.variant, ForeignSample.variant])
    #expect(read.events.map(\.viewer) == ["u-1", "a-1"])
    #expect(read.events.map(\.timestampMs) == [1_794_823_200_123, 1_794_823_200_123])
    #expect(read.events.allSatisfy { UUID(uuidString: $0.messageID ?? "") != nil })
    #expect(read.events[0].placement == "tiktok.infeed")
    #expect(read.events[1].valueMicros == 12_500_000)
    #expect(read.events[1].currency == "EUR")
    #expect(read.events[1].userAgent == "UA/1")
    #expect(read.events.map(\.consent) == [.unstated, .granted])
    #expect(read.codes == [.notEngagement, .notEngagement])
    #expect(read.rejections.map(\.index) == [2, 3])
    #expect(read.rejections[0].message.contains("identify"))
  }

  @Test("A batch of RudderStack's SDK is read by the same layout")
  func rudderStack() throws {
    let read = try ForeignSample(ForeignSample.captured("rudderstack"), .segment)
    #expect(read.events.map(\.kind) == [.start])
    #expect(read.events[0].timestampMs == 1_794_823_200_123)
    #expect(read.codes == [.notEngagement])
  }

  @Test("A batch of PostHog's SDK is read, its key found behind the events")
  func postHog() throws {
    let body = try ForeignSample.captured("posthog")
    let read = try ForeignSample(body, .postHog)
    #expect(read.events.map(\.kind) == [.click])
    #expect(read.events[0].viewer == "d-1")
    #expect(UUID(uuidString: read.events[0].messageID ?? "") != nil)
    #expect(read.codes == [.notEngagement, .notEngagement])
    #expect(BodyKey.find(in: Array(body.utf8)) == "rtk_key")
    #expect(BodyKey.find(in: Array(try ForeignSample.captured("segment").utf8)) == "rtk_key")
  }
}
