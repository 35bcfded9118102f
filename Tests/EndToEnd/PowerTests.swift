import Foundation
import TestKit
import Testing

/// `retake power`: plans without a database, and what it refuses to plan.
@Suite struct PowerTests {
  @Test func aPlanNeedsNoDatabaseAndIsTheSameInBothFormats() async throws {
    let demand = ["power", "--rate", "5%", "--lift", "0.2", "--per-day", "4000"]
    let text = try await Program.run(demand)
    try #require(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("8,158") && text.output.contains("5 days"), "\(text.output)")
    let json = try await Program.run(demand + ["--format", "json"])
    let answer = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let plan = try #require(answer?["plan"] as? [String: Any], "\(json.output)")
    #expect((plan["one_look"] as? [String: Any])?["units_per_arm"] as? Double == 8158)
  }

  @Test(arguments: [
    ["--rate", "0", "--lift", "10%"], ["--rate", "5", "--lift", "10%"], ["--rate", "5%", "--lift", "0"],
    ["--rate", "5%", "--lift=-10%"], ["--rate", "60%", "--lift", "100%"], ["--lift", "10%"],
    ["--rate", "5%", "--per-day", "0"], ["--rate", "5%", "--power", "100%"],
    ["--rate", "5%", "--versions", "1"],
    ["--rate", "5%", "--campaign", "c"], ["--rate", "five"], ["--rate", "5%", "--segment", "s"],
  ])
  func nonsenseIsRefusedWithAReason(_ arguments: [String]) async throws {
    let outcome = try await Program.run(["power"] + arguments)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: "), "\(outcome.errors)")
  }
}
