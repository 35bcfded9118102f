import Campaigns
import Statistics

/// Which of all the differences in a report may be claimed together (`MultipleTesting.eBH`).
///
/// Every pair of versions by every metric, within every segment and each of its parts, and over the segments of every
/// language, is one hypothesis, whether or not it is shown: what is looked at counts, not what is told. Each round's own
/// verdicts keep their own error rate beside it.
struct Claims {
  let shown: [CampaignAnalysis.Claim]
  let hypotheses: Int
  /// Pairs that e-BH shows; `shown` tells those of them that a version's table holds.
  let shownCount: Int
  /// Of all claims together.
  let alpha: Double
  let languages: [LanguageResult]

  private struct Key: Hashable {
    /// Nil for a language's.
    var segment: Int?
    var metric: String
    var part: Part?
    var pair: Set<Identifier<Variant>>
  }

  /// Pairs that were looked at together.
  private struct Family {
    var segment: Int?
    var metric: String
    var part: Part?
    var pairs: [MetricEvidence.Pair]
  }

  /// What a claim is told by: intervals at the level of all that is claimed (e-BY, `SelectedIntervals`).
  private struct Telling {
    var sequence: AsymptoticConfidenceSequence
    var level: Double
  }

  /// - Parameter goal: of the campaign, which languages are told by.
  init(_ segments: [SegmentFindings], goal: Goal) {
    self.init(
      segments, languages: LanguageResult.all(of: segments, goal: goal), alpha: segments.alpha)
  }

  init(_ segments: [SegmentFindings], languages: [LanguageResult] = [], alpha: Double) {
    self.alpha = alpha
    self.languages = languages
    var families: [Family] = []
    for (place, findings) in segments.enumerated() {
      families += findings.evidence.map {
        Family(segment: place, metric: $0.metric, part: $0.part, pairs: $0.pairs)
      }
    }
    families += languages.map {
      Family(segment: nil, metric: $0.result.key, part: $0.part, pairs: $0.pairs)
    }
    let evidence = families.flatMap { $0.pairs.lazy.map(\.logEvidence) }
    hypotheses = evidence.count
    let isShown = evidence.isEmpty ? [] : MultipleTesting.eBH(evidence, alpha: alpha)
    var logEvidence: [Key: Double] = [:]
    var hypothesis = 0
    for family in families {
      for pair in family.pairs {
        defer { hypothesis += 1 }
        guard isShown[hypothesis] else { continue }
        let key = Key(
          segment: family.segment, metric: family.metric, part: family.part, pair: [pair.left, pair.right])
        logEvidence[key] = pair.logEvidence
      }
    }
    shownCount = logEvidence.count
    let level = SelectedIntervals.eBYLevel(selected: shownCount, of: max(1, hypotheses), alpha: alpha)
    func telling(_ sequence: AsymptoticConfidenceSequence?) -> Telling? {
      guard let level, let sequence else { return nil }
      return Telling(sequence: sequence, level: level)
    }
    var claims: [CampaignAnalysis.Claim] = []
    func claim(
      _ result: MetricResult, _ part: Part?, of segment: (place: Int, segment: Segment)?, _ telling: Telling?
    ) {
      guard let telling else { return }
      for version in result.versions {
        guard let contrast = version.contrast else { continue }
        let key = Key(
          segment: segment?.place, metric: result.key, part: part,
          pair: [version.variant, contrast.comparison])
        // The best and its runner-up are compared with each other, which is one claim and not two.
        guard let log = logEvidence.removeValue(forKey: key),
          let claim = Self.claim(segment?.segment, result, part, version, log, telling)
        else { continue }
        claims.append(claim)
      }
    }
    for (place, findings) in segments.enumerated() {
      for (result, part) in findings.results {
        claim(result, part, of: (place, findings.analysis.segment), telling(findings.sequence))
      }
    }
    for language in languages {
      claim(language.result, language.part, of: nil, telling(language.sequence))
    }
    shown = claims.sorted { ($0.logEvidence, $1.segment ?? "") > ($1.logEvidence, $0.segment ?? "") }
  }

  private static func claim(
    _ segment: Segment?, _ result: MetricResult, _ part: Part?, _ version: MetricResult.Version,
    _ logEvidence: Double, _ telling: Telling
  ) -> CampaignAnalysis.Claim? {
    guard let comparison = version.contrast?.comparison,
      let other = result.versions.first(where: { $0.variant == comparison }),
      let difference = version.difference.flatMap({ telling.sequence.interval($0, alpha: telling.level) })
    else { return nil }
    let logRatio = version.logRatio.flatMap { telling.sequence.interval($0, alpha: telling.level) }
    let contrast = Contrast(comparison: comparison, difference, logRatio: logRatio)
    let isBetter = (difference.low > 0) == (result.better == .higher)
    let expected = logRatio.flatMap(expectedLift)
    let place = [segment?.name, part?.inWords].compactMap(\.self).joined(separator: ", ")
    let quoted = { (name: String) in segment == nil ? "\"\(name)\"" : name }
    // A segment's name is written as its campaign writes it.
    var told =
      (segment == nil ? place.prefix(1).uppercased() + place.dropFirst() : place) + ": "
      + MetricSentence(result.words, contrast, isBetter: isBetter)
      .text(version: quoted(version.name), other: quoted(other.name))
    if let expected, let lift = contrast.lift {
      told +=
        " Expect about \(Figure.signedPercent(expected, digits: Figure.liftDigits(lift))): figures that stand out "
        + "are on average too good."
    }
    return CampaignAnalysis.Claim(
      segment: segment?.key, metric: result.key, part: part, variant: version.variant, against: comparison,
      isBetter: isBetter, difference: contrast.difference, lift: contrast.lift, expectedLift: expected,
      logEvidence: logEvidence, sentence: told)
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
