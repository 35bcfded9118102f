import Campaigns

/// One row of a platform's export, read but not yet placed.
struct Insight: Hashable {
  /// Counted from 1.
  var line: Int
  var audience: ImportedAudience
  /// What the platform showed, as the variant will be named.
  var variant: String
  /// What tells this row from others of the same variant and period.
  var breakdown: String
  /// PostgreSQL's form of a `daterange`; `(,)` when the export has no dates.
  var period: String
  var figures: Figures

  struct Figures: Hashable {
    var impressions: Int64 = 0
    var clicks: Int64 = 0
    var conversions: Int64 = 0
    var spendMicros: Int64 = 0
  }
}

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

  /// `30-34`, `65+`; nil for `Unknown` and empty cells.
  /// - Throws: `BadCell` for anything else.
  static func ages(_ text: String) throws(BadCell) -> ClosedRange<Int>? {
    if text.isEmpty || text.lowercased() == "unknown" { return nil }
    if text.hasSuffix("+"), let least = Int(text.dropLast()), (0..<oldest).contains(least) {
      return least...oldest
    }
    let ends = text.split(whereSeparator: { $0 == "-" || $0 == "–" }).map { Int($0) }
    guard ends.count == 2, let least = ends[0], let most = ends[1], least >= 0, least <= most, most < oldest
    else { throw BadCell("\"\(text)\" is not an age band such as 30-34 or 65+") }
    return least...most
  }

  static func gender(_ text: String) throws(BadCell) -> Gender? {
    switch text.lowercased() {
    case "m", "male", "men": .male
    case "f", "female", "women": .female
    case "", "unknown", "uncategorized": nil
    default: throw BadCell("\"\(text)\" is not a gender such as male, female or unknown")
    }
  }
}

/// What is wrong with one cell.
struct BadCell: Error, Hashable {
  var message: String
  init(_ message: String) { self.message = message }
}
