import Analysis
import Campaigns
import Foundation

/// One version on the campaign's page: its files, its standing and its figures.
struct VersionCard {
  struct Video {
    let placement: String
    let url: String
    let width: Int
    let height: Int
    let first: Bool
    let preload: String
  }

  struct Figure {
    let label: String
    let value: String
  }

  struct Level {
    let factor: String
    let level: String
  }

  let id: String
  let name: String
  let generation: Int
  let parent: String?
  let retired: Bool
  let chip: String
  let chipLabel: String
  let videos: [Video]
  let hasVideos: Bool
  let noVideo: String
  let interval: IntervalBar?
  let figures: [Figure]
  let levels: [Level]

  /// - Parameters:
  ///   - result: nil while the version is not part of the segment's current experiment.
  ///   - scale: the largest absolute lift shown in the segment, so that its bars can be compared.
  init(
    variant: Variant, renditions: [Rendition], result: VariantResult?, analysis: SegmentAnalysis?,
    names: [Identifier<Variant>: String], goal: Goal, scale: Double
  ) {
    id = variant.id.description
    name = variant.name
    generation = variant.generation
    parent = variant.parent.flatMap { names[$0] }
    retired = variant.status == .retired
    (chip, chipLabel) = Self.chip(for: variant, in: analysis)
    videos = renditions.enumerated().map { position, rendition in
      Video(
        placement: rendition.placement, url: MediaPath.url(of: rendition), width: rendition.width,
        height: rendition.height, first: position == 0, preload: position == 0 ? "metadata" : "none")
    }
    hasVideos = !renditions.isEmpty
    noVideo =
      variant.origin == .imported
      ? "Imported from an ad platform: Retake has no file of it."
      : variant.status == .failed
        ? "Its files could not be rendered; see the jobs below." : "Its files are being rendered."
    interval = result?.contrast.flatMap { contrast in
      contrast.lift.map {
        IntervalBar(lift: $0, against: names[contrast.comparison] ?? "?", goal: goal, scale: scale)
      }
    }
    figures = Self.figures(of: result, goal: goal)
    levels = variant.levels.sorted { $0.key < $1.key }.map {
      Level(
        factor: $0.key.replacingOccurrences(of: "_", with: " "),
        level: $0.value.replacingOccurrences(of: "-", with: " "))
    }
  }

  private static func figures(of result: VariantResult?, goal: Goal) -> [Figure] {
    guard let result else { return [] }
    var figures = [
      Figure(label: "Impressions", value: Analysis.Figure.count(result.counts.impressions)),
      Figure(
        label: goal.successes.prefix(1).uppercased() + goal.successes.dropFirst(),
        value: Analysis.Figure.count(result.counts[goal.success])),
    ]
    let shown = result.traffic[.impression]
    if shown.filteredEvents > 0, let share = shown.share {
      figures.insert(
        Figure(
          label: "Filtered, of \(Analysis.Figure.count(shown.gross)) gross",
          value: TrafficAccount.Line.percent(share)),
        at: 1)
    }
    if let rate = result.rate {
      let digits = max(Analysis.Figure.percentDigits(rate), 1)
      let text = { Analysis.Figure.percent($0, digits: digits) }
      figures.append(Figure(label: "Rate", value: text(rate.value)))
      figures.append(
        Figure(label: "Its interval", value: "\(text(rate.low).dropLast())–\(text(rate.high))"))
    }
    if let best = result.probabilityBest {
      let text =
        best > 0.999 ? "> 99.9 %" : best < 0.001 ? "< 0.1 %" : Analysis.Figure.percent(best, digits: 1)
      figures.append(Figure(label: "Chance to be the best", value: text))
    }
    if let share = result.share {
      figures.append(Figure(label: "Share of traffic", value: Analysis.Figure.percent(share, digits: 0)))
    }
    return figures
  }

  private static func chip(for variant: Variant, in analysis: SegmentAnalysis?) -> (String, String) {
    switch variant.status {
    case .rendering: return ("rendering", "rendering")
    case .ready: return ("ready", "ready")
    case .failed: return ("failed", "failed")
    case .retired: return ("retired", "retired")
    case .active: break
    }
    if analysis?.isFatigued(variant.id) == true { return ("fatigued", "wearing out") }
    switch analysis?.standing(of: variant.id)?.kind {
    case .winner: return ("winner", "shown to be best")
    case .loser: return ("loser", "shown to be worse")
    case .leading: return ("open", "ahead, not shown")
    case .trailing: return ("open", "behind, not shown")
    case .inconclusive: return ("open", "no difference shown")
    default: return ("open", "in test")
    }
  }
}

/// A lift and its interval on a bar whose middle is zero. Positions are percentages of the bar's width.
struct IntervalBar {
  let direction: String
  let label: String
  let zero: String
  let left: String
  let width: String
  let point: String

  init(lift: Estimate, against name: String, goal: Goal, scale: Double) {
    direction = lift.low > 0 ? "up" : lift.high < 0 ? "down" : "open"
    label = "\(Analysis.Figure.lift(lift)) \(goal.inWords) against \(name)"
    let position = { (value: Double) in
      min(100, max(0, 50 + 50 * value / max(scale, 1e-9)))
    }
    let text = { (value: Double) in String(format: "%.2f", value) }
    zero = "50"
    left = text(position(lift.low))
    width = text(max(0.5, position(lift.high) - position(lift.low)))
    point = text(position(lift.value))
  }
}
