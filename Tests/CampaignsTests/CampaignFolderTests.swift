import Campaigns
import Foundation
import TestKit
import Testing

@Suite struct CampaignFolderTests {
  @Test func `the sample campaign is read whole`() async throws {
    try await withTemporaryFolder { folder in
      let sample = try ExampleFolder(in: folder).read()
      #expect(sample.key == "perlune-one-launch")
      #expect(sample.budget == Money(minorUnits: 1_200_000, currency: "EUR"))
      #expect(sample.document.durationMs == 6000)
      #expect(Set(sample.document.factors.map(\.key)) == Set(FactorKind.allCases.map(\.rawValue)))
      #expect(sample.document.policy.minimumLift == 0.05)
      #expect(sample.segments.map(\.key) == ["young-city-fr", "commuters-gb", "hikers-alps"])
      #expect(sample.segments[1].rule.countries == ["GB", "IE"])
      #expect(sample.brand.assets["logo"]?.licence.channels == [])
      #expect(sample.brand.assets["sea-sunset"]?.mediaType == "image/jpeg")
      #expect(sample.assetPaths.count == sample.brand.assets.count)
    }
  }

  /// What is changed in which file, and what the one problem must say.
  struct Mistake: CustomTestStringConvertible, Sendable {
    let file: String
    let old: String
    let new: String
    let says: [String]
    var testDescription: String { says[0] }
  }

  @Test(
    "A mistake is told with its place, its key and what is allowed",
    arguments: [
      Mistake(
        file: "campaign.yaml", old: "goal: click_through", new: "goal: clicks",
        says: ["goal", "campaign.yaml:10:", "click_through, view_through, conversion"]),
      Mistake(
        file: "campaign.yaml", old: "versions_per_segment:", new: "versions_per_segmnt:",
        says: ["unknown key", "did you mean \"versions_per_segment\"", "missing"]),
      Mistake(
        file: "campaign.yaml", old: "  - tiktok.infeed ", new: "  - tiktok.infed ",
        says: ["placements[0]", "did you mean \"tiktok.infeed\""]),
      Mistake(
        file: "campaign.yaml", old: "ends: 2027-01-31", new: "ends: 2027-02-30",
        says: ["ends", "a day such as 2026-10-26"]),
      Mistake(
        file: "campaign.yaml", old: "ends: 2027-01-31", new: "ends: 2026-01-31",
        says: ["ends", "before the first"]),
      Mistake(
        file: "campaign.yaml", old: "fr: \"Encore un pack d’eau à porter ?\"", new: "de: \"Wasser?\"",
        says: [
          "factors[0].levels[0].text", "unknown key \"de\"; allowed: en, fr", "the key \"fr\" is missing",
        ]),
      Mistake(
        file: "campaign.yaml", old: "{key: sea, value: sea-sunset", new: "{key: sea, value: sea-sunrise",
        says: ["levels[0].value", "not a photo of the brand", "alpine-morning, city-dusk"]),
      Mistake(
        file: "campaign.yaml", old: "      - key: recipe", new: "      - key: burden",
        says: ["factors[0].levels[1]", "\"burden\" is there twice"]),
      Mistake(
        file: "campaign.yaml", old: "amount: 12000.00", new: "amount: 12000.005",
        says: ["budget.amount", "at most 2 decimals for EUR"]),
      Mistake(
        file: "campaign.yaml", old: "\"0 22 * * 0\"", new: "monday",
        says: ["policy.schedule", "five fields"]),
      Mistake(
        file: "campaign.yaml", old: "allocation_floor: 0.05", new: "allocation_floor: 0.5",
        says: ["policy.allocation_floor", "between 0.05"]),
      Mistake(
        file: "brand.yaml", old: "file: assets/city-dusk.jpg", new: "file: assets/city.jpg",
        says: ["assets[4].file", "there is no file"]),
      Mistake(
        file: "brand.yaml", old: "file: assets/city-dusk.jpg", new: "file: ../../etc/passwd",
        says: ["assets[4].file", "inside the campaign's folder"]),
      Mistake(
        file: "brand.yaml", old: "kind: product", new: "kind: photo",
        says: ["assets[2].file", "image/svg+xml", "a photo must be image/jpeg"]),
      Mistake(
        file: "brand.yaml", old: "primary: \"#0B4A55\"", new: "primary: teal",
        says: ["colours.primary", "must be a colour"]),
      Mistake(
        file: "brand.yaml", old: "  fr: Perlune est une marque fictive.\n", new: "",
        says: ["legal", "has no text in fr"]),
      Mistake(
        file: "segments.yaml", old: "language: en", new: "language: de",
        says: ["segments[1].language", "not one of the campaign's languages; allowed: en, fr"]),
      Mistake(
        file: "segments.yaml", old: "key: hikers-alps", new: "key: commuters-gb",
        says: ["segments[2]", "there twice"]),
      Mistake(
        file: "segments.yaml", old: "between: [18, 29]", new: "between: [29, 18]",
        says: ["rule.all[0].between", "[least, most]"]),
    ])
  func mistakes(mistake: Mistake) async throws {
    try await withTemporaryFolder { folder in
      let example = try ExampleFolder(in: folder)
      try example.replace(mistake.old, by: mistake.new, in: mistake.file)
      let told = try example.problems().joined(separator: "\n")
      for words in mistake.says + ["\(mistake.file):"] {
        #expect(told.contains(words), "\(words) is not in: \(told)")
      }
    }
  }

  @Test func `problems of all three files are told at once`() async throws {
    try await withTemporaryFolder { folder in
      let example = try ExampleFolder(in: folder)
      try example.replace("goal: click_through", by: "goal: fame", in: "campaign.yaml")
      try example.replace("key: perlune ", by: "key: Perlune!", in: "brand.yaml")
      try example.replace("audience: 1450000", by: "audience: many", in: "segments.yaml")
      let problems = try example.problems()
      #expect(problems.count == 3)
      #expect(
        Set(problems.map { $0.prefix { $0 != ":" } }) == ["brand.yaml", "campaign.yaml", "segments.yaml"])
    }
  }

  @Test(
    "A licence that does not cover the campaign is refused",
    arguments: [
      ("      until: null", "      until: 2026-12-31", "its licence ended on 2026-12-31"),
      ("from: 2026-01-01", "from: 2026-11-01", "its licence begins on 2026-11-01"),
      ("channels: [all]", "channels: [tiktok]", "does not cover facebook.feed_square, only tiktok"),
      ("territories: [world]", "territories: [FR, BE, CH]", "does not cover GB"),
    ])
  func licences(old: String, new: String, says: String) async throws {
    try await withTemporaryFolder { folder in
      let example = try ExampleFolder(in: folder)
      try example.replace(old, by: new, in: "brand.yaml")
      let told = try example.problems().joined(separator: "\n")
      #expect(told.contains(says), "\(told)")
      #expect(told.contains("\"logo\" cannot be used"))
    }
  }

  @Test func `a missing file is named and the others are still read`() async throws {
    try await withTemporaryFolder { folder in
      let example = try ExampleFolder(in: folder)
      try FileManager.default.removeItem(at: example.url.appending(component: "segments.yaml"))
      #expect(try example.problems() == ["segments.yaml: there is no such file"])
    }
  }
}
