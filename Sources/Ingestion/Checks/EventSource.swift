/// The door an event came through: `events.source`. The numbers are stored and never change.
public enum EventSource: Int16, Hashable, Sendable, CaseIterable, Codable {
  /// `POST /v1/events`.
  case native = 1
  /// The protocol Segment's and RudderStack's SDKs speak.
  case segment = 2
  case postHog = 3
  /// CloudEvents 1.0.
  case cloudEvents = 4
  /// A signed link's pixel.
  case beacon = 5
  /// A signed link's redirect.
  case click = 6
  /// `retake events import`.
  case file = 7

  public var name: String {
    switch self {
    case .native: "native"
    case .segment: "segment"
    case .postHog: "posthog"
    case .cloudEvents: "cloudevents"
    case .beacon: "beacon"
    case .click: "click"
    case .file: "file"
    }
  }

  /// Whether an event's time is that of what it tells. All events of a signed link have the time the link was issued, so
  /// nothing can be said of which came first.
  var tellsOrder: Bool { self != .beacon && self != .click }

  /// Message ids are unique within this name; it is hashed into the event's id. A file holds native events, which
  /// may have come by HTTP before.
  var identityName: String { self == .file ? EventSource.native.name : name }
}

/// What a request says of the client that made it, beside its body. Nothing of it is stored as it is.
public struct ClientContext: Hashable, Sendable, Codable {
  /// Whether the viewer's own browser or player made the request, so that what follows is about the viewer; false
  /// for servers that report what viewers did.
  public var isViewer: Bool
  /// The `User-Agent` header of a browser or player; nil without one, and for servers, whose own says nothing.
  public var userAgent: String?
  /// Whether a header says that the browser asks for pages made for phones (`Sec-CH-UA-Mobile: ?1`); nil without one.
  public var isMobile: Bool?
  /// Whether a header says that the request was made ahead of need (`Sec-Purpose: prefetch` and its forerunners).
  public var isPrefetch: Bool
  /// What headers or the link say of consent; the event's own statement goes before it.
  public var consent: ConsentStatement

  public init(
    isViewer: Bool, userAgent: String? = nil, isMobile: Bool? = nil, isPrefetch: Bool = false,
    consent: ConsentStatement = .unstated
  ) {
    self.isViewer = isViewer
    self.userAgent = userAgent
    self.isMobile = isMobile
    self.isPrefetch = isPrefetch
    self.consent = consent
  }

  /// A server that reports what viewers did.
  public static let server = ClientContext(isViewer: false)
}
