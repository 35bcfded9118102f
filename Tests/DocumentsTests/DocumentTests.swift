import Documents
import Foundation
import Testing

@Suite struct DocumentTests {
  private enum Goal: String, CaseIterable { case clicks, conversions }

  /// Reads `text` as a small campaign and returns the problems found, printed.
  private func problems(_ text: String, name: String = "campaign.yaml") throws -> [String] {
    let error = try #require(throws: DocumentError.self) {
      try Document(text: text, name: name).read { root in
        let map = root.mapping(allowed: ["name", "goal", "length", "budget", "live", "placements"])
        _ = map.string("name")
        _ = map.oneOf("goal", Goal.self, what: "goal")
        _ = map.optionalDuration("length", in: .seconds(1) ... .seconds(60))
        _ = map.optionalInt("budget", in: 1...1000)
        _ = map.bool("live", default: false)
        _ = map.optionalList("placements") {
          $0.known(in: ["tiktok.infeed", "youtube.bumper"], what: "placement")
        }
      }
    }
    return error.problems.map(\.description)
  }

  @Test func aWordOutsideAClosedSetIsToldWithItsPlaceAndTheNearestAllowedWord() throws {
    let text = "name: x\ngoal: clicks\nplacements:\n  - youtube.bumper\n  - tiktok.infed\n"
    #expect(
      try problems(text) == [
        #"campaign.yaml:5:5: placements[1]: "tiktok.infed" is not a known placement; "#
          + #"allowed: tiktok.infeed, youtube.bumper (did you mean "tiktok.infeed"?)"#
      ])
  }

  @Test func everyProblemIsToldAtOnceInTheOrderOfTheText() throws {
    let text = "nmae: x\ngoal: click\nlength: 6\nbudget: \"12\"\nlive: yes\n"
    let told = try problems(text)
    #expect(told.count == 6)
    #expect(told[0].hasPrefix("campaign.yaml:1:1: ") && told[1].hasPrefix("campaign.yaml:1:1: "))
    #expect(told.contains { $0.contains("unknown key \"nmae\"") && $0.contains("did you mean \"name\"?") })
    #expect(told.contains { $0.contains("the key \"name\" is missing") })
    #expect(told[2].contains("2:7: goal: \"click\" is not a known goal"))
    #expect(told[3].contains("3:9: length: must be a length of time with its unit"))
    #expect(told[4].contains("4:9: budget: must be a whole number") && told[4].contains("quotes"))
    #expect(told[5].contains("5:7: live: must be true or false, but is \"yes\""))
  }

  @Test func valuesOutOfRangeNameTheRange() throws {
    let told = try problems("name: x\ngoal: clicks\nlength: 90s\nbudget: 0\n")
    #expect(told[0].contains("length: must be between 1s and 1m, but is 90s"))
    #expect(told[1].contains("budget: must be between 1 and 1000, but is 0"))
  }

  @Test func aMissingMappingIsReportedOnceAndNotForEachOfItsKeys() throws {
    let told = try problems("- a\n- b\n")
    #expect(told == ["campaign.yaml:1:1: must be a mapping of keys to values, but is a list"])
  }

  @Test func malformedTextNamesLineAndColumn() throws {
    #expect(try problems("name: [a\ngoal: x\n")[0].hasPrefix("campaign.yaml:2:5: not well-formed YAML"))
    #expect(try problems("")[0].contains("the document is empty"))
    #expect(try problems("a: 1\n---\nb: 2\n")[0].contains("another document"))
  }

  @Test func aKeyThatStandsTwiceIsRefused() throws {
    let told = try problems("name: a\ngoal: clicks\nname: b\n")
    #expect(told == ["campaign.yaml:1:1: the key \"name\" stands twice in one mapping; keep one"])
  }

  @Test func textKeepsWhatWasWritten() throws {
    let read = try Document(text: "[NO, 1.10, 0123, on, '~', \"a\\nb\"]", name: "t").read { root in
      root.list { $0.string() }
    }
    #expect(read == ["NO", "1.10", "0123", "on", "~", "a\nb"])
  }

  @Test func jsonReadsWithTheSameDoorIncludingSurrogateEscapes() throws {
    let text = #"{"name": "\ud83d\ude00 caf\u00e9", "n": 1.5, "none": null}"#
    let (name, n, none) = try Document(text: text, name: "a.json").read { root in
      let map = root.mapping(allowed: ["name", "n", "none"])
      return (map.string("name"), map.double("n"), map.optionalString("none"))
    }
    #expect(name == "😀 café" && n == 1.5 && none == nil)
  }

  @Test func aliasesAreFollowedButABombOfThemIsNot() throws {
    let shared = try Document(text: "a: &x [1, 2]\nb: *x\n", name: "t").read { root in
      root.mapping().entries.map { $0.node.list { $0.int() } }
    }
    #expect(shared == [[1, 2], [1, 2]])
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...12 {
      bomb += "a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]\n"
    }
    #expect(try problems(bomb)[0].contains("once its aliases are followed"))
    #expect(try problems(bomb + "? *a12\n: 1\n")[0].contains("a key must be plain text"))
    #expect(try problems(bomb + "*a12 : 1\n")[0].contains("a key must be plain text"))
    #expect(try problems(bomb + "{*a12 : 1}\n")[0].contains("a key must be plain text"))
    #expect(try problems(bomb + "b: {[*a12] : 1}\n")[0].contains("a key must be plain text"))
  }

  @Test(arguments: ["[", "- ", "{a: "])
  func nestingBeyondReasonIsRefusedWithoutEndingTheStack(opening: String) throws {
    #expect(try problems(String(repeating: opening, count: 100_000))[0].contains("nested deeper"))
    #expect(
      try problems(String(repeating: "[", count: 70) + String(repeating: "]", count: 70))[0].contains(
        "nested deeper"))
  }

  @Test func filesThatAreAwayTooLargeOrNotTextAreRefusedByName() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "a.yaml").path
    #expect(throws: DocumentError.self) { try Document(path: path) }
    try Data([0x61, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
    #expect(throws: DocumentError.self) { try Document(path: path) }
    try Data("abc: def".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: DocumentError.self) { try Document(path: path, byteLimit: 4) }
    #expect(throws: Never.self) { try Document(path: path) }
    try FileManager.default.removeItem(at: folder)
  }

  @Test(arguments: [
    ("6s", Duration.seconds(6)), ("500ms", .milliseconds(500)), ("1m30s", .seconds(90)),
    ("1.5s", .milliseconds(1500)), ("14d", .seconds(14 * 86_400)),
  ])
  func lengthsOfTimeReadAndPrint(text: String, duration: Duration) throws {
    #expect(DurationText.parse(text) == duration)
    #expect(DurationText.parse(DurationText.format(duration)) == duration)
  }

  @Test(arguments: ["", "6", "s", "6 s", "6weeks", "-6s", "1.2.3s"])
  func otherTextIsNoLengthOfTime(text: String) {
    #expect(DurationText.parse(text) == nil)
  }
}
