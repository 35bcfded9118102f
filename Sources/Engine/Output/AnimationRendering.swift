import Foundation

/// A film on its way to a moving picture without sound: a GIF or an animated WebP. Such files are not joined from
/// segments, for what a frame leaves out depends on all before it.
struct AnimationRendering: Sendable {
  let order: RenderOrder
  let path: String
  let form: OutputForm
  let settings: OutputSettings
  let gate: Gate
  var effort = RenderQuality.full
  let progress: @Sendable (_ done: Int, _ total: Int) -> Void

  /// What is usual on pages and in mails: half the frames, and a shorter side of 480 pixels.
  static let usualSide = 480
  static let usualRate = 15
  /// No smaller, to meet a limit.
  static let smallestSide = 120
  private static let rounds = 5

  func run() async throws -> (info: RenditionInfo, report: RenderReport) {
    try await RenderThread.run("animate \(order.placement.id)") { flag in try animate(flag) }
  }

  private func animate(_ flag: CancellationFlag) throws -> (info: RenditionInfo, report: RenderReport) {
    let quality = settings.quality ?? WebPEncoder.usualQuality
    guard (0...100).contains(quality) else {
      throw EngineError.invalidOutput(reason: "quality \(quality) is none of WebP's; give 0 (worst) to 100")
    }
    let file = try PartialFile(for: path)
    let film = try order.film()
    let limit = [settings.maximumBytes, order.placement.maximumBytes].compactMap(\.self).min()
    var side = min(max(16, settings.shorterSide ?? Self.usualSide), min(film.width, film.height))
    var bytes: [UInt8] = []
    var warnings: [Finding] = []
    var scaler = try PictureScaler(width: film.width, height: film.height, shorterSide: side)
    for round in 1...Self.rounds {
      scaler = try PictureScaler(width: film.width, height: film.height, shorterSide: side)
      let encoder = AnimationEncoder(film: film, step: step, scaler: scaler)
      let passes = form == .gif ? 2 : 1
      let counter = FrameCounter(
        total: encoder.numbers.count * passes + (round == 1 && effort.isInspected ? film.frames.count : 0),
        tell: progress)
      // The gate looks at the frames as they were painted, before any smaller copy of them is made.
      if round == 1, effort.isInspected { warnings = try look(at: film, flag, counter) }
      bytes =
        form == .gif
        ? try encoder.gif(flag) { counter.add() } : try encoder.webp(quality: quality, flag) { counter.add() }
      let isLast = round == Self.rounds || side <= Self.smallestSide
      if let limit, bytes.count > limit {
        guard !isLast else {
          throw EngineError.fileTooLarge(
            file: path, bytes: bytes.count, limit: limit,
            limitOf: settings.maximumBytes == limit ? "the limit that was asked for" : order.placement.id)
        }
        // Bytes go with the area; a little less, for small pictures compress less well.
        let share = (Double(limit) / Double(bytes.count)).squareRoot() * 0.96
        side = max(Self.smallestSide, min(side - 2, Int(Double(side) * share) & ~1))
        continue
      }
      return try publish(
        bytes, file, film: film, scaler: scaler, quality: quality, rounds: round, warnings, flag)
    }
    throw EngineError.fileTooLarge(
      file: path, bytes: bytes.count, limit: limit ?? 0, limitOf: order.placement.id)
  }

  /// Every so many frames of the film one is taken.
  private var step: Int {
    max(
      1,
      Engine.framesPerSecond / min(Engine.framesPerSecond, max(1, settings.framesPerSecond ?? Self.usualRate))
    )
  }

  private func publish(
    _ bytes: [UInt8], _ file: PartialFile, film: Film, scaler: PictureScaler, quality: Int, rounds: Int,
    _ warnings: [Finding], _ flag: CancellationFlag
  ) throws -> (info: RenditionInfo, report: RenderReport) {
    try flag.check()
    try file.fill(bytes)
    var info = try RenditionInfo(
      file, form: form, placement: order.placement, frames: film.frames.count)
    info.frames = (film.frames.count + step - 1) / step
    (info.width, info.height) = (scaler.width, scaler.height)
    info.quality = form == .webp ? quality : nil
    info.rounds = rounds
    info.warnings = warnings
    info.remarks = film.remarks.map(\.description)
    try flag.check()
    try file.publish()
    var report = RenderReport()
    report.wasJoined = false
    return (info, report)
  }

  private func look(at film: Film, _ flag: CancellationFlag, _ counter: FrameCounter) throws -> [Finding] {
    let subject = film.subject(for: order.placement)
    var recorder = PictureRecorder(subject, rules: gate.rules)
    let painter = try FramePainter(film, frames: film.frames.indices)
    for number in film.frames.indices {
      try flag.check()
      if let planes = Planes(try painter.planes(number).frame) {
        recorder.take(planes, isRepeat: number > 0 && film.frames[number] == film.frames[number - 1])
      }
      counter.add()
    }
    let report = gate.judge(recorder.tape, as: subject)
    guard report.passes else {
      throw EngineError.gateClosed(placement: order.placement.id, findings: report.failures)
    }
    return report.warnings
  }
}

/// Paints a film's frames and encodes smaller copies of them.
struct AnimationEncoder {
  let film: Film
  let step: Int
  let scaler: PictureScaler

  /// The frames that are taken.
  var numbers: [Int] { Array(stride(from: 0, to: film.frames.count, by: step)) }

  func webp(quality: Int, _ flag: CancellationFlag, progress: () -> Void) throws -> [UInt8] {
    let encoder = try WebPEncoder(width: scaler.width, height: scaler.height, quality: quality, moves: true)
    let painter = try FramePainter(film, frames: film.frames.indices)
    for number in numbers {
      try flag.check()
      _ = try painter.paint(number)
      try encoder.encode(try scaler.scaled(painter.canvas), number)
      progress()
    }
    return try encoder.finish()
  }

  func gif(_ flag: CancellationFlag, progress: () -> Void) throws -> [UInt8] {
    var writer = GIFWriter(width: scaler.width, height: scaler.height)
    var pixels = [UInt8](repeating: 0, count: scaler.width * scaler.height)
    for section in sections {
      // Once to learn the section's colours, once to use them: frames are cheaper painted anew than kept.
      var histogram = ColourHistogram()
      try each(section, flag) { frame, _ in
        for row in 0..<scaler.height { histogram.add(frame.row(row), count: scaler.width) }
        progress()
      }
      let palette = ColourPalette(histogram)
      let colours = palette.bytes
      var dither = PatternDither(palette)
      try each(section, flag) { frame, number in
        pixels.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          for row in 0..<scaler.height {
            dither.map(frame.row(row), count: scaler.width, y: row, to: base + row * scaler.width)
          }
        }
        writer.add(
          pixels, palette: colours,
          hundredths: hundredths(min(number + step, film.frames.count)) - hundredths(number))
        progress()
      }
    }
    return writer.finish()
  }

  /// Frames between two changes of the scenes that are seen: what has its own colours.
  private var sections: [[Int]] {
    let edges = SegmentPlan.joined(film.cuts, frameCount: film.frames.count)
    return zip(edges, edges.dropFirst()).map { start, end in numbers.filter { start..<end ~= $0 } }
      .filter { !$0.isEmpty }
  }

  private func hundredths(_ frame: Int) -> Int {
    (frame * 100 + Engine.framesPerSecond / 2) / Engine.framesPerSecond
  }

  private func each(
    _ numbers: [Int], _ flag: CancellationFlag, _ body: (ScaledPicture, Int) throws -> Void
  ) throws {
    guard let first = numbers.first, let last = numbers.last else { return }
    let painter = try FramePainter(film, frames: first..<last + 1)
    for number in numbers {
      try flag.check()
      _ = try painter.paint(number)
      try body(ScaledPicture(try scaler.scaled(painter.canvas)), number)
    }
  }
}
