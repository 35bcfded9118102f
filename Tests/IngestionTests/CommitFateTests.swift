import Campaigns
import Cryptography
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

/// What became of a commit that was never answered. After a crash PostgreSQL gives out again the numbers of
/// transactions whose records had not reached its log, so that a number alone tells of somebody else's transaction.
@Suite("The fate of a commit")
struct CommitFateTests {
  /// One body's events; `quarantined` of them were not believed.
  private func plan(_ fixture: Fixture, stored: Int, quarantined: Int) -> CommitPlan {
    var batch = CheckedBatch(workspace: fixture.workspace, receivedAt: Fixture.now)
    batch.events = (0..<stored).map { number in
      Event(
        id: EventID(
          UUID.version8(milliseconds: 1_794_787_200_000, hash: SHA256.hash(Array("\(number)".utf8)))),
        campaign: fixture.campaign, variant: Identifier(fixture.variants[0]), viewer: UUID(), kind: .click,
        placement: 0, occurredAtMs: 1_794_787_200_000, valueMicros: nil, source: .native)
    }
    for index in 0..<quarantined {
      batch.quarantined.append(
        QuarantinedEvent(id: EventID(UUID()), reason: .unknownVariant, detail: "d", body: "{}"))
      batch.rejections.append(Rejection(index: stored + index, code: .unknownVariant, message: "d"))
    }
    return CommitPlan([batch]) { _ in true }
  }

  @Test(
    "Another transaction's success under our number is not ours; our rows are",
    arguments: [(2, 0), (2, 1), (0, 2)])
  func reused(stored: Int, quarantined: Int) async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let plan = plan(fixture, stored: stored, quarantined: quarantined)
      let outcome = plan.outcome(stored: nil)
      let batch = UUID()
      let others = try await database.transaction { try await EventStore.transactionNumber(on: $0) }
      let before = try await database.transaction {
        try await EventStore.fate(of: others, plan, outcome, batch: batch, on: $0)
      }
      #expect(before == .aborted)
      let ours = try await database.transaction { connection in
        try await EventStore.record(plan, outcome, batch: batch, at: Fixture.now, on: connection)
        return try await EventStore.transactionNumber(on: connection)
      }
      let after = try await database.transaction {
        try await EventStore.fate(of: ours, plan, outcome, batch: batch, on: $0)
      }
      #expect(after == .committed)
    }
  }

  @Test(
    "A transaction that has not ended yet is waited for, and one that was rolled back is not taken for done")
  func unfinished() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let plan = plan(fixture, stored: 1, quarantined: 0)
      let outcome = plan.outcome(stored: nil)
      let batch = UUID()
      var number = ""
      do {
        try await database.transaction { connection in
          try await EventStore.record(plan, outcome, batch: batch, at: Fixture.now, on: connection)
          number = try await EventStore.transactionNumber(on: connection)
          let during = try await database.transaction {
            try await EventStore.fate(of: number, plan, outcome, batch: batch, on: $0)
          }
          #expect(during == .inProgress)
          throw CancellationError()
        }
      } catch is CancellationError {}
      let after = try await database.transaction {
        try await EventStore.fate(of: number, plan, outcome, batch: batch, on: $0)
      }
      #expect(after == .aborted)
    }
  }
}
