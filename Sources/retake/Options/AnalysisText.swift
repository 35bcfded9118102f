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
    let goal = analysis.experiment.goal
    var lines = [
      "\(analysis.segment.name) (\(analysis.segment.key)), round \(analysis.experiment.round), "
        + "as of \(Moment.text(analysis.asOf))"
    ]
    lines += analysis.checks.map { ($0.blocking ? "! " : "· ") + $0.sentence }
    lines.append(versions(analysis))
    if let traffic = analysis.traffic.sentence { lines.append("  " + traffic) }
    // What forbids claims stands above already.
    lines += analysis.remarks.filter { $0.kind != .invalid }.map { "  " + $0.sentence }
    let told = findings.metrics.filter { !$0.versions.isEmpty }
    if !told.isEmpty { lines += ["", metrics(told)] }
    lines += findings.metrics.filter { $0.key != goal.rawValue }.flatMap(shown)
    lines += silent(findings.metrics)
    lines += breakdown("placement", findings.placements) + breakdown("device", findings.devices)
    return lines.joined(separator: "\n")
  }

  /// What a metric shows.
  private func shown(_ result: MetricResult) -> [String] {
    result.versions.filter { $0.isBetter != nil }.compactMap { $0.sentence.map { "  " + $0 } }
  }

  /// Metrics of which something cannot be told, those for the same reason in one line.
  private func silent(_ metrics: [MetricResult]) -> [String] {
    var reasons: [(why: String, names: [String])] = []
    for metric in metrics {
      guard let why = metric.missing else { continue }
      if let place = reasons.firstIndex(where: { $0.why == why }) {
        reasons[place].names.append(metric.name)
      } else {
        reasons.append((why, [metric.name]))
      }
    }
    return reasons.map { "  · \($0.names.joined(separator: ", ")): \($0.why)." }
  }

  /// The goal in each part, a row a part and a column a version, and what is shown in it.
  private func breakdown(_ title: String, _ parts: [PartResult]) -> [String] {
    guard let first = parts.first else { return [] }
    let names = first.result.versions.map(\.name)
    var table = Table(["\(first.result.words), by \(title)", "impressions"] + names)
    for part in parts {
      let rates = names.map { name in
        part.result.versions.first { $0.name == name }?.value.map { Figure.percent($0) } ?? "–"
      }
      table.add(
        [part.part.value.isEmpty ? "not stated" : part.part.value, grouped(Int(part.impressions))] + rates)
    }
    var lines = ["", table.text]
    for part in parts {
      for version in part.result.versions where version.isBetter != nil {
        lines.append("  \(part.part.inWords.capitalisedFirst): \(version.sentence ?? "")")
      }
    }
    return lines
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
      lines += language.versions.map { "    · \"\($0.name)\": \($0.segments.joined(separator: ", "))" }
      lines += language.result.versions.compactMap { $0.sentence.map { "    " + $0 } }
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
    let points = [estimate.value, estimate.low, estimate.high].map { Figure.signed($0 * 100, digits: 2) }
    return "\(points[0]) [\(points[1]), \(points[2])] points against \(names[contrast.comparison] ?? "?")"
  }

  private var claims: String? {
    guard report.correction.hypotheses > 0 else { return nil }
    let correction = report.correction
    let looked = "Over the whole report: \(grouped(correction.hypotheses)) differences were looked at"
    guard correction.shown > 0 else {
      return
        "\(looked); taken together, none stands out from what chance makes of so many (\(correction.method)). Each "
        + "round's verdicts keep their own error rate."
    }
    let head =
      "\(looked), \(grouped(correction.shown)) \(correction.shown == 1 ? "is" : "are") shown; what is shown like this is on "
      + "average false in at most \(Figure.percent(correction.alpha, digits: 0)) (\(correction.method))"
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

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
