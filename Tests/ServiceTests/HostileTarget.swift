import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Service

/// A running service with one version to count events of, to be treated badly.
struct HostileTarget {
  let service: RunningService
  let key: String
  var port: Int { service.port }

  private static let variant = "01990000-0000-7000-8000-00000000000a"

  static func with(
    limits: Backend.Limits = Backend.Limits(), connections: ConnectionLimits = ConnectionLimits(),
    _ body: @Sendable (HostileTarget) async throws -> Void
  ) async throws {
    try await RunningService.with(limits: limits, connections: connections) { service in
      try await service.addCampaign(variant: variant)
      let target = HostileTarget(service: service, key: try await service.key([.ingest, .read]))
      try await body(target)
      // Whatever was done to it, it lives and answers.
      let last = target.request(body: Array("[\(target.event("last"))]".utf8))
      #expect(try await target.answer(to: last).status == 200)
    }
  }

  /// An event as JSON; `replacing` exchanges a part of it.
  func event(_ message: String, replacing old: String = "", with new: String = "") -> String {
    let time = Int(service.clock.now.timeIntervalSince1970 * 1000)
    let text =
      #"{"type":"impression","variant_id":"\#(Self.variant)","viewer_id":"v","timestamp":\#(time),"message_id":"\#(message)"}"#
    return old.isEmpty ? text : text.replacing(old, with: new)
  }

  /// - Parameter headers: lines, each ending in CRLF, that replace the length.
  func request(body: [UInt8], headers: String? = nil) -> [UInt8] {
    Array(head(headers ?? "Content-Length: \(body.count)\r\n").utf8) + body
  }

  func head(_ headers: String, _ line: String = "POST /v1/events HTTP/1.1") -> String {
    "\(line)\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(key)\r\n\(headers)\r\n"
  }

  struct Answer {
    let text: String
    var status: Int { text.firstMatch(of: #/^HTTP\/1\.1 (\d{3})/#).flatMap { Int($0.1) } ?? 0 }
    var json: [String: Any] {
      guard let end = text.range(of: "\r\n\r\n") else { return [:] }
      let object = try? JSONSerialization.jsonObject(with: Data(text[end.upperBound...].utf8))
      return object as? [String: Any] ?? [:]
    }
    var code: String? { json["code"] as? String }
    func count(_ name: String) -> Int? { (json["counts"] as? [String: Int])?[name] }
    var rejectedCodes: [String] {
      (json["rejected"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
    }
  }

  /// What comes back for bytes sent on a connection of their own; status 0 when nothing does.
  func answer(to bytes: [UInt8], thenFinish: Bool = false) async throws -> Answer {
    let connection = try RawConnection(port: port)
    try await connection.send(bytes)
    if thenFinish { connection.finishSending() }
    return Answer(text: try await connection.readAnswer())
  }

  func stored() async throws -> Int {
    try await service.database.first("SELECT count(*) FROM events", as: Int.self) ?? 0
  }
}
