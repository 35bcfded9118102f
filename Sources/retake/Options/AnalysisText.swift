import Analysis
import Campaigns
import Foundation

/// A campaign's analysis for a terminal.
struct AnalysisText {
  private let report: CampaignAnalysis

  init(_ report: CampaignAnalysis) { self.report = report }

  var text: String {
    guard !report.segments.isEmpty else {
      return "Nothing has been shown to anybody yet, so there is nothing to say."
    }
    return (report.segments.map(section) + [languages, claims, factors, notes].compactMap(\.self))
      .joined(separator: "\n\n")
  }

  private func section(_ findings: SegmentFindings) -> String {
    let analysis = findings.analysis
    var lines = [
      "\(analysis.segment.name) (\(analysis.segment.key)), round \(analysis.experiment.round), "
        + "as of \(Moment.text(analysis.asOf))"
    ]
    lines += analysis.checks.map { ($0.blocking ? "! " : "· ") + $0.sentence }
    lines.append(versions(analysis))
    if let traffic = analysis.traffic.sentence { lines.append("  " + traffic) }
    // What forbids claims stands above already.
    lines += analysis.verdicts.filter { $0.kind != .invalid }.map { "  " + $0.sentence }
    let told = findings.metrics.filter { !$0.versions.isEmpty }
    if !told.isEmpty { lines += ["", metrics(told)] }
    for metric in findings.metrics {
      if metric.key != analysis.experiment.goal.rawValue {
        lines += metric.versions.filter { $0.isBetter != nil }.compactMap { $0.sentence.map { "  " + $0 } }
      }
      if let missing = metric.missing { lines.append("  · \(metric.name): \(missing).") }
    }
    for part in findings.parts {
      let place = part.part.inWords
      lines.append(
        "  \(place.prefix(1).uppercased() + place.dropFirst()), \(Figure.count(part.impressions)) impressions:"
      )
      lines += told(part.result)
    }
    return lines.joined(separator: "\n")
  }

  /// What is to be said of each version, or why nothing is.
  private func told(_ result: MetricResult) -> [String] {
    let sentences = result.versions.compactMap(\.sentence)
    return (sentences.isEmpty ? [result.missing.map { "\($0)." }].compactMap(\.self) : sentences)
      .map { "    " + $0 }
  }

  /// One row a language, and below it the versions that several of its segments show.
  private var languages: String? {
    guard !report.languages.isEmpty else { return nil }
    let words = report.languages.first?.result.words ?? ""
    var table = Table(["language", "segments", "impressions", words])
    for language in report.languages {
      table.add([
        language.language, language.segments.joined(separator: ", "), grouped(Int(language.impressions)),
        language.rate.map {
          "\(Figure.percent($0.value)) (\(Figure.percent($0.low)) to \(Figure.percent($0.high)))"
        }
          ?? "–",
      ])
    }
    var lines = ["By language", table.text]
    for language in report.languages where language.result.versions.contains(where: { $0.sentence != nil }) {
      lines.append("  In \(language.language), versions of the same levels in several segments:")
      lines += told(language.result)
    }
    return lines.joined(separator: "\n")
  }

  private func versions(_ analysis: SegmentAnalysis) -> String {
    let names = Dictionary(analysis.variants.map { ($0.variant.id, $0.variant.name) }) { first, _ in first }
    let success = analysis.experiment.goal.success
    var table = Table([
      "version", "share", "impressions", "\(success.name)s", "rate", "difference", "verdict",
    ])
    for result in analysis.variants {
      let standing = analysis.standing(of: result.variant.id)?.kind.rawValue ?? ""
      table.add([
        result.variant.name, result.share.map { Figure.percent($0, digits: 0) } ?? "",
        grouped(Int(result.counts.impressions)), grouped(Int(result.counts[success])),
        result.rate.map { Figure.percent($0) } ?? "", result.contrast.map { difference($0, names) } ?? "",
        standing + (analysis.isFatigued(result.variant.id) ? ", fatigued" : ""),
      ])
    }
    return table.text
  }

  /// One row a metric, one column a version.
  private func metrics(_ metrics: [MetricResult]) -> String {
    let names = metrics.reduce(into: [String]()) { names, metric in
      for version in metric.versions where !names.contains(version.name) { names.append(version.name) }
    }
    var table = Table(["metric"] + names)
    for metric in metrics {
      table.add(
        [metric.words]
          + names.map { name in
            guard let value = metric.versions.first(where: { $0.name == name })?.value else { return "–" }
            let figure = { Figure.metric($0, unit: metric.unit, currency: report.currency) }
            return value.low < value.high
              ? "\(figure(value.value)) (\(figure(value.low)) to \(figure(value.high)))" : figure(value.value)
          })
    }
    return table.text
  }

  /// In percentage points, with its interval.
  private func difference(_ contrast: Contrast, _ names: [Identifier<Variant>: String]) -> String {
    let estimate = contrast.difference
    let points = [estimate.value, estimate.low, estimate.high].map { String(format: "%+.2f", $0 * 100) }
    return "\(points[0]) [\(points[1]), \(points[2])] points against \(names[contrast.comparison] ?? "?")"
  }

  private var claims: String? {
    guard report.correction.hypotheses > 0 else { return nil }
    let correction = report.correction
    let head =
      "Over the whole report: \(grouped(correction.hypotheses)) differences were looked at, \(grouped(correction.shown)) "
      + "are shown, of which on average at most \(Figure.percent(correction.alpha, digits: 0)) are false (e-BH)"
    let told = report.claims.prefix(20).map { "  " + $0.sentence }
    let more =
      report.claims.count > 20 ? ["  and \(report.claims.count - 20) more; --format json has all."] : []
    return ([head + (told.isEmpty ? "." : ":")] + told + more).joined(separator: "\n")
  }

  private var factors: String? {
    if let missing = report.factors.missing { return "Creative choices: not told, for \(missing)." }
    guard !report.factors.effects.isEmpty else { return nil }
    return (["Creative choices, over all segments:"] + report.factors.effects.map { "  " + $0.sentence })
      .joined(separator: "\n")
  }

  private var notes: String? {
    report.notes.isEmpty ? nil : report.notes.map { "· " + $0 }.joined(separator: "\n")
  }
}
