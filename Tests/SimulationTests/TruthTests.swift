import Campaigns
import Documents
import Foundation
import Testing

@testable import Simulation

@Suite("Truth")
struct TruthTests {
  @Test("Every figure of the document is read, and a segment's rates override the common ones")
  func reads() throws {
    let truth = try Fixtures.truth()
    #expect(truth.start == Fixtures.monday)
    #expect(truth.end == Fixtures.monday.addingTimeInterval(28 * 86_400))
    #expect(truth.dayOfWeek[5] == 1.12)
    #expect(truth.costPerThousand?.minorUnits == 750)
    #expect(truth.conversionValue?.currency == "EUR")
    #expect(
      truth.traffic
        == Truth.Traffic(repeatViewers: 0.22, duplicates: 0.02, badTimestamp: 0.0008, malformed: 0.0004))
    #expect(truth.audiences["steady"]?.newLift == 1.2)
    #expect(truth.audiences["steady"]?.rates.click == 0.05)
    #expect(truth.audiences["worn"]?.rates.click == 0.08)
    #expect(truth.audiences["worn"]?.rates.viewable == 0.92)
    #expect(truth.audiences["worn"]?.newLift == 1)
    #expect(truth.audiences["shifted"]?.trendShift?.day == 15)
  }

  @Test("The sample campaign's truth is read")
  func sample() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("examples/perlune/truth.yaml")
    #expect(try Truth(path: file.path).audiences.count == 3)
  }

  @Test(
    "A truth that cannot be is refused with its line",
    arguments: [
      ("weeks: 4", "weeks: 0", "truth.yaml:4"), ("2026-10-26", "26.10.2026", "a day such as"),
      ("floor: 0.5", "floor: 1.5", "between 0.0 and 1.0"), ("variant: C", "variant: D", "allowed: A, B, C"),
      ("sunday: 0.98", "sunday: 1.98", "mean of these must be 1"), ("seed: 7", "sead: 7", "did you mean"),
    ])
  func refuses(good: String, bad: String, message: String) throws {
    let error = #expect(throws: DocumentError.self) {
      try Fixtures.truth(Fixtures.yaml.replacingOccurrences(of: good, with: bad))
    }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  @Test("A worn version keeps its lift, then halves the distance to its floor")
  func wearsOut() throws {
    let truth = try Fixtures.truth()
    let worn = Fixtures.variants()[2]
    func rate(_ day: Double) -> Double? {
      truth.expectedRate(
        of: worn, segment: "worn", goal: .clickThrough, at: Fixtures.monday.addingTimeInterval(day * 86_400))
    }
    #expect(rate(0) == 0.12)
    #expect(rate(7) == 0.12)
    #expect(abs((rate(11) ?? 0) - 0.09) < 1e-12)
    #expect(abs((rate(15) ?? 0) - 0.075) < 1e-12)
    #expect(abs((rate(1000) ?? 0) - 0.06) < 1e-12)
  }

  @Test("A trend moves every version by the same factor, from its day on")
  func trend() throws {
    let truth = try Fixtures.truth()
    for variant in Fixtures.variants() {
      let rates = [13.99, 14.0].map {
        truth.expectedRate(
          of: variant, segment: "shifted", goal: .clickThrough,
          at: Fixtures.monday.addingTimeInterval($0 * 86_400))
          ?? 0
      }
      #expect(abs(rates[1] - 0.7 * rates[0]) < 1e-12)
    }
  }

  @Test("The true difference weighs every hour by its impressions")
  func estimand() throws {
    let truth = try Fixtures.truth()
    let variants = Fixtures.variants()
    let hours = [Fixtures.monday, Fixtures.monday.addingTimeInterval(11 * 86_400)]
    let difference = truth.difference(
      of: variants[2], against: variants[0], segment: "worn", goal: .clickThrough,
      impressions: [(hours[0], 300), (hours[1], 100)])
    #expect(abs((difference ?? 0) - (3 * 0.04 + 0.01) / 4) < 1e-12)
    #expect(
      truth.difference(
        of: variants[0], against: variants[1], segment: "unknown", goal: .clickThrough,
        impressions: [(hours[0], 1)]) == nil)
  }
}
