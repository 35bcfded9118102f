import Campaigns
import Glibc

/// On which type of device a request's events happened: what the event says, else what its user agent says, else what
/// the request's headers say.
struct RequestDevice: Sendable {
  private let rules: DeviceRules
  /// Of an event that says nothing.
  private let ofRequest: DeviceType

  /// Only what events say counts.
  static let unstated = RequestDevice(.none, .server)

  init(_ rules: DeviceRules, _ client: ClientContext) {
    self.rules = rules
    ofRequest = Self.hinted(client.userAgent.map { rules.type(of: $0) } ?? .unknown, client.isMobile == true)
  }

  /// The events of a request often name one user agent: the last one is remembered, and found out once.
  struct Memory {
    fileprivate var userAgent: [UInt8] = []
    fileprivate var type = DeviceType.unknown

    fileprivate func isOf(_ other: RawEvent.Text) -> Bool {
      guard userAgent.count == other.count, let start = other.baseAddress else {
        return other.isEmpty && userAgent.isEmpty
      }
      return userAgent.withUnsafeBytes { held in
        held.baseAddress.map { memcmp($0, start, other.count) == 0 } ?? true
      }
    }
  }

  @inline(__always)
  func type(of event: RawEvent, _ memory: inout Memory) -> DeviceType {
    if let stated = event.device { return stated }
    if event.userAgent == nil, !event.isMobile { return ofRequest }
    return hinted(event, &memory)
  }

  @inline(never)
  private func hinted(_ event: RawEvent, _ memory: inout Memory) -> DeviceType {
    guard let userAgent = event.userAgent else { return .phone }
    if !memory.isOf(userAgent) {
      memory.userAgent.removeAll(keepingCapacity: true)
      memory.userAgent.append(contentsOf: userAgent)
      memory.type = rules.type(of: userAgent)
    }
    return Self.hinted(memory.type, event.isMobile)
  }

  /// `Sec-CH-UA-Mobile` tells a phone where a user agent tells nothing; tablets and televisions ask for the same pages
  /// as desktops (User-Agent Client Hints, section 3.5).
  private static func hinted(_ type: DeviceType, _ isMobile: Bool) -> DeviceType {
    type == .unknown && isMobile ? .phone : type
  }
}
