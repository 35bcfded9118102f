/// Where the columns of a Meta export stand: Ads Manager's own headers, or those of the research set in which
/// `xyz_campaign_id` is the advertiser's campaign and `fb_campaign_id` the platform's.
struct MetaColumns {
  struct Column: Hashable {
    var index: Int
    var header: String
  }

  var variant: Column
  var impressions: Column
  var clicks: Column
  var conversions: Column?
  var spend: Column?
  var age: Column?
  var gender: Column?
  var day: Column?
  var starts: Column?
  var ends: Column?
  /// Told apart rows of one variant and period, in the file's order.
  var breakdowns: [Column]
  /// ISO 4217, from `Amount spent (EUR)`.
  var currency: String?

  init(header: [String]) throws(InsightImportError) {
    let names = header.map { $0.trimming() }
    func find(_ wanted: String...) -> Column? {
      for name in wanted {
        if let index = names.firstIndex(where: { $0.lowercased() == name }) {
          return Column(index: index, header: names[index])
        }
      }
      return nil
    }
    // What a viewer is shown is the ad. Where only ids of single ads are given, each of which met one audience,
    // the advertiser's campaign is what can be compared.
    let variant = find("xyz_campaign_id", "ad name", "ad id", "ad set name", "campaign name", "campaign id")
    let impressions = find("impressions")
    let clicks = find("link clicks", "clicks (all)", "clicks")
    var missing: [String] = []
    if variant == nil { missing.append("Ad name, Ad ID or xyz_campaign_id") }
    if impressions == nil { missing.append("Impressions") }
    if clicks == nil { missing.append("Link clicks or Clicks (all)") }
    guard let variant, let impressions, let clicks else { throw .missingColumns(missing) }
    self.variant = variant
    self.impressions = impressions
    self.clicks = clicks
    // Of the research set's two, the approved ones are purchases; the others asked for information.
    conversions = find("approved_conversion", "results", "purchases", "conversions")
    age = find("age")
    gender = find("gender")
    day = find("day")
    starts = find("reporting starts")
    ends = find("reporting ends")
    let spent = names.firstIndex { $0.lowercased() == "spent" || $0.lowercased().hasPrefix("amount spent") }
    spend = spent.map { Column(index: $0, header: names[$0]) }
    currency = spend?.header.firstMatch(of: #/\(([A-Z]{3})\)/#).map { String($0.1) }
    let known = [
      "ad_id", "ad id", "ad set id", "ad set name", "campaign id", "campaign name", "fb_campaign_id",
      "interest",
      "country", "region", "platform", "publisher platform", "placement", "impression device",
      "device platform",
      "objective", "result type", "result indicator",
    ]
    breakdowns = names.indices.filter { known.contains(names[$0].lowercased()) && $0 != variant.index }
      .map { Column(index: $0, header: names[$0]) }
  }
}

extension String {
  /// Without white space around it.
  func trimming() -> String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
