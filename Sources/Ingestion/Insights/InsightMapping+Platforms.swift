/// The exports of ad platforms, with the headers of their English interfaces.
extension InsightMapping {
  /// Meta Ads Manager (help page "Export reports from Meta Ads Manager"), and the research set in which
  /// `xyz_campaign_id` is the advertiser's campaign and `fb_campaign_id` the platform's.
  public static let meta: InsightMapping = {
    // What a viewer is shown is the ad. Where only ids of single ads are given, each of which met one audience,
    // the advertiser's campaign is what can be compared.
    var mapping = InsightMapping(
      source: "meta", name: "Meta Ads Manager",
      variant: ["xyz_campaign_id", "Ad name", "Ad ID", "Ad set name", "Campaign name", "Campaign ID"],
      impressions: ["Impressions"], clicks: ["Link clicks", "Clicks (all)", "Clicks"])
    // Of the research set's two, the approved ones are purchases; the others asked for information.
    mapping.conversions = ["approved_conversion", "Results", "Purchases", "Conversions"]
    mapping.spend = ["Amount spent", "Spent"]
    mapping.currencyColumn = ["Currency"]
    mapping.day = ["Day"]
    mapping.month = ["Month"]
    mapping.firstDay = ["Reporting starts"]
    mapping.lastDay = ["Reporting ends"]
    mapping.age = ["Age"]
    mapping.gender = ["Gender"]
    mapping.breakdowns = [
      "ad_id", "Ad ID", "Ad set ID", "Ad set name", "Campaign ID", "Campaign name", "fb_campaign_id",
      "interest",
      "Country", "Region", "Platform", "Publisher platform", "Placement", "Impression device",
      "Device platform",
      "Objective", "Result type", "Result indicator",
    ]
    mapping.namesOfIDs = ["Ad set name": "Ad set ID", "Campaign name": "Campaign ID"]
    mapping.hasNamelessTotals = true
    return mapping
  }()

  /// Google Ads: tables and reports as downloaded from its interface, .csv and Excel .csv (help page "Download your
  /// statistics"): a title and a range of dates above the header, rows that begin with `Total:` below.
  public static let googleAds: InsightMapping = {
    var mapping = InsightMapping(
      source: "google_ads", name: "Google Ads",
      variant: [
        "Ad name", "Ad ID", "Ad", "Video", "Asset", "Ad group", "Ad group name", "Campaign", "Campaign name",
      ],
      impressions: ["Impr.", "Impressions"], clicks: ["Clicks"])
    mapping.conversions = ["Conversions", "Conv.", "All conv."]
    mapping.spend = ["Cost"]
    mapping.currencyColumn = ["Currency code", "Currency"]
    mapping.day = ["Day", "Date"]
    mapping.week = ["Week"]
    mapping.month = ["Month"]
    mapping.age = ["Age", "Age range"]
    mapping.gender = ["Gender"]
    mapping.breakdowns = [
      "Account", "Account name", "Customer ID", "Campaign", "Campaign name", "Campaign ID", "Ad group",
      "Ad group name", "Ad group ID", "Ad ID", "Ad type", "Network", "Network (with search partners)",
      "Device",
      "Country/Territory", "Country/Territory (User location)", "Region", "City", "Placement",
      "Hour of the day",
      "Parental status", "Household income",
    ]
    mapping.namesOfIDs = [
      "Account": "Customer ID", "Account name": "Customer ID", "Campaign": "Campaign ID",
      "Campaign name": "Campaign ID", "Ad group": "Ad group ID", "Ad group name": "Ad group ID",
    ]
    mapping.totals = ["Total:"]
    return mapping
  }()

  /// TikTok Ads Manager (help centre, "About custom reports"), saved as CSV: a last row `Total of N results`.
  public static let tikTok: InsightMapping = {
    var mapping = InsightMapping(
      source: "tiktok", name: "TikTok Ads Manager",
      variant: ["Ad name", "Ad ID", "Ad group name", "Campaign name"],
      impressions: ["Impressions", "Impression"],
      clicks: ["Clicks (destination)", "Clicks", "Clicks (all)", "Click"])
    mapping.conversions = [
      "Conversions", "Conversion", "Total conversion", "Results", "Result", "Total complete payment",
      "Complete payment",
    ]
    mapping.spend = ["Cost", "Total cost", "Spend"]
    mapping.currencyColumn = ["Currency"]
    mapping.day = ["By Day", "Date", "Day", "Stat time day", "stat_time_day"]
    mapping.age = ["Age", "Age group"]
    mapping.gender = ["Gender"]
    mapping.breakdowns = [
      "Campaign ID", "Campaign name", "Ad group ID", "Ad group name", "Ad ID", "Placement", "Placement type",
      "Country/Region", "Country", "Province", "Operating system", "Platform", "Language", "Interest",
      "By Hour",
    ]
    mapping.namesOfIDs = ["Campaign name": "Campaign ID", "Ad group name": "Ad group ID"]
    mapping.totals = ["Total of "]
    return mapping
  }()
}
