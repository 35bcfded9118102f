import Campaigns
import FoundationEssentials

extension EventFate {
  /// What became of it, in sentences.
  public var sentences: [String] {
    var sentences: [String]
    switch outcome {
    case .stored: sentences = stored.map(words) ?? []
    case .quarantined: sentences = quarantined.map(words) ?? []
    case .dropped, .spooled, .unseen: sentences = absence
    }
    if stored != nil, let quarantined {
      sentences.append(
        "An event of the same id was put in quarantine on \(Self.time(quarantined.receivedAt)): \(quarantined.detail)."
      )
    }
    return sentences
  }

  private func words(_ event: Stored) -> [String] {
    var first =
      "Stored: \(event.type == "impression" || event.type == "interaction" ? "an" : "a") \(event.type) "
    first += "of version \(event.variant) in segment \(event.segment) of campaign \(event.campaign), "
    first += event.placement.map { "shown as \($0)" } ?? "placement not stated"
    first += Self.place(event.device)
    if let micros = event.valueMicros {
      var value = LineText(capacity: 24)
      value.append(micros: micros)
      first +=
        ", worth \(String(decoding: value.bytes, as: UTF8.self))" + (event.currency.map { " \($0)" } ?? "")
    }
    var sentences = [
      first + ".",
      "It happened at \(Self.time(event.occurredAt)) by the client's clock and came at "
        + "\(Self.time(event.receivedAt)) through the door \(event.source).",
      "Its viewer is \(event.viewer.uuidString.lowercased()), a pseudonym.",
      event.traffic == TrafficReason.counted.name
        ? "It counts." : "It does not count (\(event.traffic)): \(Self.rule(event.traffic)).",
    ]
    guard let batch = event.batch else {
      sentences.append("The commit that stored it was folded so long ago that its record is gone.")
      return sentences
    }
    sentences.append(
      "It was committed at \(Self.time(batch.committedAt)) with batch \(batch.id.uuidString.lowercased()).")
    sentences.append(
      batch.foldedAt.map { "The batch was added to the hourly counts at \(Self.time($0))." }
        ?? "The batch waits to be added to the hourly counts, which retake serve does about every second.")
    if let folded = batch.viewersFoldedAt {
      sentences.append("It was added to what each viewer did at \(Self.time(folded)).")
    }
    return sentences
  }

  private func words(_ event: Quarantined) -> [String] {
    [
      "In quarantine since \(Self.time(event.receivedAt)), not stored (\(event.reason)): \(event.detail).",
      "It came as: \(event.body)",
      "Once the reason is gone, send it again with the same message id and timestamp.",
    ]
  }

  private var absence: [String] {
    guard let timestamp else {
      return ["\(id.uuidString.lowercased()) is not an event's id: those are UUIDs of version 8."]
    }
    if outcome == .spooled {
      return [
        "It waits in the spool of this machine (\(spoolFiles.joined(separator: ", "))) since the database was away, "
          + "and is stored when retake serve replays it."
      ]
    }
    var sentences: [String] = []
    if let retention {
      sentences.append(
        retention.droppedAt.map {
          "Dropped, if it ever was stored: retention dropped all events of \(retention.day) at \(Self.time($0)), "
            + "after the hourly counts were proven complete."
        } ?? "Never stored: there are no events of \(retention.day) at all.")
    } else {
      sentences.append("Never stored: there is no event with this id, though others of its day are there.")
    }
    sentences.append(
      "It is not in quarantine either. By its id, its client's time was \(Self.time(timestamp)).")
    let rejected = hours.reduce(0) { $0 + $1.rejected }
    let received = hours.reduce(0) { $0 + $1.received }
    if rejected > 0 {
      sentences.append(
        "Around then \(received) events came in, of which \(rejected) were rejected. Rejected events are not kept; the "
          + "answer to the request said which and why.")
    } else if received > 0 {
      sentences.append(
        "Around then \(received) events came in and none was rejected, so it was not among them.")
    } else {
      sentences.append("Around then no event came in at all.")
    }
    return sentences
  }

  private static func place(_ device: String) -> String {
    switch device {
    case DeviceType.unknown.name: ""
    case DeviceType.tv.name: ", on a television"
    case DeviceType.other.name: ", on a device of another type"
    default: ", on a \(device)"
    }
  }

  private static func rule(_ traffic: String) -> String {
    switch traffic {
    case TrafficReason.declaredBot.name: "the user agent names a known bot"
    case TrafficReason.emptyUserAgent.name: "a viewer's browser that says nothing of itself sent it"
    case TrafficReason.prefetch.name: "it was fetched ahead of need, and nobody may have seen it"
    case TrafficReason.impossibleSequence.name: "it was faster than a person, or against the order of things"
    case TrafficReason.excess.name: "it was more of the same by one viewer than a person does"
    default: "a rule for invalid traffic filtered it"
    }
  }

  private static func time(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
