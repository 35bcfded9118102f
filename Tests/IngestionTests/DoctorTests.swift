import Foundation
import Testing

@testable import Ingestion

@Suite struct DoctorTests {
  private static let noon = Date(timeIntervalSince1970: 1_795_435_200)

  private func healthy() -> DoctorEvidence {
    var evidence = DoctorEvidence(at: Self.noon, server: "nobody asked")
    evidence.server = .known(.init(version: 150_020, skewSeconds: 0.001, skewErrorSeconds: 0.002))
    evidence.schema = .known(.init(version: 7, missing: []))
    evidence.folding = .known(Self.folding)
    evidence.counters = .known(
      .init(received: 10, stored: 6, duplicate: 2, quarantined: 1, rejected: 1, kept: 6))
    evidence.disk = .known(
      .init(name: "data folder", path: "/data", freeBytes: 50 << 30, sizeBytes: 100 << 30))
    evidence.reserveBytes = 512 << 20
    return evidence
  }

  private static let folding = FoldingStatus(
    rollups: .init(batches: 2, since: noon.addingTimeInterval(-1)),
    viewers: .init(batches: 5, since: noon.addingTimeInterval(-8)),
    partitions: [noon, noon.addingTimeInterval(86_400)], missing: [], daysAhead: 1, lastDropped: nil,
    overdue: [])

  private func finding(_ check: String, _ change: (inout DoctorEvidence) -> Void) throws
    -> DoctorReport.Finding
  {
    var evidence = healthy()
    change(&evidence)
    let report = Doctor().examine(evidence)
    let others = report.findings.filter { $0.check != check && $0.standing != .ok }
    #expect(others.isEmpty, "only \(check) was changed")
    return try #require(report.findings.first { $0.check == check })
  }

  @Test func `A deployment without a fault gets one finding per check and exit status 0`() {
    let report = Doctor().examine(healthy())
    #expect(
      report.findings.map(\.check) == [
        "database", "schema", "clock", "partitions", "rollups", "viewers", "counters", "spool", "disk",
        "settings",
      ])
    #expect(report.findings.allSatisfy { $0.standing == .ok && $0.remedy == nil })
    #expect(report.standing.rank == 0)
  }

  @Test func `Without a database the rest is still looked at`() {
    var evidence = healthy()
    evidence.server = .unknown(reason: "connection refused")
    let report = Doctor().examine(evidence)
    #expect(report.findings.map(\.check) == ["database", "spool", "disk", "settings"])
    #expect(report.findings.first?.standing == .problem)
    #expect(report.findings.first?.message.contains("connection refused") == true)
    #expect(report.standing.rank == 2)
  }

  @Test(arguments: [(1.0, DoctorReport.Standing.ok), (11, .warning), (121, .problem)])
  func `Rollups that fall behind are late first and stuck then`(
    seconds: Double, standing: DoctorReport.Standing
  ) throws {
    let finding = try finding("rollups") {
      var status = Self.folding
      status.rollups.since = Self.noon.addingTimeInterval(-seconds)
      $0.folding = .known(status)
    }
    #expect(finding.standing == standing)
  }

  @Test func `A missing day is named`() throws {
    let finding = try finding("partitions") {
      var status = Self.folding
      status.missing = [Self.noon.addingTimeInterval(86_400)]
      $0.folding = .known(status)
    }
    #expect(finding.standing == .warning)
    #expect(finding.message == "no partition for 2026-11-24")
  }

  @Test func `A clock that is off by no more than the question's way is not blamed`() throws {
    let finding = try finding("clock") {
      $0.server = .known(.init(version: 150_020, skewSeconds: 3, skewErrorSeconds: 2.5))
    }
    #expect(finding.standing == .ok)
  }

  @Test func `A clock a minute off is a problem`() throws {
    let finding = try finding("clock") {
      $0.server = .known(.init(version: 150_020, skewSeconds: -90, skewErrorSeconds: 0.01))
    }
    #expect(finding.standing == .problem)
    #expect(finding.message == "the database's clock is 90 s behind ours")
  }

  @Test func `Rows that were deleted behind the program's back are noticed`() throws {
    let finding = try finding("counters") {
      $0.counters = .known(
        .init(received: 10, stored: 6, duplicate: 2, quarantined: 1, rejected: 1, kept: 5))
    }
    #expect(finding.standing == .problem)
  }

  @Test func `Counters that do not add up are noticed`() throws {
    let finding = try finding("counters") {
      $0.counters = .known(
        .init(received: 11, stored: 6, duplicate: 2, quarantined: 1, rejected: 1, kept: 6))
    }
    #expect(finding.message == "11 events were received, but 10 are accounted for")
  }

  @Test func `Files the spool set aside are a problem even when nothing waits`() throws {
    let finding = try finding("spool") {
      var status = SpoolStatus()
      status.damagedFiles = 1
      status.budgetBytes = 1 << 30
      $0.spool = .known(status)
    }
    #expect(finding.standing == .problem)
  }

  @Test(arguments: [(0.4, DoctorReport.Standing.ok), (0.6, .warning), (0.95, .problem)])
  func `A spool is judged by how full it is`(share: Double, standing: DoctorReport.Standing) throws {
    let finding = try finding("spool") {
      var status = SpoolStatus()
      (status.records, status.events, status.oldest) = (3, 300, Self.noon.addingTimeInterval(-5))
      status.budgetBytes = 1 << 20
      status.bytes = Int(share * Double(1 << 20))
      $0.spool = .known(status)
    }
    #expect(finding.standing == standing)
  }

  @Test(arguments: [(40, DoctorReport.Standing.ok), (900, .warning), (512, .problem)])
  func `A disk is judged by what is left above the reserve`(
    freeMegabytes: Int, standing: DoctorReport.Standing
  ) throws {
    let free = freeMegabytes == 40 ? 40 << 30 : freeMegabytes << 20
    let finding = try finding("disk") {
      $0.disk = .known(.init(name: "data folder", path: "/data", freeBytes: free, sizeBytes: 100 << 30))
    }
    #expect(finding.standing == standing)
  }

  @Test func `Settings that work against each other are warnings with a remedy each`() throws {
    let finding = try finding("settings") {
      $0.contradictions = [.init("a commit may hold more events than may wait", remedy: "raise the one")]
    }
    #expect(finding.standing == .warning)
    #expect(finding.remedy == "raise the one")
  }
}
