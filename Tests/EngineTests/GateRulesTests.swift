import Documents
import Engine
import Foundation
import Testing

@Suite struct GateRulesTests {
  private static let path = Fixtures.root.appending(path: "config/gate.yaml").path

  @Test func theFileThatIsShippedHoldsTheStandardRules() throws {
    var rules = try GateRules(path: Self.path)
    // The file writes a third with four digits.
    rules.flash.fieldWidth = GateRules.standard.flash.fieldWidth
    rules.flash.fieldHeight = GateRules.standard.flash.fieldHeight
    #expect(rules == .standard)
  }

  @Test func problemsNameLineKeyAndWhatIsAllowed() throws {
    let text = try String(contentsOfFile: Self.path, encoding: .utf8)
      .replacing("per_second: 3             # this", with: "per_second: many             # this")
      .replacing("area: 0.98 ", with: "aera: 0.98 ")
      .replacing("longest: 2s", with: "longest: 2")
      .replacing("text.hurried: warning", with: "text.hurried: shrug\n  text.hurred: off")
      .replacing("[ebu-r37, own]", with: "[ebu-r38]")
    let error = try #require(throws: DocumentError.self) {
      try GateRules(document: Document(text: text, name: "gate.yaml"))
    }
    let told = error.description
    #expect(told.contains("flash.per_second: must be a whole number"))
    #expect(told.contains("unknown key \"aera\"") && told.contains("did you mean \"area\"?"))
    #expect(told.contains("the key \"area\" is missing"))
    #expect(told.contains("frozen.longest: must be a length of time with its unit"))
    #expect(told.contains("severity.text.hurried: \"shrug\" is not a known severity"))
    #expect(told.contains("unknown key \"text.hurred\"") && told.contains("did you mean \"text.hurried\"?"))
    #expect(told.contains("\"ebu-r38\" is not a known source"))
    #expect(told.split(separator: "\n").allSatisfy { $0.hasPrefix("gate.yaml:") })
  }

  @Test func severitiesDecideWhatIsPublishedAndWhatIsLookedFor() async throws {
    var clip = GateClip()
    clip.picture = GateFault.cover("black", "between(t,0.5,1)")
    try await Fixtures.withFolder { folder in
      let path = try clip.make(in: folder)
      for (severity, passes, count) in [
        (Finding.Severity.failure, false, 1), (.warning, true, 1), (.off, true, 0),
      ] {
        var rules = GateRules.standard
        rules.severities[.pictureBlack] = severity
        let report = try await Gate(rules: rules).inspect(path, as: GateClip.subject())
        #expect(report.passes == passes && report.findings.count == count)
        #expect(report.failures.count + report.warnings.count == count)
      }
    }
  }

  @Test func aReportReadsBackEqualFromItsJSON() async throws {
    let fault = try #require(GateFault.all.first)
    try await Fixtures.withFolder { folder in
      let report = try await Gate().inspect(fault.clip.make(in: folder), as: fault.subject)
      let json = try JSONEncoder().encode(report)
      #expect(try JSONDecoder().decode(GateReport.self, from: json) == report)
      #expect(String(decoding: json, as: UTF8.self).contains("\"picture.black\""))
    }
  }

  @Test func placementsTakeWhatTheyDoNotSayFromTheDefaults() throws {
    let text = """
      schema: retake.placements/1
      defaults:
        audio: {codecs: [aac], channels: 2, required: true}
        video: {fps: {min: 20, max: 30}}
      placements:
        - {id: a, width: 100, height: 100}
        - id: b
          width: 100
          height: 100
          containers: [webm]
          codecs: [vp9]
          output: {codec: vp9}
          min_bytes: 7
          video: {fps: {max: 60}, kbps: {min: 500, max: 9000}, target_kbps: 4000, pixel_formats: [yuv420p, yuv420p10le]}
          audio: {codecs: [opus], sample_rate: 48000, min_kbps: 96, required: false}
          loudness: {lufs: -23, tolerance: 2}
          smallest_text: 30
      """
    let catalogue = try PlacementCatalogue(document: Document(text: text, name: "p.yaml"))
    let (a, b) = (try #require(catalogue["a"]).rules, try #require(catalogue["b"]).rules)
    #expect(a.highestFrameRate == 30 && a.lowestFrameRate == 20 && a.containers == ["mp4"] && a.needsAudio)
    #expect(b.highestFrameRate == 60 && b.containers == ["webm"] && b.minimumBytes == 7 && !b.needsAudio)
    #expect(b.lowestBitRate == 500 && b.highestBitRate == 9000 && b.targetBitRate == 4000)
    #expect(
      b.audioCodecs == ["opus"] && b.sampleRate == 48_000 && b.lowestAudioBitRate == 96 && b.channels == 2)
    #expect(b.loudness == -23 && b.loudnessTolerance == 2 && b.smallestText == 30)
  }

  @Test func whatAPlacementCannotDemandIsRefusedWithItsLine() throws {
    let text = """
      schema: retake.placements/1
      placements:
        - id: a
          width: 100
          height: 100
          containers: [avi]
          video: {fps: {mim: 3}}
          loudness: {lufs: 3}
      """
    let error = try #require(throws: DocumentError.self) {
      try PlacementCatalogue(document: Document(text: text, name: "p.yaml"))
    }
    #expect(error.description.contains("p.yaml:6:18: placements[0].containers[0]: \"avi\""))
    #expect(error.description.contains("unknown key \"mim\""))
    #expect(error.description.contains("the key \"tolerance\" is missing"))
  }

  @Test func theCatalogueShippedHoldsThePlatformsFigures() throws {
    let catalogue = try PlacementCatalogue(
      path: Fixtures.root.appending(path: "config/placements.yaml").path)
    #expect(catalogue["tiktok.infeed"]?.rules.lowestBitRate == 516)
    #expect(catalogue["linkedin.feed"]?.rules.minimumBytes == 75_000)
    #expect(catalogue["instagram.stories"]?.rules.lowestAudioBitRate == 128)
    #expect(catalogue["ctv.vast"]?.rules.loudness == -23)
    #expect(catalogue["ctv.vast"]?.rules.smallestText == 30)
    #expect(catalogue.placements.allSatisfy { $0.rules.isFaststart && $0.rules.audioCodecs.contains("aac") })
  }
}
