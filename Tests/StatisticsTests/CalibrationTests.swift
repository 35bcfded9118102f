import StatisticsSimulation
import Testing

/// Every promise that `scripts/calibrate` measures, with fewer experiments, held to what so few can
/// refute; docs/calibration.md has the long form.
@Suite struct CalibrationTests {
  @Test("What is promised is found in simulations", arguments: Calibration.all)
  func promises(_ calibration: Calibration) async throws {
    let findings = try await calibration.run(.short)
    #expect(!findings.isEmpty)
    for finding in findings {
      #expect(!finding.isRefuted, "\(finding.claim): \(finding.reached), wanted \(finding.wanted)")
    }
  }

  @Test func `names of simulations and of what they find are unlike each other`() {
    let names = Calibration.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(Calibration.all.map(\.seed)).count == names.count)
  }
}
