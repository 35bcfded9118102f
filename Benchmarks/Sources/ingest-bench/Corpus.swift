import Foundation

/// Bodies as event SDKs send them: arrays of 100 events of about 200 bytes, each with a viewer and a message id of
/// its own.
struct Corpus {
  static let eventsPerBody = 100

  static let placements = ["tiktok.infeed", "instagram.stories", "youtube.bumper"]

  let variants: [UUID]
  let moment = Date(timeIntervalSince1970: 1_793_613_600)
  let bodies: [[UInt8]]
  /// Events in all bodies together.
  let events: Int
  let bytesPerEvent: Double

  init(bodies count: Int) {
    let names = Self.placements
    let variants = (0..<8).map { number in
      UUID(uuidString: "018f2f6e-7b1a-7c3d-9e4f-00112233440\(number)") ?? UUID()
    }
    let kinds = [
      "impression", "viewable", "start", "first_quartile", "impression", "complete", "impression", "click",
    ]
    var number = 0
    var bodies: [[UInt8]] = []
    for _ in 0..<count {
      let events = (0..<Self.eventsPerBody).map { _ in
        number += 1
        let variant = variants[number % 8].uuidString.lowercased()
        let time = Self.padded(number % 60, 2) + "." + Self.padded(number % 1000, 3)
        return """
          {"type":"\(kinds[number % 8])","variant_id":"\(variant)","viewer_id":"v-\(1_000_000 + number)",\
          "timestamp":"2026-11-02T09:59:\(time)Z","message_id":"m-\(Self.padded(number, 12))",\
          "placement":"\(names[number % 3])"}
          """
      }
      bodies.append(Array("[\(events.joined(separator: ","))]".utf8))
    }
    self.variants = variants
    self.bodies = bodies
    events = number
    bytesPerEvent = Double(bodies.reduce(0) { $0 + $1.count }) / Double(number)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }
}

/// The same event for Foundation's JSONDecoder. Its texts stay texts: our decoder reads times, kinds and limits too.
struct FoundationEvent: Decodable {
  let type: String
  let variantID: UUID
  let viewerID: String
  let timestamp: String
  let messageID: String?
  let placement: String?
  let value: Double?
  let currency: String?

  private enum CodingKeys: String, CodingKey {
    case type, timestamp, placement, value, currency
    case variantID = "variant_id"
    case viewerID = "viewer_id"
    case messageID = "message_id"
  }
}
