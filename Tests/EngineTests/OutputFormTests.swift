import Documents
import Foundation
import Testing

@testable import Engine

@Suite struct OutputFormTests {
  @Test(arguments: [
    ("ad.mp4", OutputForm.mp4), ("a/b.C/AD.MP4", .mp4), ("ad.webm", .webm), ("ad.av1.mp4", .av1),
    ("ad.gif", .gif), ("ad.webp", .webp), ("ad.still.webp", .stillWebP), ("ad.png", .png),
  ])
  func aFilesEndingTellsItsForm(name: String, form: OutputForm) throws {
    #expect(try OutputForm(fileName: name) == form)
    #expect(try OutputForm(fileName: "x.\(form.fileExtension)") == form)
  }

  @Test(arguments: ["ad", "ad.mov", "folder.mp4/ad", ".mp4x", ""])
  func anUnknownEndingIsRefusedWithThoseThereAre(name: String) {
    let error = #expect(throws: EngineError.formUnknown(file: name)) { try OutputForm(fileName: name) }
    let text = error.map { "\($0)" } ?? ""
    for form in OutputForm.allCases { #expect(text.contains(".\(form.fileExtension)")) }
  }

  @Test func aPlacementsOwnCodecGoesBeforeWhatAnEndingAloneSays() throws {
    var placement = Fixtures.tall
    placement.rules.form = .av1
    #expect(try OutputForm(fileName: "ad.mp4", for: placement) == .av1)
    #expect(try OutputForm(fileName: "ad.webm", for: placement) == .webm)
    #expect(try OutputForm(fileName: "ad.gif", for: placement) == .gif)
    #expect(placement.fileName("ad") == "ad.av1.mp4")
  }

  @Test func anEncoderThatIsNotThereIsNamedWithItsPackage() {
    let error = #expect(throws: EngineError.encoderMissing(encoder: "libnone")) {
      try VideoCodec.find("libnone")
    }
    #expect(error.map { "\($0)".contains("libnone") && "\($0)".contains("libavcodec59") } == true)
  }

  @Test func everyEncoderOfEveryFormIsInThisLibavcodec() throws {
    for codec in VideoCodec.allCases { _ = try VideoCodec.find(codec.encoder) }
    for name in [AudioCodec.aac.encoder, AudioCodec.opus.encoder, "libwebp", "libwebp_anim"] {
      _ = try VideoCodec.find(name)
    }
  }

  @Test func aPlacementSaysInWhatCodecAndQualityItIsMade() throws {
    let text = """
      schema: retake.placements/1
      defaults: {output: {codec: h264, crf: 21}}
      placements:
        - {id: a.b, width: 100, height: 100}
        - {id: web.hero, width: 100, height: 100, containers: [webm], codecs: [vp9], output: {codec: vp9, crf: 40}}
      """
    let catalogue = try PlacementCatalogue(document: Document(text: text, name: "placements.yaml"))
    #expect(catalogue["a.b"]?.rules.form == .mp4 && catalogue["a.b"]?.rules.quality == 21)
    #expect(catalogue["web.hero"]?.rules.form == .webm && catalogue["web.hero"]?.rules.quality == 40)
  }

  @Test(arguments: [
    ("codecs: [h264], output: {codec: av1}", "its output is av1, which is none of its codecs: h264"),
    ("codecs: [vp9], output: {codec: vp9}", "its output is webm, which is none of its containers: mp4"),
    ("output: {codec: h263}", "h263"), ("output: {codec: h264, crf: 52}", "52"),
  ])
  func aPlacementsOutputThatItDoesNotTakeIsRefused(rules: String, message: String) throws {
    let text = """
      schema: retake.placements/1
      placements: [{id: a.b, width: 100, height: 100, \(rules)}]
      """
    let error = #expect(throws: DocumentError.self) {
      try PlacementCatalogue(document: Document(text: text, name: "placements.yaml"))
    }
    #expect("\(try #require(error))".contains(message))
  }
}
