import Campaigns

/// Age band and gender as platforms break results down: one segment each.
struct ImportedAudience: Hashable {
  enum Gender: String, Hashable { case male, female }

  /// Both included; nil when the platform does not know.
  var ages: ClosedRange<Int>?
  var gender: Gender?

  /// `men-30-34`, `women-65-plus`, `all-ages-unknown` …
  var key: String {
    let who =
      switch gender {
      case .male: "men"
      case .female: "women"
      case nil: "all"
      }
    return "\(who)-\(bandKey)"
  }

  var name: String {
    let who =
      switch gender {
      case .male: "Men"
      case .female: "Women"
      case nil: "All genders"
      }
    return "\(who) \(band)"
  }

  /// Oldest last, men after women, the unknown at the end.
  var order: (Int, String) { (ages?.lowerBound ?? .max, gender.map(\.rawValue) ?? "~") }

  var rule: AudienceRule {
    var conditions: [AudienceRule.Condition] = []
    if let ages {
      conditions.append(
        .init(attribute: "age", test: .between(Double(ages.lowerBound), Double(ages.upperBound))))
    }
    if let gender { conditions.append(.init(attribute: "gender", test: .among([gender.rawValue]))) }
    return AudienceRule(all: conditions)
  }

  private var bandKey: String {
    guard let ages else { return "ages-unknown" }
    return ages.upperBound == Self.oldest
      ? "\(ages.lowerBound)-plus" : "\(ages.lowerBound)-\(ages.upperBound)"
  }

  private var band: String {
    guard let ages else { return "of unknown age" }
    return ages.upperBound == Self.oldest ? "\(ages.lowerBound)+" : "\(ages.lowerBound)-\(ages.upperBound)"
  }

  /// Stands for no upper bound.
  static let oldest = 120

  /// What platforms call an age or gender they do not know.
  private static let unknown: Set<String> = [
    "", "--", "-", "unknown", "undetermined", "uncategorized", "uncategorised", "none", "all",
  ]

  /// `30-34`, `25 to 34`, `65+`, `65 or more`; nil for `Unknown` and empty cells.
  /// - Throws: `BadCell` for anything else.
  static func ages(_ text: String) throws(BadCell) -> ClosedRange<Int>? {
    let band = text.lowercased()
    if unknown.contains(band) { return nil }
    if let match = band.wholeMatch(of: #/(\d+)(?:\+| (?:or|and) (?:more|over|older))/#),
      let least = Int(match.1), (0..<oldest).contains(least)
    {
      return least...oldest
    }
    let ends = band.replacing(" to ", with: "-").replacing(" ", with: "")
      .split(whereSeparator: { $0 == "-" || $0 == "–" }).map { Int($0) }
    guard ends.count == 2, let least = ends[0], let most = ends[1], least >= 0, least <= most, most < oldest
    else { throw BadCell("\"\(text)\" is not an age band such as 30-34 or 65+") }
    return least...most
  }

  static func gender(_ text: String) throws(BadCell) -> Gender? {
    switch text.lowercased() {
    case "m", "male", "men": .male
    case "f", "female", "women": .female
    case let other where unknown.contains(other): nil
    default: throw BadCell("\"\(text)\" is not a gender such as male, female or unknown")
    }
  }
}
