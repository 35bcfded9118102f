import Documents
import Foundation
import Testing

@testable import Engine

@Suite struct CompositionDocumentTests {
  static let folder = Fixtures.root.appending(path: "examples/compositions")

  static func read(_ yaml: String) throws -> Composition {
    try Composition(document: Document(text: yaml, name: "ad.yaml"))
  }

  static func problems(_ yaml: String) throws -> String {
    try #require(throws: DocumentError.self) { try read(yaml) }.description
  }

  static func scene(_ layers: String, background: String = "{kind: colour, colour: dark}") -> String {
    """
    schema: retake.composition/1
    scenes:
      - duration: 1s
        background: \(background)
        layers:
    \(layers.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n"))
    """
  }

  @Test(arguments: ["reference", "showcase"])
  func theExamplesReadAndAreStagedInEveryShape(name: String) throws {
    let path = Self.folder.appending(path: "\(name).yaml").path
    guard case .composition(let composition) = try Screenplay(document: Document(path: path)) else {
      Issue.record("\(name) is no composition")
      return
    }
    let assets = AssetResolver { Self.folder.appending(path: $0).path }
    for (width, height) in [(270, 480), (270, 338), (270, 270), (480, 270)] {
      let stage = try Stage(
        composition, placement: Placement(id: "x", width: width, height: height), assets: assets)
      #expect(stage.timeline.frameCount == composition.duration.frames)
    }
  }

  @Test func aStoryboardIsReadThroughTheSameDoor() throws {
    let path = Fixtures.root.appending(path: "examples/storyboards/hello.yaml").path
    let screenplay = try Screenplay(document: Document(path: path))
    #expect(try screenplay == .storyboard(Fixtures.hello()))
  }

  @Test func theScheduleOfTheReferenceIsWhatItSays() throws {
    let path = Self.folder.appending(path: "reference.yaml").path
    let composition = try Composition(document: Document(path: path))
    #expect(composition.duration == .seconds(15))
    #expect(composition.cuts == [.zero, .milliseconds(3500), .milliseconds(7500), .seconds(11)])
    #expect(composition.scenes.dropFirst().allSatisfy { $0.transition.duration == 0.5 })
    #expect(composition.assets == ["assets/coast.jpg", "assets/product.jpg"])
  }

  @Test func beatsCountFromTheBeginningOfTheMusic() throws {
    let composition = try Self.read(
      """
      schema: retake.composition/1
      music: {mood: pulse, tempo: 90}
      scenes:
        - {duration: 4 beats}
        - until: "@beat 12"
          layers:
            - {kind: text, text: Now, from: "@beat 8", until: "@bar 2 + 500ms"}
      """)
    #expect(abs(composition.scenes[1].from - 8.0 / 3) < 1e-9 && composition.duration == .seconds(8))
    let layer = composition.scenes[1].layers[1]
    #expect(abs(layer.from - 8.0 / 3) < 1e-9)
    #expect(abs(try #require(layer.until) - 8.0 / 3 - 0.5) < 1e-9)
  }

  @Test func everyProblemNamesItsLineItsPlaceAndWhatIsAllowed() throws {
    let told = try Self.problems(
      Self.scene(
        """
        - {kind: text, text: Hi, size: {min: 90, max: 40}}
        - {kind: text, text: Hi, colour: pink, sise: 3}
        - {kind: shape, width: 100, height: 0}
        - {kind: text, text: Hi, rotation: {keys: [{at: 0s, value: 0}, {at: 1s, value: 5, easing: bouncy-out}]}}
        - {kind: text, text: Hi, opacity: {keys: [{at: 1s, value: 0}, {at: 1s, value: 1}]}}
        - {kind: flow, opacity: 0.5, layers: [{kind: text, role: body, text: Hi, anchor: centre}]}
        - {kind: grade, enter: pop}
        - {kind: text, text: Hi, from: 2s, until: 1s}
        """))
    #expect(told.contains("ad.yaml:6:") && told.contains("scenes[0].layers[0].size: min is larger than max"))
    #expect(told.contains("unknown key \"sise\"") && told.contains("did you mean \"size\"?"))
    #expect(told.contains("scenes[0].layers[1].colour: must be one of primary"))
    #expect(told.contains("has neither fill nor border"))
    #expect(told.contains("layers[2].height: must be more than nothing"))
    #expect(
      told.contains("\"bouncy-out\" is not a known easing") && told.contains("did you mean \"bounce-out\"?"))
    #expect(told.contains("keys must follow each other in time"))
    #expect(told.contains("unknown key \"opacity\""))
    #expect(told.contains("comes and goes by fade only"))
    #expect(told.contains("is never to be seen"))
  }

  @Test func scenesOfNoLengthGapsAndOverlappingCutsAreRefused() throws {
    let told = try Self.problems(
      """
      schema: retake.composition/1
      duration: 9s
      scenes:
        - {from: 0s, until: 2s}
        - {from: 1500ms, until: 3s}
        - {from: 4s, until: 5s, transition: crossfade}
        - {duration: 0s}
        - {until: 6s, duration: 1s}
        - {from: 5500ms, until: 7s, transition: {kind: crossfade, duration: 300ms}}
        - {from: 5800ms, until: 8s, transition: crossfade}
      """)
    #expect(told.contains(":5:") && told.contains("begins 500ms before the scene before it ends, but a cut"))
    #expect(told.contains("begins at 4s, but the scene before ends at 3s: nothing would show between"))
    #expect(told.contains("lasts 0s; a scene must be seen for 100ms at least"))
    #expect(told.contains("must have either duration or until"))
    #expect(told.contains("is 300ms, but the scenes overlap by 500ms"))
    #expect(told.contains("is 9s, but the last scene ends at 8s"))
    #expect(told.contains("but the scene before is wholly there only at"))
  }

  @Test func referencesThatLeadBackOrNowhereAreRefused() throws {
    let told = try Self.problems(
      Self.scene(
        """
        - {kind: text, id: a, text: A, below: b}
        - {kind: text, id: b, text: B, below: c}
        - {kind: text, id: c, text: C, below: a}
        - {kind: text, id: d, text: D, below: dd}
        - {kind: text, id: e, text: E, mask: {layer: e}}
        - {kind: text, id: e, text: F}
        """))
    #expect(told.contains("leads back to itself: a -> b -> c -> a"))
    #expect(told.contains("names \"dd\" as its below, but no layer here has that id (did you mean \"d\"?)"))
    #expect(told.contains("has the id \"e\", which the one on line 10 has already"))
  }

  @Test func captionsThatOverlapAreRefused() throws {
    let told = try Self.problems(
      Self.scene(
        "- {kind: captions, cues: [{from: 0s, until: 600ms, text: A}, {from: 500ms, until: 900ms, text: B}]}")
    )
    #expect(told.contains("cues[1]: begins at 0.5s, before the caption before it ends (0.6s)"))
  }

  @Test func thePublishedSchemaIsWhatTheReaderTakes() throws {
    let file = Fixtures.root.appending(path: "docs/composition.schema.json")
    let text = try CompositionSchema.text()
    if ProcessInfo.processInfo.environment["RETAKE_RECORD_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: file)
    }
    let published = try String(contentsOf: file, encoding: .utf8)
    #expect(published == text, "run the tests with RETAKE_RECORD_GOLDEN=1 and look at the difference")
  }

  @Test func theManualsTablesAreTheForms() throws {
    let file = Fixtures.root.appending(path: "docs/composition.md")
    let manual = try String(contentsOf: file, encoding: .utf8)
    let marker = "writes it. -->\n"
    let head = try #require(manual.range(of: marker)).upperBound
    let tables = Manual.tables()
    if ProcessInfo.processInfo.environment["RETAKE_RECORD_GOLDEN"] == "1" {
      try Data((manual[..<head] + tables).utf8).write(to: file)
    }
    #expect(try String(contentsOf: file, encoding: .utf8).hasSuffix(marker + tables))
    for easing in Easing.names { #expect(manual.contains("`\(easing)`"), "\(easing)") }
  }
}

/// The forms as Markdown.
private enum Manual {
  static func tables() -> String {
    var text = ""
    func add(_ title: String, _ form: Form, level: String = "##") {
      text += "\n\(level) \(title)\n\(form.about)\n\n| key | value | absent | |\n|---|---|---|---|\n"
      for field in form.fields {
        let absent = field.isRequired ? "required" : field.standard.map { "`\($0)`" } ?? ""
        text += "| `\(field.name)` | \(value(field.type)) | \(absent) | \(field.about) |\n"
      }
    }
    add("The document", Forms.composition)
    for form in [
      Forms.palette, Forms.fonts, Forms.music, Forms.recording, Forms.voice, Forms.scene, Forms.transition,
    ] {
      add(form.name, form, level: "###")
    }
    text +=
      "\n## Backgrounds\nA scene's `background` is one of these; as layers they may be masked, blended and faded.\n"
    for form in Forms.backgrounds { add("`\(form.name)`", form, level: "###") }
    text += "\n## Layers\nEvery layer has a `kind`.\n"
    let backgrounds = Set(Forms.backgrounds.filter { Forms.named($0.name).keys == $0.keys }.map(\.name))
    for form in Forms.layers where !backgrounds.contains(form.name) {
      add("`\(form.name)`", form, level: "###")
    }
    add(
      "What most layers may say",
      Form("common", "Each kind may say what means something for it.", Forms.common), level: "###")
    text += "\n| kind | of these |\n|---|---|\n"
    for form in Forms.layers {
      text +=
        "| `\(form.name)` | \(Forms.commonFields(of: form.name).map { "`\($0.name)`" }.joined(separator: ", ")) |\n"
    }
    text += "\n## Parts\n"
    for form in [
      Forms.arrival, Forms.departure, Forms.mask, Forms.shadow, Forms.override, Forms.key, Forms.wave,
      Forms.run,
      Forms.size, Forms.panel, Forms.border, Forms.gradient, Forms.stop, Forms.zoom, Forms.framing, Forms.cue,
    ] { add(form.name, form, level: "###") }
    return text
  }

  private static func value(_ type: FieldType) -> String {
    func range(_ low: Double, _ high: Double) -> String {
      func short(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
      return "\(short(low))…\(short(high))"
    }
    switch type {
    case .text: return "text"
    case .number(let limits): return range(limits.lowerBound, limits.upperBound)
    case .whole(let limits): return "whole, " + range(Double(limits.lowerBound), Double(limits.upperBound))
    case .flag: return "`true`, `false`"
    case .choice(let words): return words.map { "`\($0)`" }.joined(separator: ", ")
    case .word(let words): return words.map { "`\($0)`" }.joined(separator: ", ") + " or a name"
    case .colour: return "`primary`, `secondary`, `accent`, `light`, `dark`, `#RRGGBB[AA]`"
    case .paint: return "`#RRGGBB[AA]`"
    case .moment: return "point in time"
    case .length: return "length of time"
    case .measure: return "units or share"
    case .track(let limits): return "track, " + range(limits.lowerBound, limits.upperBound)
    case .easing: return "easing"
    case .list(let item, let count): return "\(count.lowerBound)…\(count.upperBound) of: \(value(item))"
    case .form(let name): return name
    case .oneOf(let names): return names.joined(separator: " or ")
    case .shortForm(let name, let short): return "\(value(short)), or \(name)"
    case .layer: return "layer"
    case .background: return "background"
    }
  }
}
