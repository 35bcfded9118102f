import Cryptography
import Foundation

/// One film on its way to one file: find what is known, encode what is missing, as often as it takes to fit, and
/// join.
struct FilmRendering: Sendable {
  let order: RenderOrder
  let path: String
  var form = OutputForm.mp4
  var codec = VideoCodec.h264
  var settings = OutputSettings()
  let subject: String
  let desks: Desks
  let cache: SegmentCache?
  let gate: Gate
  var effort = RenderQuality.full
  let progress: @Sendable (_ done: Int, _ total: Int) -> Void

  func run() async throws -> (info: RenditionInfo, report: RenderReport) {
    var quality = try startQuality()
    var rounds: [Int: FilmRound] = [:]
    var search: QualitySearch?
    while true {
      let round = try await encode(encoder(quality), reusing: rounds.values.first)
      rounds[quality] = round
      var next =
        search
        ?? QualitySearch(
          codec: codec, start: quality,
          limits: ByteLimits(
            order.placement, frames: round.record.frameCount, soundBytes: round.sound.bytes.count,
            maximumBytes: settings.maximumBytes),
          fixedBytes: round.fixedBytes, slack: round.bytes - round.packetBytes)
      let step = next.step(after: quality, bytes: round.bytes)
      search = next
      switch step {
      case .encode(let other): quality = other
      case .take(let taken):
        guard let round = rounds[taken] else { continue }
        return try await finish(round, rounds: rounds.count, least: next.limits.least)
      case .fail(let bytes):
        throw EngineError.fileTooLarge(
          file: path, bytes: bytes, limit: next.limits.most ?? 0, limitOf: next.limits.limitOf)
      }
    }
  }

  /// How the film is coded at `quality`.
  func encoder(_ quality: Int) -> EncoderSettings {
    guard effort == .full else { return .preview }
    // What the sound takes is no longer the picture's.
    let rate = order.placement.rules.highestBitRate.map { max(64, $0 - form.audioCodec.bitRate / 1000) }
    return .segment(codec, quality: quality, highestRate: rate)
  }

  /// The placement, as far as a file of this form can be held to it.
  var placement: Placement { order.placement.taking(form) }

  private func startQuality() throws(EngineError) -> Int {
    let rules = order.placement.rules
    // A placement's quality is meant for the codec it wants.
    let quality = settings.quality ?? (rules.form == form ? rules.quality : nil) ?? codec.usualQuality
    guard codec.possibleQuality.contains(quality) else {
      throw .invalidOutput(
        reason: "quality \(quality) is none of \(codec.encoder)'s; give \(codec.possibleQuality.lowerBound) "
          + "(best) to \(codec.possibleQuality.upperBound) (worst)")
    }
    return quality
  }

  /// Joins, looks at and publishes what was encoded.
  private func finish(
    _ round: FilmRound, rounds: Int, least: Int
  ) async throws -> (info: RenditionInfo, report: RenderReport) {
    if let cache {
      round.record.write("subject-\(SHA256.hash(fields: ["subject/1", subject]).hex)", to: cache)
    }
    let info = try await RenderThread.run("join \(order.placement.id)") { flag in
      try flag.check()
      let filler = codec == .h264 ? max(0, least - round.packetBytes) : 0
      let video = filler == 0 ? round.video : round.padded(by: filler)
      let file = try PartialFile(for: path)
      let formats = video.first.map { [$0.stream.format, round.sound.format] } ?? [round.sound.format]
      let movie = try MovieWriter(path: file.path, container: form.container, formats: formats)
      try movie.write(round.sound, stream: formats.count - 1)
      for (offset, stream) in video { try movie.write(stream, stream: 0, offset: offset) }
      try movie.finish()
      var info = try RenditionInfo(
        file, form: form, placement: order.placement, frames: round.record.frameCount)
      info.quality = round.settings.quality
      info.rounds = rounds
      info.fillerBytes = filler
      let inspection = FilmInspection(rendering: self, round: round)
      info.warnings = try inspection.warnings(about: file.path, sha256: info.sha256, flag)
      info.warnings += order.placement.warnings(about: form)
      info.remarks = round.film?.remarks.map(\.description) ?? round.record.remarks
      try flag.check()
      try file.publish()
      return info
    }
    return (info, round.report)
  }
}

extension RenditionInfo {
  /// The facts of a file that is whole but not yet published.
  init(_ file: PartialFile, form: OutputForm, placement: Placement, frames: Int) throws {
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    let sum: SHA256Digest
    do {
      sum = try SHA256.hash(fileAt: file.path)
    } catch {
      throw EngineError.outputNotWritable(
        path: file.finalPath, reason: "what was written cannot be read back")
    }
    self.init(
      path: file.finalPath, placement: placement.id, width: placement.width, height: placement.height,
      durationMilliseconds: frames * 1000 / Engine.framesPerSecond, frames: frames,
      bytes: (attributes[.size] as? Int) ?? 0, sha256: sum.hex, engineVersion: Engine.version, warnings: [],
      form: form)
  }
}
