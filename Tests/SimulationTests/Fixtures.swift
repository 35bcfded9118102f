import Documents
import Foundation

@testable import Simulation

enum Fixtures {
  static let monday = Date(timeIntervalSince1970: 1_792_972_800)  // 2026-10-26T00:00:00Z

  static let yaml = """
    schema: retake.truth/1
    seed: 7
    start: 2026-10-26
    weeks: 4
    day_of_week: {monday: 0.92, tuesday: 0.95, wednesday: 1.00, thursday: 0.98, friday: 1.05, saturday: 1.12,
      sunday: 0.98}
    rates: {viewable: 0.92, start: 0.97, click: 0.05, conversion: 0.10}
    conversion_value: {mean: 49.00, spread: 12.00, currency: EUR}
    cost_per_thousand_impressions: {amount: 7.50, currency: EUR}
    traffic:
      repeat_viewers: 0.22
      duplicates: 0.02
      invalid: {bad_timestamp: 0.0008, malformed: 0.0004}
    segments:
      steady:
        impressions_per_day: 9000
        lift: {A: 1.00, B: 1.35, C: 1.00, new: 1.20}
      worn:
        impressions_per_day: 9000
        rates: {click: 0.08}
        lift: {A: 1.00, B: 1.00, C: 1.50}
        wears_out: {variant: C, after_days: 7, half_life_days: 4, floor: 0.5}
      shifted:
        impressions_per_day: 9000
        lift: {A: 1.40, B: 1.00, C: 0.95, new: 1.30}
        trend_shift: {day: 15, multiplier: 0.70}
    """

  static func truth(_ text: String = yaml) throws -> Truth {
    try Truth(Document(text: text, name: "truth.yaml"))
  }

  static func id(_ number: Int) -> UUID {
    UUID(uuidString: "00000000-0000-7000-8000-" + String(repeating: "0", count: 10) + String(10 + number))
      ?? UUID()
  }

  static func variants(generation: Int = 1) -> [ExperimentView.Variant] {
    ["A", "B", "C"].enumerated().map {
      ExperimentView.Variant(id: id($0.offset), name: $0.element, generation: generation, activatedAt: monday)
    }
  }

  /// One round from the first hour, with shares by epoch.
  static func experiment(
    _ segment: String, epochs: [(day: Double, shares: [Double])] = [(0, [0.4, 0.3, 0.3])], generation: Int = 1
  ) -> ExperimentView {
    let variants = variants(generation: generation)
    return ExperimentView(
      id: id(50), segment: segment, round: 1, startedAt: monday, endedAt: nil,
      epochs: epochs.enumerated().map { number, epoch in
        ExperimentView.Epoch(
          number: number + 1, startsAt: monday.addingTimeInterval(epoch.day * 86_400),
          shares: zip(variants, epoch.shares).map {
            ExperimentView.Share(variantId: $0.id, name: $0.name, share: $1)
          })
      }, variants: variants)
  }

  static func hours(_ days: Range<Int>) -> [Date] {
    (days.lowerBound * 24..<days.upperBound * 24).map { monday.addingTimeInterval(Double($0) * 3600) }
  }
}
