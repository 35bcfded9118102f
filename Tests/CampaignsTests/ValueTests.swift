import Campaigns
import FoundationEssentials
import Testing

@Suite struct ValueTests {
  @Test func `variants are named A to Z and then AA`() {
    #expect(
      [0, 1, 25, 26, 27, 51, 52, 701, 702].map(Variant.name(at:)) == [
        "A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
      ])
  }

  @Test(
    "A day is one that the calendar has",
    arguments: [
      ("2028-02-29", true), ("2027-02-29", false), ("2026-13-01", false), ("2026-1-1", false), ("", false),
      ("2026-10-26T00:00", false),
    ])
  func days(text: String, isDay: Bool) {
    #expect(Day.isDay(text) == isDay)
  }

  @Test func `a moment belongs to its day in UTC`() {
    #expect(Day.containing(Date(timeIntervalSince1970: 1_794_787_199)) == "2026-11-15")
    #expect(Day.containing(Date(timeIntervalSince1970: 1_794_787_200)) == "2026-11-16")
  }

  @Test func `a licence holds on its last day, on its platforms and for audiences inside its countries`() {
    let licence = Licence(
      owner: "o", terms: "t", territories: ["FR", "BE"], channels: ["tiktok", "youtube.bumper"],
      from: "2026-01-01", until: "2026-12-31")
    func refusal(_ placement: String, _ day: String, _ countries: [String]?) -> Licence.Refusal? {
      licence.refusal(placement: placement, on: day, countries: countries)
    }
    #expect(refusal("tiktok.infeed", "2026-12-31", ["FR"]) == nil)
    #expect(refusal("youtube.bumper", "2026-01-01", ["BE", "FR"]) == nil)
    #expect(refusal("tiktok.infeed", "2027-01-01", ["FR"]) == .expired("2026-12-31"))
    #expect(refusal("tiktok.infeed", "2025-12-31", ["FR"]) == .notBefore("2026-01-01"))
    #expect(
      refusal("youtube.shorts", "2026-06-01", ["FR"])
        == .channel("youtube.shorts", allowed: ["tiktok", "youtube.bumper"]))
    #expect(refusal("tiktok.infeed", "2026-06-01", ["FR", "CH"]) == .territory("CH", allowed: ["FR", "BE"]))
    #expect(refusal("tiktok.infeed", "2026-06-01", nil) != nil)
  }

  @Test func `a rule is written as people write it in segments.yaml`() throws {
    let rule = AudienceRule(all: [
      .init(attribute: "age", test: .between(18, 29)), .init(attribute: "country", test: .among(["FR"])),
    ])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(rule), as: UTF8.self)
    #expect(
      text == #"{"all":[{"attribute":"age","between":[18,29]},{"attribute":"country","in":["FR"]}]}"#)
    #expect(try JSONDecoder().decode(AudienceRule.self, from: Data(text.utf8)) == rule)
  }
}
