public import ArgumentParser
import Campaigns
import Foundation
public import Ingestion

extension EventsCommand {
  struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say what became of an event, and why: stored, quarantined, dropped, waiting, never seen.",
      discussion: """
        By its id, or by the message id its sender gave it with the door it was sent to. The timestamp, exactly as it was \
        sent, makes the search immediate; without it all events are looked through.
        """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
      case text, json
    }

    @OptionGroup var common: CommonOptions

    @Argument(help: "The event's id, a UUID.")
    var id: String?

    @Option(help: "The message id that its sender gave it.")
    var messageID: String?

    @Option(help: "The door it was sent to: native, segment, posthog, cloudevents, beacon, click or file.")
    var source: EventSource = .native

    @Option(help: "The time in the event: RFC 3339 with milliseconds, or milliseconds since 1970.")
    var timestamp: EventTime?

    @Option(help: "text or json.")
    var format: Format = .text

    func validate() throws {
      guard (id == nil) != (messageID == nil) else {
        throw ValidationError("Give either an event's id or --message-id.")
      }
      if let id, UUID(uuidString: id) == nil {
        throw ValidationError(
          "\"\(id)\" is not an event's id, which is a UUID. A sender's own id goes with --message-id.")
      }
    }

    func run() async throws {
      try await withRuntime(common) { runtime in
        let workspace = try await runtime.workspace()
        let explainer = EventExplainer(runtime.database, workspace: workspace.id)
        var ids = id.flatMap { UUID(uuidString: $0) }.map { [$0] } ?? []
        if let messageID {
          ids = try await explainer.ids(messageID: messageID, source: source, timestamp: timestamp?.date)
        }
        var fates: [EventFate] = []
        for id in ids { fates.append(try await explainer.explain(id)) }
        let found = fates.contains { $0.outcome == .stored || $0.outcome == .quarantined }
        if let messageID, !found {
          let files = SpoolSearch.files(
            holding: messageID, in: runtime.settings.dataFolder.appending(path: "spool"))
          if !files.isEmpty {
            for index in fates.indices {
              fates[index].outcome = .spooled
              fates[index].spoolFiles = files
            }
          }
          if fates.isEmpty { return try tellNothing(messageID, files) }
        }
        try tell(fates)
      }
    }

    /// Without a timestamp there is not even an id to speak of.
    private func tellNothing(_ messageID: String, _ files: [String]) throws {
      let door = "\(source.name), workspace \(common.workspace)"
      if format == .json {
        let outcome = files.isEmpty ? "unseen" : "spooled"
        return Console.print("{\"items\":[],\"outcome\":\"\(outcome)\"}")
      }
      Console.print(
        files.isEmpty
          ? "Nothing with the message id \(messageID) is stored or in quarantine (door \(door)). Rejected events are not "
            + "kept; the answer to the request said which and why."
          : "The message id \(messageID) stands in the spool of this machine (\(files.joined(separator: ", "))): it waits "
            + "to be stored when retake serve replays it.")
    }

    private func tell(_ fates: [EventFate]) throws {
      switch format {
      case .text:
        Console.print(
          fates.map { fate in
            (["event \(fate.id.uuidString.lowercased())"] + fate.sentences.map { "  " + $0 }).joined(
              separator: "\n")
          }.joined(separator: "\n"))
      case .json:
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .custom { date, encoder in
          var container = encoder.singleValueContainer()
          try container.encode(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        }
        let items = fates.map { ExplainedEvent(fate: $0, sentences: $0.sentences) }
        Console.print(String(decoding: try encoder.encode(["items": items]), as: UTF8.self))
      }
    }
  }
}

private struct ExplainedEvent: Encodable {
  let fate: EventFate
  let sentences: [String]

  private enum CodingKeys: CodingKey { case sentences }

  func encode(to encoder: any Encoder) throws {
    try fate.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sentences, forKey: .sentences)
  }
}

/// An event's time on the command line, to the millisecond.
struct EventTime: ExpressibleByArgument {
  let date: Date

  init?(argument: String) {
    if let milliseconds = Int64(argument) {
      date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    } else if let moment = Moment(argument: argument) {
      date = moment.date
    } else {
      return nil
    }
  }
}

extension EventSource: ExpressibleByArgument {
  public init?(argument: String) {
    guard let source = EventSource.allCases.first(where: { $0.name == argument }) else { return nil }
    self = source
  }

  public static var allValueStrings: [String] { allCases.map(\.name) }
  public var defaultValueDescription: String { name }
}

/// Looks for a text in the requests that wait in the spool, which holds them as they came.
private enum SpoolSearch {
  static func files(holding text: String, in folder: URL) -> [String] {
    let needle = Data(text.utf8)
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().filter { name in
        try Data(contentsOf: folder.appending(path: name), options: .mappedIfSafe).range(of: needle) != nil
      }
    } catch {
      let reason = error.localizedDescription
      Console.note("warning: the spool in \(folder.path) cannot be looked through: \(reason)")
      return []
    }
  }
}
