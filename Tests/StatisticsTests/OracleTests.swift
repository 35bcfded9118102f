import Foundation
import Statistics
import TestKit
import Testing

/// What scipy and statsmodels make of the same questions today, beside the figures written down in
/// ``ReferenceFigureTests``. Their score interval is left out: ``ScoreIntervalTests`` say why.
@Suite struct OracleTests {
  @Test func `scipy and statsmodels agree`() async throws {
    guard let python = await PythonEnvironment.with(["scipy==1.17.1", "statsmodels==0.15.0"]) else { return }
    let answer = try await python.run(Self.script)
    let told = try JSONDecoder().decode([String: Double].self, from: Data(answer.utf8))
    let ours = try Self.ours()
    #expect(Set(told.keys) == Set(ours.keys))
    for (name, expected) in told {
      let value = try #require(ours[name], "\(name)")
      #expect(isClose(value, expected, within: 1e-9), "\(name): \(value), theirs \(expected)")
    }
  }

  private static func ours() throws -> [String: Double] {
    let (a, b) = (BinomialCounts(480, 10_000), BinomialCounts(540, 10_000))
    var ours: [String: Double] = [:]
    let pooled = try #require(FixedHorizon.pooledTest(a, b))
    (ours["pooled z"], ours["pooled p"]) = (pooled.z, pooled.pValue)
    for (name, interval) in [
      ("wald", FixedHorizon.wald(a, b)), ("newcombe", FixedHorizon.newcombe(a, b)),
      ("wilson", FixedHorizon.wilson(a)),
    ] {
      (ours["\(name) low"], ours["\(name) high"]) = (interval?.low, interval?.high)
    }
    let three = SampleRatioMismatch.Phase(counts: [10_000, 10_200, 9_700], weights: [1, 1, 1])
    let chi = try #require(SampleRatioMismatch.chiSquare(three))
    (ours["chi-square"], ours["chi-square p"]) = (chi.statistic, chi.pValue)
    ours["sequential ratio two"] = SampleRatioMismatch.logEvidence([
      .init(counts: [5000, 5300], weights: [1, 1])
    ])
    ours["sequential ratio three"] = SampleRatioMismatch.logEvidence([three])
    for (name, arms) in [("pair", [a, b]), ("three", [50, 60, 55].map { BinomialCounts($0, 1000) })] {
      let best = BestArm(arms.map { BetaPosterior($0) })
      for arm in arms.indices {
        ours["best \(name) \(arm)"] = best.probabilities[arm]
        ours["loss \(name) \(arm)"] = best.expectedLosses[arm]
      }
    }
    ours["units pooled"] = try FixedHorizonPower.units(baseline: 0.048, target: 0.054)
    ours["units unpooled"] = try FixedHorizonPower.units(baseline: 0.048, target: 0.054, variance: .unpooled)
    let pValues = [0.001, 0.2, 0.008, 0.03, 0.02, 0.9]
    for (index, value) in MultipleTesting.holmAdjusted(pValues).enumerated() { ours["holm \(index)"] = value }
    for (index, value) in MultipleTesting.benjaminiHochbergAdjusted(pValues).enumerated() {
      ours["fdr_bh \(index)"] = value
    }
    ours["welch p"] = try Welch.difference(
      Moments(count: 400, mean: 10.2, sampleVariance: 3.1 * 3.1),
      Moments(count: 250, mean: 9.6, sampleVariance: 2.2 * 2.2)
    ).pValue
    for z in [-38.0, -8.0, -0.3, 2.5] { ours["log normal \(z)"] = Normal.logCDF(z) }
    for (t, degrees) in [(2.1, 3.0), (6.0, 40.0)] {
      ours["student \(degrees)"] = StudentT.twoSidedTail(t, degreesOfFreedom: degrees)
    }
    return ours
  }

  private static let script = """
    import json
    import numpy as np
    from scipy import integrate, special, stats
    from statsmodels.stats import multitest, proportion

    a, n, b, m = 480, 10_000, 540, 10_000
    told = {}
    z, p = proportion.proportions_ztest([b, a], [m, n])
    told["pooled z"], told["pooled p"] = z, p
    for ours, theirs in [("wald", "wald"), ("newcombe", "newcomb")]:
        low, high = proportion.confint_proportions_2indep(b, m, a, n, method=theirs, compare="diff", correction=False)
        told[ours + " low"], told[ours + " high"] = low, high
    told["wilson low"], told["wilson high"] = proportion.proportion_confint(a, n, method="wilson")
    chi = stats.chisquare([10_000, 10_200, 9_700])
    told["chi-square"], told["chi-square p"] = chi.statistic, chi.pvalue
    for name, counts in [("two", [5000, 5300]), ("three", [10_000, 10_200, 9_700])]:
        arms, total = len(counts), sum(counts)
        told["sequential ratio " + name] = stats.dirichlet_multinomial.logpmf(
            counts, [100 / arms] * arms, total) - stats.multinomial.logpmf(counts, total, [1 / arms] * arms)


    def best(posteriors):
        # P(best) and expected loss of each, by adaptive quadrature
        low = min(q.ppf(1e-15) for q in posteriors)
        high = max(q.isf(1e-15) for q in posteriors)

        def quad(f):
            edges = np.linspace(low, high, 41)
            return sum(integrate.quad(f, l, h, epsabs=1e-15, epsrel=1e-12)[0] for l, h in zip(edges, edges[1:]))

        chances, losses = [], []
        for i, own in enumerate(posteriors):
            others = [q for j, q in enumerate(posteriors) if j != i]
            chances.append(quad(lambda x: own.pdf(x) * np.prod([q.cdf(x) for q in others])))
            losses.append(quad(lambda x: own.cdf(x) * (1 - np.prod([q.cdf(x) for q in others]))))
        return chances, losses


    for name, counts in [("pair", [(a, n), (b, m)]), ("three", [(50, 1000), (60, 1000), (55, 1000)])]:
        chances, losses = best([stats.beta(1 + k, 1 + t - k) for k, t in counts])
        for arm, (chance, loss) in enumerate(zip(chances, losses)):
            told[f"best {name} {arm}"], told[f"loss {name} {arm}"] = chance, loss
    pq = lambda r: r * (1 - r)
    za, zb = stats.norm.isf(0.025), stats.norm.isf(0.2)
    told["units pooled"] = ((za * (2 * pq(0.051)) ** 0.5 + zb * (pq(0.048) + pq(0.054)) ** 0.5) / 0.006) ** 2
    told["units unpooled"] = (za + zb) ** 2 * (pq(0.048) + pq(0.054)) / 0.006 ** 2
    values = [0.001, 0.2, 0.008, 0.03, 0.02, 0.9]
    for method in ["holm", "fdr_bh"]:
        for index, value in enumerate(multitest.multipletests(values, method=method)[1]):
            told[f"{method} {index}"] = value
    welch = stats.ttest_ind_from_stats(10.2, 3.1, 400, 9.6, 2.2, 250, equal_var=False)
    told["welch p"] = welch.pvalue
    for z in [-38.0, -8.0, -0.3, 2.5]:
        told[f"log normal {z}"] = stats.norm.logcdf(z)
    for z, degrees in [(2.1, 3.0), (6.0, 40.0)]:
        told[f"student {degrees}"] = 2 * stats.t.sf(z, degrees)
    print(json.dumps({name: float(value) for name, value in told.items()}))
    """
}
