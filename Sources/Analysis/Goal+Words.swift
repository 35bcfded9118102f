public import Campaigns

extension Goal {
  /// What is counted, in the plural: `clicks`.
  public var successes: String {
    switch self {
    case .clickThrough: "clicks"
    case .viewThrough: "completed views"
    case .conversion: "conversions"
    }
  }

  /// `clicks per impression`
  public var inWords: String { successes + " per impression" }

  /// What it costs to get one: `cost per click`.
  public var costName: String {
    switch self {
    case .clickThrough: "cost per click"
    case .viewThrough: "cost per completed view"
    case .conversion: "cost per conversion"
    }
  }
}
