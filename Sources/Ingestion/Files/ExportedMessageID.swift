import FoundationEssentials

/// The message id of an event that was exported: `retake:` and the event's id. Read from a file it gives the event the
/// id it had, so that bringing an export back where it came from stores nothing twice.
enum ExportedMessageID {
  static let prefix: StaticString = "retake:"

  /// nil for a message id of any other kind, or one whose time is not the event's.
  static func eventID(_ message: RawEvent.Text, milliseconds: Int64) -> EventID? {
    let count = prefix.utf8CodeUnitCount
    guard message.count == count + 36 else { return nil }
    guard RawEvent.Text(rebasing: message[..<count]).equals(prefix),
      let uuid = UUID(RawEvent.Text(rebasing: message[count...])), uuid.uuid.6 >> 4 == 8
    else { return nil }
    let id = EventID(uuid)
    // Doors that correct clients' clocks store another time than the id's; a day is the most any of them allows.
    return abs(id.milliseconds - milliseconds) <= 86_400_000 ? id : nil
  }
}
