import Statistics
import Testing

@Suite struct BestArmTests {
  @Test func `without data every arm is as likely to be best`() {
    let best = BestArm([BetaPosterior(.zero), BetaPosterior(.zero), BetaPosterior(.zero)])
    #expect(best.probabilities.allSatisfy { isClose($0, 1.0 / 3, within: 1e-12) })
    // E[max of three uniforms] - 1/2 = 3/4 - 1/2.
    #expect(best.expectedLosses.allSatisfy { isClose($0, 0.25, within: 1e-12) })
  }

  @Test func `a single arm is best and no arms are no arms`() {
    #expect(BestArm([BetaPosterior(.zero)]).probabilities == [1])
    #expect(BestArm([]).probabilities.isEmpty)
  }

  @Test func `counts of a million millions are compared without overflow or loss`() {
    let trials: Int64 = 1_000_000_000_000
    let best = BestArm([
      BetaPosterior(BinomialCounts(trials / 20, trials)),
      BetaPosterior(BinomialCounts(trials / 20 + 300_000, trials)),
    ])
    // The posteriors are normal to six digits: z = 3e-7 / sqrt(2 * 0.05 * 0.95 / 1e12).
    let z = 3e-7 / (2 * 0.05 * 0.95 / 1e12).squareRoot()
    #expect(isClose(best.probabilities[1], Normal.cdf(z), within: 1e-5))
  }

  @Test func `arms whose posteriors do not meet leave no doubt and a loss of their distance`() {
    let best = BestArm([
      BetaPosterior(BinomialCounts(100, 1_000_000)), BetaPosterior(BinomialCounts(500_000, 1_000_000)),
    ])
    #expect(best.probabilities[1] == 1)
    #expect(best.expectedLosses[1] == 0)
    #expect(isClose(best.expectedLosses[0], 500_001 / 1_000_002.0 - 101 / 1_000_002.0, within: 1e-9))
  }

  @Test func `posteriors narrower than numbers can tell give no nonsense`() {
    let huge = BetaPosterior(alpha: 4e30, beta: 4e30)
    let best = BestArm([huge, huge])
    #expect(best.probabilities.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(best.expectedLosses.allSatisfy { $0.isFinite })
  }

  @Test func `zero successes and all successes are handled at the edges`() {
    let best = BestArm([BetaPosterior(BinomialCounts(0, 50)), BetaPosterior(BinomialCounts(50, 50))])
    #expect(best.probabilities[1] > 0.999999)
    #expect(best.probabilities.allSatisfy(\.isFinite) && best.expectedLosses.allSatisfy(\.isFinite))
  }
}

@Suite struct AllocationPolicyTests {
  let posteriors = [50, 60, 55].map { BetaPosterior(BinomialCounts($0, 1000)) }

  @Test(
    "Shares sum to one and keep the floor",
    arguments: [AllocationPolicy.equal, .thompson, .topTwoThompson(), .topTwoThompson(leader: 0.9)])
  func floors(policy: AllocationPolicy) {
    for arms in [posteriors, [BetaPosterior(BinomialCounts(0, 1_000_000))] + posteriors] {
      let shares = policy.shares(for: arms)
      #expect(isClose(shares.reduce(0, +), 1, within: 1e-12))
      #expect(shares.allSatisfy { $0 >= 0.05 - 1e-15 })
    }
  }

  @Test func `Thompson shares are the probabilities of being best above the floor`() {
    let shares = AllocationPolicy.thompson.shares(for: posteriors, floor: 0.05)
    #expect(isClose(shares[1], 0.05 + 0.85 * 0.6199931404694156, within: 1e-9))
  }

  @Test func `top-two gives a certain leader its half and splits the rest`() {
    let arms = [
      BinomialCounts(900_000, 1_000_000), BinomialCounts(100, 1_000_000), BinomialCounts(100, 1_000_000),
    ]
    let shares = AllocationPolicy.topTwoThompson().shares(for: arms.map { BetaPosterior($0) }, floor: 0)
    #expect(isClose(shares[0], 0.5, within: 1e-9))
    #expect(isClose(shares[1], 0.25, within: 1e-9))
  }

  @Test func `a floor that leaves no room means equal shares`() {
    let thirds = [Double](repeating: 1.0 / 3, count: 3)
    #expect(AllocationPolicy.thompson.shares(for: posteriors, floor: 0.4) == thirds)
    #expect(AllocationPolicy.thompson.shares(for: [], floor: 0.05).isEmpty)
  }
}
