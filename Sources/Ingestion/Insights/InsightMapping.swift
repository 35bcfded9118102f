/// How a table of figures is to be read: which columns say what, and in which notation. Ad platforms' are built in;
/// any other comes from a file.
public struct InsightMapping: Hashable, Sendable {
  /// How a row names the version its figures are of.
  public enum VariantNaming: String, Hashable, Sendable, CaseIterable {
    /// By the platform's name or id of an ad; a version of that name is made when there is none.
    case name
    /// By the id of a version that exists in the campaign.
    case id
  }

  /// What one of the spend column's numbers is.
  public enum SpendUnit: String, Hashable, Sendable, CaseIterable {
    /// Euros, dollars, yen.
    case currency
    /// Cents: hundredths of it.
    case minor
    case micros

    /// The power of ten that makes micros of it.
    var power: Int {
      switch self {
      case .currency: 6
      case .minor: 4
      case .micros: 0
      }
    }
  }

  /// `insight.source`: figures of different sources never replace each other.
  public var source: String
  /// As people call it.
  public var name: String

  // Headers that each column may have, the best first; case does not matter.
  var variant: [String]
  var impressions: [String]
  var clicks: [String]
  var conversions: [String] = []
  var spend: [String] = []
  var currencyColumn: [String] = []
  var day: [String] = []
  var week: [String] = []
  var month: [String] = []
  var firstDay: [String] = []
  var lastDay: [String] = []
  var age: [String] = []
  var gender: [String] = []
  /// Columns that tell rows of one version and day apart, where the file has them.
  var breakdowns: [String] = []
  /// Left out of the breakdown when the other column is there: names change, ids do not.
  var namesOfIDs: [String: String] = [:]

  var variantNaming = VariantNaming.name
  public var numbers = NumberFormat()
  /// nil: as far as it can be seen from the file.
  public var dayOrder: DayOrder?
  var spendUnit = SpendUnit.currency
  /// ISO 4217; nil when the file says it itself, or nobody does.
  var currency: String?
  /// How the first cell of a row of totals begins.
  var totals: [String] = []
  /// Whether a row that names neither version nor audience is one of totals.
  var hasNamelessTotals = false
  /// Columns of the breakdown that must be there; set by whoever names them.
  public var addedBreakdowns: [String] = []
}
