import Campaigns
import Creative
import Foundation
import TestKit
import Testing

@testable import Engine

/// Words over the sample campaign's own photos and colours, as the engine's gate sees them.
@Suite struct ReadabilityTests {
  private static let shapes = [
    Placement(
      id: "tall", width: 432, height: 768, safeZone: .init(top: 108, bottom: 268, left: 26, right: 26)),
    Placement(id: "wide", width: 768, height: 432),
  ]

  @Test("In every layout and palette every word can be read", arguments: ["centred", "split", "overlay"])
  func everyLayout(layout: String) throws {
    let sample = try Sample()
    let backgrounds = ["sea", "city", "mountains", "kitchen"]
    for (index, palette) in ["deep", "fresh", "warm", "light"].enumerated() {
      for (turn, shape) in Self.shapes.enumerated() {
        let background = backgrounds[(index + turn * 2) % backgrounds.count]
        let board = try sample.writer.storyboard(
          levels: sample.levels(["layout": layout, "palette": palette, "background": background]),
          language: turn == 0 ? "en" : "fr")
        let stage = try Stage(board, placement: shape, assets: AssetResolver(sample.folder.assetPaths))
        let found = try findings(stage, GateSubject(stage, placement: shape, hasSound: true))
        #expect(found.isEmpty, "\(layout), \(palette), \(background), \(shape.id): \(found)")
      }
    }
  }

  /// The longest words, for they are set in most lines and take longest to arrive.
  @Test("At every pace all words are there long enough, large enough and in the safe zone, in each placement")
  func everyPace() throws {
    let sample = try Sample()
    let catalogue = try PlacementCatalogue(path: Repository.file("config/placements.yaml").path)
    let rules = GateRules.standard
    func longest(_ factor: String, _ language: String) throws -> String {
      let levels = try #require(sample.folder.document.factors.first { $0.key == factor }).levels
      return try #require(levels.max { $0.text?[language]?.count ?? 0 < $1.text?[language]?.count ?? 0 }).key
    }
    for language in ["en", "fr"] {
      let (hook, headline) = (try longest("hook", language), try longest("headline", language))
      for pace in ["calm", "steady", "brisk"] {
        for layout in ["centred", "split", "overlay"] {
          let board = try sample.writer.storyboard(
            levels: sample.levels(["hook": hook, "headline": headline, "pace": pace, "layout": layout]),
            language: language)
          for name in Sample.placements {
            let placement = try #require(catalogue[name])
            let stage = try Stage(
              board, placement: placement, assets: AssetResolver(sample.folder.assetPaths))
            let subject = GateSubject(stage, placement: placement, hasSound: true)
            var log = FindingLog(rules)
            TextCheck(rules: rules.text, subject: subject, frameRate: 30).check([], &log)
            let failures = log.findings.filter { $0.severity == .failure }
            #expect(failures.isEmpty, "\(language), \(pace), \(layout), \(name): \(failures)")
          }
        }
      }
    }
  }

  /// Of the words only, from the frames the gate would look at.
  private func findings(_ stage: Stage, _ subject: GateSubject) throws -> [Finding] {
    let rules = GateRules.standard
    let watch = TextWatch(subject, rules: rules.text, frames: 0..<stage.timeline.frameCount)
    let painter = try FramePainter(stage: stage)
    _ = MediaLog.isQuiet
    var readings: [TextReading] = []
    for number in watch.frames {
      readings += watch.look(at: try #require(Planes(painter.planes(number).frame)), frame: number)
    }
    var log = FindingLog(rules)
    TextCheck(rules: rules.text, subject: subject, frameRate: 30).check(readings, &log)
    // How long a shot of an ad lasts is its author's choice, which is why haste only gets a warning.
    return log.findings.filter { $0.severity == .failure }
  }
}
