public import Campaigns
public import Foundation

/// An event as a client sends it, and what a faithful collector must answer.
public struct SimulatedEvent: Hashable, Sendable {
  public enum Fault: Hashable, Sendable {
    /// Its time cannot be true: understood, not believed.
    case badTimestamp
    /// It lacks its type: not understood.
    case malformed
  }

  public var kind: EventKind
  public var variant: UUID
  public var viewer: String
  /// Since 1970.
  public var timestampMs: Int64
  public var messageID: String
  public var placement: String?
  /// In hundredths of the currency.
  public var valueMinor: Int64?
  public var currency: String?
  public var fault: Fault?
  /// What a server says of its viewer's user agent.
  public var userAgent: String?
  /// What the player says it runs on; nil when it does not.
  public var device: DeviceType?
  /// Sound, to be stored, and not to be counted.
  public var isInvalidTraffic = false

  /// Appends the event as `POST /v1/events` takes it.
  func write(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "{".utf8)
    if fault != .malformed {
      bytes.append(contentsOf: "\"type\":\"".utf8)
      bytes.append(contentsOf: kind.name.utf8)
      bytes.append(contentsOf: "\",".utf8)
    }
    bytes.append(contentsOf: "\"variant_id\":\"".utf8)
    Self.append(variant, to: &bytes)
    // Names here are made by us of letters, digits, dots and hyphens, so nothing needs an escape.
    bytes.append(contentsOf: "\",\"viewer_id\":\"".utf8)
    bytes.append(contentsOf: viewer.utf8)
    bytes.append(contentsOf: "\",\"timestamp\":".utf8)
    bytes.append(contentsOf: String(timestampMs).utf8)
    bytes.append(contentsOf: ",\"message_id\":\"".utf8)
    bytes.append(contentsOf: messageID.utf8)
    bytes.append(UInt8(ascii: "\""))
    if let placement {
      bytes.append(contentsOf: ",\"placement\":\"".utf8)
      bytes.append(contentsOf: placement.utf8)
      bytes.append(UInt8(ascii: "\""))
    }
    if let valueMinor, let currency {
      let cents = String(valueMinor % 100)
      bytes.append(contentsOf: ",\"value\":\(valueMinor / 100).\(cents.count < 2 ? "0" : "")\(cents)".utf8)
      bytes.append(contentsOf: ",\"currency\":\"\(currency)\"".utf8)
    }
    if let userAgent {
      bytes.append(contentsOf: ",\"user_agent\":\"".utf8)
      bytes.append(contentsOf: userAgent.utf8)
      bytes.append(UInt8(ascii: "\""))
    }
    if let device { bytes.append(contentsOf: ",\"device\":\"\(device.name)\"".utf8) }
    bytes.append(UInt8(ascii: "}"))
  }

  private static func append(_ id: UUID, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: id.uuid) { raw in
      for (index, byte) in raw.enumerated() {
        if index == 4 || index == 6 || index == 8 || index == 10 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(hexadecimal(byte >> 4))
        bytes.append(hexadecimal(byte & 15))
      }
    }
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
