import Foundation
import Statistics
import StatisticsSimulation
import Testing

@Suite struct DriftTests {
  @Test func `a fall of clicks by the hour is found as one of their rate is`() async {
    var simulation = DriftSimulation(rate: 0.1, factor: 0.8, changeHour: 60)
    simulation.sample = .count
    let delays = await simulation.delays(experiments: 15, watching: 200, seed: 604)
    #expect(Measured.median(DriftSimulation.hours(delays)).value <= 18)
  }

  @Test func `no detector finds a fifth in 18 hours below a click rate of about five percent`() {
    // ln(1680 / .05) / (500 rate (ratio ln ratio - ratio + 1)), by hand and with Python's math.
    func bound(_ rate: Double, _ ratio: Double) -> Double {
      EDetector.boundOnDelay(
        ratio: ratio, expectedPerHour: 500 * rate, falseAlarms: .probability(0.05, withinHours: 1680))
    }
    #expect(isClose(bound(0.05, 0.8), 19.403684880096804))
    #expect(isClose(bound(0.08, 0.8), 12.127303050060505))
    #expect(isClose(bound(0.08, 0.9), 50.343971770774196))
    #expect(bound(0.05, 1) == .infinity && bound(0, 0.8) == .infinity)
  }

  @Test func `the alarm tells direction, size and date`() throws {
    let simulation = DriftSimulation(rate: 0.1, factor: 1.4, changeHour: 200)
    var randomness = SplitMix64(seed: 605)
    let baseline = simulation.learn(&randomness)
    var monitor = DriftMonitor(baseline: baseline)
    for hour in 672..<672 + 260 { monitor.observe(simulation.observation(at: hour, &randomness)) }
    let alarm = try #require(monitor.alarm)
    #expect(alarm.direction == .rise && alarm.hour >= 872 && alarm.hour < 890)
    let date = try #require(monitor.changeDate())
    #expect(date.probability > 0.999)
    #expect(date.low <= 872 && 872 <= date.high && date.high - date.low <= 12)
    #expect(abs(date.ratio - 1.4) < 0.15)
    #expect(abs(alarm.startHour - 872) <= 6)
  }

  @Test func `an hour's season is learnt, and missing days do not bend it`() throws {
    let simulation = DriftSimulation(rate: 0.1)
    var randomness = SplitMix64(seed: 606)
    let history = (0..<8 * 168).map { simulation.observation(at: $0, &randomness) }
    let holey = history.filter { !(200..<248).contains($0.hour) && $0.hour % 97 != 0 }
    for (sample, missing) in [(history, 0), (holey, 48 + 13)] {
      let baseline = SeasonalBaseline(learning: sample)
      #expect(baseline.condition == nil)
      #expect(baseline.unused[.hoursMissing, default: 0] == missing)
      #expect(baseline.dispersion < 1.05)
      var squares = 0.0
      for hour in 0..<168 {
        let truth = simulation.rate * simulation.seasonal(hour + 31) * 1000
        let error = baseline.expected(hour: 168_000 + hour, trials: 1000) / truth - 1
        squares += error * error
      }
      // A day's factor is known to 1.4 %, an hour's to 2 to 4.
      #expect((squares / 168).squareRoot() < 0.05)
    }
  }

  @Test func `without a season every hour is the mean of all`() {
    let history = (0..<672).map { HourlyCount(hour: $0, count: Int64(90 + ($0 * 7919) % 23)) }
    let baseline = SeasonalBaseline(learning: history)
    let mean = Double(baseline.events) / 672
    for hour in 0..<168 { #expect(abs(baseline.expected(hour: hour) / mean - 1) < 0.02) }
    // Less than Poisson scatter is not believed: the next season may be rougher.
    #expect(baseline.dispersion == 1)
  }

  @Test func `counts that scatter thrice as much as Poisson's are tempered by three`() {
    var randomness = SplitMix64(seed: 607)
    let history = (0..<1344).map { hour in
      HourlyCount(hour: hour, count: Int64((100 + 300.squareRoot() * randomness.normal()).rounded()))
    }
    let baseline = SeasonalBaseline(learning: history)
    #expect(abs(baseline.dispersion - 3) < 0.4)
    var monitor = DriftMonitor(baseline: baseline)
    for hour in 1344..<1344 + 1000 {
      monitor.observe(
        HourlyCount(hour: hour, count: Int64((100 + 300.squareRoot() * randomness.normal()).rounded())))
    }
    #expect(monitor.alarm == nil)
  }

  @Test func `hours that cannot be used are named and change nothing`() {
    var randomness = SplitMix64(seed: 608)
    let simulation = DriftSimulation(rate: 0.1)
    var monitor = DriftMonitor(baseline: simulation.learn(&randomness))
    monitor.observe(HourlyCount(hour: 1000, counts: BinomialCounts(40, 500)))
    let before = monitor.logStatistic
    let bad = [
      (HourlyCount(hour: 1000, counts: BinomialCounts(0, 500)), DriftCondition.clockWentBack),
      (HourlyCount(hour: 999, counts: BinomialCounts(0, 500)), .clockWentBack),
      (HourlyCount(hour: 1001, counts: BinomialCounts(501, 500)), .impossibleCounts),
      (HourlyCount(hour: 1001, counts: BinomialCounts(-1, 500)), .impossibleCounts),
      (HourlyCount(hour: 1001, count: 7), .impossibleCounts),
      (HourlyCount(hour: .max, counts: BinomialCounts(1, 500)), .impossibleCounts),
      (HourlyCount(hour: 1001, counts: .zero), .noTrials),
    ]
    for (item, condition) in bad { #expect(monitor.observe(item).condition == condition) }
    #expect(monitor.logStatistic == before)
    let later = monitor.observe(HourlyCount(hour: 1050, counts: BinomialCounts(40, 500)))
    #expect(later.condition == .hoursMissing && monitor.conditions[.hoursMissing] == 49)
    let huge = monitor.observe(HourlyCount(hour: 1051, counts: BinomialCounts(1, 1_000_000_000_000)))
    #expect(huge.logStatistic.isFinite && huge.isAlarm)
    #expect(monitor.changeDate()?.ratio.isFinite == true)
  }

  @Test func `a history that teaches nothing says why`() {
    let day = (0..<24).map { HourlyCount(hour: $0, count: 10) }
    #expect(SeasonalBaseline(learning: []).condition == .tooFewEvents)
    #expect(SeasonalBaseline(learning: day).condition == .tooFewDays)
    #expect(
      SeasonalBaseline(learning: (0..<672).map { HourlyCount(hour: $0, count: 0) }).condition == .tooFewEvents
    )
    let back = SeasonalBaseline(learning: day + day)
    #expect(back.unused[.clockWentBack] == 24)
    let broken = SeasonalBaseline(learning: [HourlyCount(hour: 0, count: -1)])
    #expect(broken.unused[.impossibleCounts] == 1)
    var monitor = DriftMonitor(baseline: back)
    let reading = monitor.observe(day[0])
    #expect(reading.condition == .tooFewDays && !reading.isAlarm)
    #expect(monitor.changeDate() == nil)
    let huge = SeasonalBaseline(
      learning: (0..<672).map { HourlyCount(hour: $0, count: 1_000_000_000_000 + Int64($0 % 24)) })
    #expect(huge.condition == nil && huge.expected(hour: 5).isFinite)
  }
}
