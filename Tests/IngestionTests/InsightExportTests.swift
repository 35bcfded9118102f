import Documents
import Foundation
import TestKit
import Testing

@testable import Ingestion

@Suite("Reading exports")
struct InsightExportTests {
  static func fixture(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Repository.file("Tests/EndToEnd/Fixtures/\(name)")))
  }

  private func batch(_ text: String, _ mapping: InsightMapping) throws -> InsightBatch {
    try InsightExport(Array(text.utf8), mapping: mapping).batch
  }

  private func name(_ insight: Insight) -> String {
    if case .named(let name, let audience) = insight.subject { "\(name) / \(audience.key)" } else { "" }
  }

  @Test(
    "Semicolons, a byte order mark and CR LF are read; a spreadsheet, noise and an empty file are refused")
  func encodings() throws {
    let text =
      "\u{FEFF}Ad name;Impressions;Clicks (all);Day\r\n\"A\r\nB\";5;1;2026-11-02\r\n\r\nC;6;2;2026-11-03\r\n"
    let insights = try batch(text, .meta).insights
    #expect(insights.map(\.line) == [2, 5])
    #expect(insights.map(name) == ["A\r\nB / all-ages-unknown", "C / all-ages-unknown"])
    #expect(insights.map(\.period) == ["[2026-11-02,2026-11-02]", "[2026-11-03,2026-11-03]"])
    for bytes: [UInt8] in [
      [0xFF, 0xFE, 0x41, 0x00], [0xFF, 0xFE, 0x41], [0xFF, 0xFE, 0x00, 0xDC], [0xFF, 0x41], [],
      [0x50, 0x4B, 3, 4],
      Array("Ad name,Impressions,Clicks\n".utf8),
    ] {
      #expect(throws: InsightImportError.self) { try InsightExport(bytes, mapping: .meta) }
    }
  }

  @Test("A Google Ads report is read past its title, its dates and its totals")
  func googleAds() throws {
    let batch = try InsightExport(Self.fixture("google-ads-report.csv"), mapping: .googleAds).batch
    #expect(batch.source == "google_ads" && batch.currency == "EUR" && batch.totalRows == 2)
    #expect(batch.insights.map(\.line) == [4, 5, 6, 7])
    #expect(
      batch.insights.map(name) == [
        "Bottle 15s / women-25-34", "Bottle 15s / women-25-34", "Bottle, \"green\" / men-65-plus",
        "Bottle 15s / all-ages-unknown",
      ])
    #expect(batch.insights.map(\.figures.impressions) == [1_234_567, 1_250, 88, 0])
    #expect(batch.insights.map(\.figures.milliconversions) == [12_500, 1_000, 333, 0])
    #expect(batch.insights.map(\.figures.spendMicros) == [1_020_500_000, 12_340_000, 3_100_000, 0])
    #expect(batch.insights[0].period == "[2026-11-02,2026-11-02]")
    #expect(batch.insights[0].breakdown == "Campaign ID=12345678901, Network=YouTube")
    #expect(batch.notes.contains { $0.contains("CTR") && $0.contains("Avg. CPV") })
  }

  @Test(
    "Google Ads' Excel CSV, UTF-16LE with tabs and without a column of days, takes them from above the header"
  )
  func excelCSV() throws {
    let text =
      "Ad report\r\n\"November 2, 2026 - November 8, 2026\"\r\nAd name\tAd\tImpr.\tClicks\tCost\tConversions\r\n"
      + "--\tSpring\t1,000\t20\t€12.50\t--\r\nTotal: Account\t\t1,000\t20\t€12.50\t0\r\n"
    let units = [0xFEFF] + Array(text.utf16)
    for isBigEndian in [false, true] {
      let bytes = units.flatMap { unit in
        isBigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      }
      let batch = try InsightExport(bytes, mapping: .googleAds).batch
      #expect(batch.insights.map(name) == ["Spring / all-ages-unknown"])
      #expect(batch.insights[0].period == "[2026-11-02,2026-11-08]")
      #expect(batch.insights[0].figures == .init(impressions: 1000, clicks: 20, spendMicros: 12_500_000))
    }
  }

  @Test(
    "Days above the header are understood however the report wrote them",
    arguments: [
      "\"September 1, 2026 - September 3, 2026\"", "September 1, 2026 - September 3, 2026",
      "1 September 2026 - 3 September 2026", "Ad report (2026-09-01 - 2026-09-03)",
      "1. Sept. 2026 – 3. Sept. 2026",
    ])
  func preamble(line: String) throws {
    let batch = try batch("Ad report\n\(line)\nAd,Impr.,Clicks\nA,5,1\n", .googleAds)
    #expect(batch.insights.map(\.period) == ["[2026-09-01,2026-09-03]"])
  }

  @Test("Weeks and months are periods of their own")
  func periods() throws {
    let week = try batch("Week,Ad,Impr.,Clicks\n2026-11-02,A,5,1\n", .googleAds)
    #expect(week.insights[0].period == "[2026-11-02,2026-11-08]")
    for month in ["2026-02-01", "February 2026", "2026-02"] {
      let month = try batch("Month,Ad,Impr.,Clicks\n\(month),A,5,1\n", .googleAds)
      #expect(month.insights[0].period == "[2026-02-01,2026-02-28]")
    }
  }

  @Test("A TikTok export is read up to its last row of totals")
  func tikTok() throws {
    let batch = try InsightExport(Self.fixture("tiktok-export.csv"), mapping: .tikTok).batch
    #expect(batch.source == "tiktok" && batch.currency == "USD" && batch.totalRows == 1)
    #expect(
      batch.insights.map(name) == ["Hook A / women-18-24", "Hook A / men-55-plus", "Hook B / women-18-24"])
    #expect(batch.insights.map(\.figures.clicks) == [210, 15, 1044])
    #expect(batch.insights.map(\.period) == Array(repeating: "[2026-11-03,2026-11-03]", count: 3))
  }

  @Test("Two days that could be either make the file's order known; without any such day the first is named")
  func dayOrder() throws {
    let head = "By Day,Ad name,Impressions,Clicks\n"
    let known = try batch(head + "03/11/2026,A,5,1\n13/11/2026,A,5,1\n", .tikTok)
    #expect(known.insights.map(\.period) == ["[2026-11-03,2026-11-03]", "[2026-11-13,2026-11-13]"])
    let error = #expect(throws: InsightImportError.self) {
      try batch(head + "11/11/2026,A,5,1\n03/11/2026,A,5,1\n", .tikTok)
    }
    #expect(
      error?.description.contains("line 3, column By Day: \"03/11/2026\" is either 2026-11-03 or 2026-03-11")
        == true)
    #expect(error?.description.contains("--dates dmy or --dates mdy") == true)
    var mapping = InsightMapping.tikTok
    mapping.dayOrder = .monthDayYear
    let told = try batch(head + "03/11/2026,A,5,1\n", mapping)
    #expect(told.insights[0].period == "[2026-03-11,2026-03-11]")
    #expect(throws: InsightImportError.self) {
      try batch(head + "13/11/2026,A,5,1\n11/13/2026,A,5,1\n03/04/2026,B,1,1\n", .tikTok)
    }
  }

  @Test("A column that is missing is told with what there is and what may be meant")
  func missing() throws {
    let error = #expect(throws: InsightImportError.self) {
      try batch("Ad report\nDay,Ad name,Impresions,Clicks\n2026-11-02,A,5,1\n", .googleAds)
    }
    let text = error?.description ?? ""
    #expect(text.contains("the file lacks: Impr. or Impressions (is \"Impresions\" meant?)"), "\(text)")
    #expect(text.contains("Its columns are: Day, Ad name, Impresions, Clicks"))
  }

  @Test("Rows that only another column tells apart need it named")
  func breakdowns() throws {
    let text = "Day,Ad,Creative size,Impr.,Clicks\n2026-11-02,A,S,5,1\n2026-11-02,A,L,6,1\n"
    let error = #expect(throws: InsightImportError.self) { try batch(text, .googleAds) }
    #expect(error?.description.contains("--breakdown") == true)
    var mapping = InsightMapping.googleAds
    mapping.addedBreakdowns = ["creative size"]
    #expect(try batch(text, mapping).insights.map(\.breakdown) == ["Creative size=S", "Creative size=L"])
  }

  @Test(
    "Numbers are read in the notations platforms use, to the last micro",
    arguments: [
      ("1234.5", 1_234_500_000), ("1,234.50", 1_234_500_000), ("$1,234.50", 1_234_500_000),
      ("12 345", 12_345_000_000),
      ("US$ 0.000001", 1), ("12.3456785 €", 12_345_679), ("--", 0), ("", 0), ("1,23,456", 123_456_000_000),
      ("1’234.5", 1_234_500_000), (".5", 500_000), ("EUR\u{A0}3", 3_000_000),
    ])
  func numbers(cell: String, micros: Int64) throws {
    #expect(try NumberFormat().scaled(cell, power: 6, isMoney: true) == micros)
  }

  @Test(
    "What may be read in two ways, and what is no number, is refused",
    arguments: ["12,50", "1,2345", "-1", "1.2.3", "12a3", "1,,000", "9 00", "5%", "1e5", "99999999999999999"])
  func noNumbers(cell: String) {
    #expect(throws: BadCell.self) { try NumberFormat().scaled(cell, power: 6, isMoney: true) }
  }

  @Test("A decimal comma is read when it is said, and suggested when it is not")
  func decimalComma() throws {
    #expect(try NumberFormat.decimalComma.scaled("1.234,56", power: 6) == 1_234_560_000)
    let error = #expect(throws: BadCell.self) { try NumberFormat().scaled("1.234,56", power: 6) }
    #expect(error?.message.contains("--decimal-comma") == true)
  }

  @Test(
    "Days are read in the notations that leave nothing open",
    arguments: [
      "2026-11-02", "2026/11/02", "20261102", "Nov 2, 2026", "November 2, 2026", "2 Nov 2026",
      "2nd November 2026",
      "2 novembre 2026", "2. November 2026", "2 de noviembre de 2026", "02.11.2026", "2026-11-02 00:00:00",
      "2026-11-02T23:59:59Z",
    ])
  func days(cell: String) {
    #expect(CellDay(cell) == .day("2026-11-02"))
  }

  @Test(
    "What is no day, or no full one, is refused",
    arguments: ["2026-11-31", "Nov 2", "2/11/26", "yesterday", "2026-13-01", "31 Foo 2026", ""])
  func noDays(cell: String) {
    #expect(CellDay(cell) == nil)
  }

  @Test("The sample mapping reads a table of another platform, with its own notation")
  func mapping() throws {
    let mapping = try InsightMapping(path: Repository.file("examples/insights/mapping.yaml").path)
    let batch = try batch(
      """
      Start date;Creative name;Campaign ID;Impressions;Clicks;Leads;Total spent;Currency
      03.04.2026;A;7;1.200;12;1,5;"1.010,25";EUR
      Total;;;1.200;12;1,5;"1.010,25";EUR

      """, mapping)
    #expect(batch.source == "linkedin_ads" && batch.currency == "EUR" && batch.totalRows == 1)
    #expect(
      batch.insights[0].period == "[2026-04-03,2026-04-03]" && batch.insights[0].breakdown == "Campaign ID=7")
    #expect(
      batch.insights[0].figures
        == .init(impressions: 1200, clicks: 12, milliconversions: 1500, spendMicros: 1_010_250_000))
  }

  @Test("A mapping with mistakes tells all of them by line")
  func wrongMapping() throws {
    let document = try Document(
      text: """
        schema: retake.insights/1
        source: LinkedIn
        columns: {variant: A, impresions: B, clicks: C, first_day: D}
        dates: dym
        numbers: {decimal: ".", thousands: "."}
        """, name: "mapping.yaml")
    let error = #expect(throws: DocumentError.self) { try InsightMapping(document) }
    let text = error?.description ?? ""
    for part in [
      "mapping.yaml:2:9: source", "did you mean \"impressions\"",
      "columns: the key \"impressions\" is missing",
      "first_day and last_day", "mapping.yaml:4:8: dates", "must be different",
    ] {
      #expect(text.contains(part), "\(text)")
    }
  }
}
