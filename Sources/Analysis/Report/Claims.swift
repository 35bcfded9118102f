import Campaigns
import Statistics

/// Which of all the differences in a report may be claimed together (`MultipleTesting.eBH`).
///
/// Every pair of versions by every metric, within every segment and placement, is one hypothesis, whether or not it is
/// shown: what is looked at counts, not what is told. Each round's own verdicts keep their own error rate beside it.
struct Claims {
  let shown: [CampaignAnalysis.Claim]
  let hypotheses: Int
  /// Pairs that e-BH shows; `shown` tells those of them that a version's table holds.
  let shownCount: Int

  private struct Key: Hashable {
    var segment: Int
    var metric: String
    var placement: String?
    var pair: Set<Identifier<Variant>>
  }

  init(_ segments: [SegmentFindings], alpha: Double) {
    let evidence = segments.flatMap { $0.evidence.flatMap { $0.pairs.lazy.map(\.logEvidence) } }
    hypotheses = evidence.count
    let isShown = evidence.isEmpty ? [] : MultipleTesting.eBH(evidence, alpha: alpha)
    var logEvidence: [Key: Double] = [:]
    var hypothesis = 0
    for (place, findings) in segments.enumerated() {
      for metric in findings.evidence {
        for pair in metric.pairs {
          defer { hypothesis += 1 }
          guard isShown[hypothesis] else { continue }
          let key = Key(
            segment: place, metric: metric.metric, placement: metric.placement, pair: [pair.left, pair.right])
          logEvidence[key] = pair.logEvidence
        }
      }
    }
    shownCount = logEvidence.count
    var claims: [CampaignAnalysis.Claim] = []
    for (place, findings) in segments.enumerated() {
      for (result, placement) in findings.results {
        for version in result.versions {
          guard let contrast = version.contrast, let isBetter = version.isBetter,
            let sentence = version.sentence
          else { continue }
          let pair: Set = [version.variant, contrast.comparison]
          let key = Key(segment: place, metric: result.key, placement: placement, pair: pair)
          // The best and its runner-up are compared with each other, which is one claim and not two.
          guard let log = logEvidence.removeValue(forKey: key) else { continue }
          claims.append(
            Self.claim(
              findings.analysis.segment, result, placement, version, contrast, isBetter, log, sentence))
        }
      }
    }
    shown = claims.sorted { ($0.logEvidence, $1.segment) > ($1.logEvidence, $0.segment) }
  }

  private static func claim(
    _ segment: Segment, _ result: MetricResult, _ placement: String?, _ version: MetricResult.Version,
    _ contrast: Contrast, _ isBetter: Bool, _ logEvidence: Double, _ sentence: String
  ) -> CampaignAnalysis.Claim {
    let expected = version.logRatio.flatMap(expectedLift)
    var told =
      placement.map { "\(segment.name), in \($0.isEmpty ? "places unnamed" : $0): " } ?? "\(segment.name): "
    told += sentence
    if let expected, let lift = contrast.lift {
      told +=
        " Expect about \(Figure.signedPercent(expected, digits: Figure.liftDigits(lift))): figures that stand out "
        + "are on average too good."
    }
    return CampaignAnalysis.Claim(
      segment: segment.key, metric: result.key, placement: placement, variant: version.variant,
      against: contrast.comparison, isBetter: isBetter, difference: contrast.difference, lift: contrast.lift,
      expectedLift: expected, logEvidence: logEvidence, sentence: told)
  }

  /// Given that the log ratio had to pass the interval's half width to be spoken of.
  private static func expectedLift(_ logRatio: IntervalEstimate) -> Double? {
    let error = logRatio.standardError
    do throws(DataCondition) {
      let effect = try EffectEstimate(
        estimate: logRatio.estimate, standardError: error, scale: .logRatio, sampleSize: logRatio.sampleSize)
      let curse = try WinnersCurse(effect, threshold: (logRatio.high - logRatio.low) / 2 / error)
      return Lift(
        logRatio: IntervalEstimate(
          estimate: curse.estimate, low: curse.estimate, high: curse.estimate, alpha: logRatio.alpha,
          sampleSize: logRatio.sampleSize, standardError: error)
      ).estimate
    } catch {
      // At the very edge the difference is shown and its logarithm is not: nothing is told then.
      return nil
    }
  }
}
