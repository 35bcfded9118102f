import Campaigns

/// One row of a platform's figures, read but not yet written.
struct Insight: Hashable {
  /// Whose figures these are.
  enum Subject: Hashable {
    /// A version that is made when the campaign lacks it.
    case named(String, ImportedAudience)
    /// A version that exists.
    case known(Identifier<Variant>)
  }

  /// Counted from 1; for a request, the index of the row.
  var line: Int
  var subject: Subject
  /// What tells this row from others of the same variant and period.
  var breakdown: String
  /// PostgreSQL's form of a `daterange`; `(,)` when the export has no dates.
  var period: String
  var figures: Figures

  struct Figures: Hashable {
    var impressions: Int64 = 0
    var clicks: Int64 = 0
    /// Thousandths: platforms attribute parts of a conversion.
    var milliconversions: Int64 = 0
    var spendMicros: Int64 = 0
  }
}

/// What one file or request says, before it is written.
struct InsightBatch {
  /// `insight.source`.
  var source: String
  var insights: [Insight] = []
  /// ISO 4217; nil when it does not say.
  var currency: String?
  /// What a person should know of how it was read.
  var notes: [String] = []
  /// Totals that platforms add below or above.
  var totalRows = 0
}

/// What is wrong with one cell.
struct BadCell: Error, Hashable {
  var message: String
  init(_ message: String) { self.message = message }
}
