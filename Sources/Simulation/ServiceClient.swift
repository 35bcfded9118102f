import Foundation

/// What the simulator asks a running service: it knows no more than any client does.
public struct ServiceClient: Sendable {
  private let transport: any Transport

  public init(transport: any Transport) { self.transport = transport }

  /// `GET /v1/campaigns/{key}/experiments`: every round of every segment.
  public func experiments(campaign: String) async throws -> [ExperimentView] {
    try await read("v1/campaigns/\(campaign)/experiments", as: [ExperimentView].self)
  }

  /// The placements a campaign is shown in.
  public func placements(campaign: String) async throws -> [String] {
    struct CampaignView: Decodable { var placements: [String] }
    return try await read("v1/campaigns/\(campaign)", as: CampaignView.self).placements
  }

  private func read<Value: Decodable>(_ path: String, as type: Value.Type) async throws -> Value {
    let reply = try await transport.get(path)
    guard reply.status == 200 else {
      throw SimulationError.refused(status: reply.status, body: TrafficSender.text(reply.body))
    }
    do {
      return try Self.decoder.decode(type, from: reply.body)
    } catch {
      throw SimulationError.unreadable(what: "the answer to \(path)", reason: "\(error)")
    }
  }

  /// snake_case keys; RFC 3339 with or without fractions of a second.
  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.dateDecodingStrategy = .custom { decoder in
      let text = try decoder.singleValueContainer().decode(String.self)
      return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")))
    }
    return decoder
  }
}
