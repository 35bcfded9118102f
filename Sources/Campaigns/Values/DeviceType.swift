/// What an ad was seen on, in the terms of IAB Tech Lab's AdCOM 1.0, list "Device Types". The raw value is what
/// `events.device` stores and never changes.
public enum DeviceType: Int16, Hashable, Sendable, CaseIterable {
  /// Nobody said, or in words nobody knows.
  case unknown = 0
  /// AdCOM 4.
  case phone = 1
  /// AdCOM 5.
  case tablet = 2
  /// AdCOM 2, "personal computer".
  case desktop = 3
  /// A television and what plays on one: AdCOM 3 "connected TV", 6 "connected device" (sticks, consoles) and 7
  /// "set top box". It is the screen that matters to an ad.
  case tv = 4
  /// Known to be none of these: a watch, a car, a headset, a screen out of home (AdCOM 8).
  case other = 5

  /// The name on the wire: `{"device": "phone"}`.
  public var name: String {
    switch self {
    case .unknown: "unknown"
    case .phone: "phone"
    case .tablet: "tablet"
    case .desktop: "desktop"
    case .tv: "tv"
    case .other: "other"
    }
  }
}
