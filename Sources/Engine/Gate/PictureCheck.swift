/// All that is found by looking at frames as cells, one after the other.
struct PictureCheck {
  private let rules: GateRules
  private let frameRate: Double
  private var black: BlackDetector
  private var frozen: FrozenDetector
  private var flash: FlashDetector
  private var flicker: FlickerDetector
  private(set) var frames = 0

  init(_ rules: GateRules, grid: CellGrid, colours: ColourModel, stills: [Range<Int>], frameRate: Double) {
    self.rules = rules
    self.frameRate = frameRate
    black = BlackDetector(rules.black, colours: colours, frameRate: frameRate)
    frozen = FrozenDetector(rules.frozen, stills: stills, frameRate: frameRate)
    flash = FlashDetector(rules.flash, grid: grid, colours: colours, frameRate: frameRate)
    flicker = FlickerDetector(rules.flicker, colours: colours, frameRate: frameRate)
  }

  /// Frames come in their order, each once.
  mutating func take(_ cells: FrameCells) {
    black.take(cells, frame: frames)
    frozen.take(cells, frame: frames)
    flash.take(cells, frame: frames)
    flicker.take(cells, frame: frames)
    frames += 1
  }

  mutating func finish(_ log: inout FindingLog) {
    black.finish(at: frames)
    frozen.finish(at: frames)
    for run in black.runs {
      log.add(
        .pictureBlack, frames: run, measured: seconds(run), threshold: rules.black.longest.seconds, unit: "s",
        "the picture is black for \(span(run)); look for a missing background or asset in that scene")
    }
    for run in frozen.runs {
      log.add(
        .pictureFrozen, frames: run, measured: seconds(run), threshold: rules.frozen.longest.seconds,
        unit: "s",
        "nothing moves for \(span(run)); give the scene some motion or shorten it, or look for a stuck decoder"
      )
    }
    let limit = Double(rules.flash.perSecond)
    for run in flash.generalRuns {
      log.add(
        .pictureFlash, frames: run.frames, measured: run.perSecond, threshold: limit, unit: "flashes/s",
        "up to \(text(run.perSecond)) flashes in a second over \(percent(run.area)) of a field of 10 degrees, "
          + "\(span(run.frames)); people with photosensitive epilepsy can be hurt: slow it down or soften it")
    }
    for run in flash.redRuns {
      log.add(
        .pictureRedFlash, frames: run.frames, measured: run.perSecond, threshold: limit, unit: "flashes/s",
        "up to \(text(run.perSecond)) red flashes in a second over \(percent(run.area)) of a field of 10 "
          + "degrees, \(span(run.frames)); saturated red is the most dangerous: slow it down or change the colour"
      )
    }
    for run in flicker.flickers {
      log.add(
        .pictureFlicker, frames: run.frames, measured: run.measured,
        threshold: Double(rules.flicker.perSecond), unit: "1/s",
        "the light of the whole picture goes up and down \(text(run.measured)) times a second, "
          + "\(span(run.frames)); hold exposure and brightness steady")
    }
    for run in flicker.blinks {
      log.add(
        .pictureBlink, frames: run.frames, measured: run.measured, threshold: rules.flicker.blinkArea,
        unit: "area",
        "frame \(run.frames.lowerBound) differs from both its neighbours over \(percent(run.measured)) of the "
          + "picture; look for a wrong frame at a cut or a join")
    }
  }

  private func seconds(_ run: Range<Int>) -> Double { Double(run.count) / frameRate }
  private func text(_ value: Double) -> String { Quantity.text(value) }
  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
  private func span(_ run: Range<Int>) -> String { Quantity.span(run, frameRate) }
}

/// Figures in messages.
enum Quantity {
  /// At most two digits after the point.
  static func text(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    let hundredths = Int((value * 100).rounded())
    if hundredths % 100 == 0 { return "\(hundredths / 100)" }
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// `1.5 s from frame 30 (1 s)`.
  static func span(_ frames: Range<Int>, _ frameRate: Double) -> String {
    let start = Double(frames.lowerBound) / frameRate
    return
      "\(text(Double(frames.count) / frameRate)) s from frame \(frames.lowerBound) (\(text(start)) s)"
  }
}
