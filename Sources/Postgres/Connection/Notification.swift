/// What `NOTIFY` sent.
public struct Notification: Sendable, Hashable {
  public let channel: String
  public let payload: String
  /// True on the one notification with an empty payload that is delivered after a lost connection was replaced:
  /// whatever was sent in between is gone, so read the table again.
  public let mayHaveMissedEarlier: Bool
}
