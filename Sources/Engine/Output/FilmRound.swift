import Cryptography
import Foundation

/// A film encoded at one quality, ready to be joined.
struct FilmRound: Sendable {
  var settings: EncoderSettings
  var record: FilmRecord
  /// Under which the cache keeps what is known of the film; nil: no cache, or an asset that cannot be read.
  var keys: RenderOrder.Keys?
  /// nil where the record alone was enough.
  var film: Film?
  var sound = EncodedStream(format: StreamFormat(kind: .aac, parameters: []))
  /// What the gate knows of the sound.
  var heard: GateMemory.Sound?
  /// Segments with the frame each begins at, or the film in one go.
  var video: [(offset: Int, stream: EncodedStream)] = []
  /// Of the segments encoded just now, by their names.
  var tapes: [String: PictureTape] = [:]
  /// Of a film encoded in one go.
  var whole: PictureTape?
  var report = RenderReport()

  /// Of pictures and sound, without the container.
  var packetBytes: Int { video.reduce(sound.bytes.count) { $0 + $1.stream.bytes.count } }

  /// Sound and container: at most 24 bytes a packet (MP4: length, chunk, size, order; WebM: block head and cue)
  /// and the heads.
  var fixedBytes: Int {
    let packets = video.reduce(sound.packets.count) { $0 + $1.stream.packets.count }
    return sound.bytes.count + packets * 24 + 4096
  }

  /// At least what the file will have.
  var bytes: Int { packetBytes - sound.bytes.count + fixedBytes }

  /// The video with so many bytes of filler.
  func padded(by bytes: Int) -> [(offset: Int, stream: EncodedStream)] {
    let all = max(1, record.frameCount)
    return video.map { offset, stream in
      (offset, stream.padded(by: (bytes * stream.packets.count + all - 1) / all))
    }
  }
}

extension FilmRendering {
  /// Encodes the film with `settings`, as far as that was not done before.
  ///
  /// - Parameter other: the same film at another quality; layout and sound are taken from there.
  func encode(_ settings: EncoderSettings, reusing other: FilmRound?) async throws -> FilmRound {
    let (encoder, keys, known) = try await RenderThread.run("look up \(order.placement.id)") { flag in
      try flag.check()
      let encoder = try settings.fingerprint()
      guard let cache, let keys = order.keys(encoder: encoder, form.audioCodec) else {
        return (encoder, RenderOrder.Keys?.none, (plan: FilmPlan, sound: FilmSound)?.none)
      }
      return (encoder, keys, try self.known(keys, cache))
    }
    var round: FilmRound
    let sound: FilmSound
    if let known {
      (round, sound) = (try await pictures(known.plan, settings), known.sound)
    } else if let other {
      let plan = try await RenderThread.run("plan \(order.placement.id)") { flag in
        try prepare(encoder: encoder, film: other.film, flag)
      }
      round = try await pictures(plan, settings)
      sound = FilmSound(
        name: other.record.sound, stream: other.sound, origin: other.report.sound, heard: other.heard)
    } else {
      (round, sound) = try await both(keys, settings, encoder)
    }
    round.keys = keys
    (round.record.sound, round.sound, round.heard) = (sound.name, sound.stream, sound.heard)
    round.report.sound = sound.origin
    if let cache, let keys, known == nil {
      round.record.write(keys.film, to: cache)
      var look = round.record
      look.sound = ""
      if !round.report.wasKnown { look.write(keys.look, to: cache) }
    }
    return round
  }

  /// Pictures and sound, made side by side: when either fails, the other is given up.
  private func both(
    _ keys: RenderOrder.Keys?, _ settings: EncoderSettings, _ encoder: SHA256Digest
  ) async throws -> (FilmRound, FilmSound) {
    enum Part: Sendable {
      case pictures(FilmRound)
      case sound(FilmSound)
    }
    return try await withThrowingTaskGroup(of: Part.self) { group in
      group.addTask {
        .sound(
          try await RenderThread.run("sound \(order.placement.id)") { flag in try self.sound(keys, flag) })
      }
      group.addTask {
        let plan = try await RenderThread.run("plan \(order.placement.id)") { flag in
          try knownLook(keys) ?? prepare(encoder: encoder, film: nil, flag)
        }
        return .pictures(try await pictures(plan, settings))
      }
      var made: (pictures: FilmRound?, sound: FilmSound?)
      for try await part in group {
        switch part {
        case .pictures(let round): made.pictures = round
        case .sound(let sound): made.sound = sound
        }
      }
      guard let round = made.pictures, let sound = made.sound else { throw CancellationError() }
      return (round, sound)
    }
  }

  /// Encodes what `plan` lacks.
  private func pictures(_ plan: FilmPlan, _ settings: EncoderSettings) async throws -> FilmRound {
    var (streams, origins) = (plan.streams, [Int: RenderReport.Origin]())
    for index in streams.keys { origins[index] = .cached }
    let counter = FrameCounter(total: plan.record.frameCount, tell: progress)
    counter.add(streams.keys.reduce(0) { $0 + plan.record.parts[$1].frames.count })
    var round = FilmRound(settings: settings, record: plan.record, film: plan.film)
    if let film = plan.film {
      round.tapes = try await encodeMissing(plan, film, settings, &streams, &origins, counter)
    }
    round.report.wasKnown = plan.isKnown
    round.report.workers = desks.count
    for (index, part) in plan.record.parts.enumerated() {
      round.report.segments.append(
        RenderReport.Segment(
          firstFrame: part.first, endFrame: part.end, name: part.name, origin: origins[index] ?? .cached,
          bytes: streams[index]?.bytes.count ?? 0))
    }
    let ordered = plan.record.parts.indices.compactMap { streams[$0] }
    if let format = ordered.first?.format, ordered.count == plan.record.parts.count,
      ordered.allSatisfy({ $0.format == format })
    {
      round.video = zip(plan.record.parts, ordered).map { ($0.first, $1) }
      return round
    }
    return try await wholly(round, counter)
  }

  /// Everything anew in one stream, where segments do not join.
  private func wholly(_ round: FilmRound, _ counter: FrameCounter) async throws -> FilmRound {
    counter.restart()
    let base = round
    return try await RenderThread.run("encode \(order.placement.id)") { flag in
      var round = base
      let film = try round.film ?? order.film()
      let subject = film.subject(for: order.placement)
      let encoder = SegmentEncoder(
        film: film, settings: round.settings.whole, gate: effort.isInspected ? (subject, gate.rules) : nil)
      let (stream, tape) = try desks.take(flag) {
        try encoder.encode(0..<film.frames.count, flag) { counter.add() }
      }
      round.film = film
      round.video = [(0, stream)]
      round.whole = tape
      round.report.wasJoined = false
      return round
    }
  }

  /// Encodes what is missing, each look once, several at the same time, and gives their tapes.
  private func encodeMissing(
    _ plan: FilmPlan, _ film: Film, _ settings: EncoderSettings, _ streams: inout [Int: EncodedStream],
    _ origins: inout [Int: RenderReport.Origin], _ counter: FrameCounter
  ) async throws -> [String: PictureTape] {
    let parts = plan.record.parts
    // Streams that would not join with what is encoded now are as good as missing.
    if cache != nil, !streams.isEmpty {
      let wanted = try VideoEncoder(width: film.width, height: film.height, settings: settings).format
      for (index, stream) in streams where stream.format != wanted {
        streams[index] = nil
        origins[index] = .encoded(.otherParameters)
      }
    }
    var firsts: [String: Int] = [:]
    var jobs: [Int] = []
    for (index, part) in parts.enumerated() where streams[index] == nil {
      if firsts[part.name] == nil {
        firsts[part.name] = index
        jobs.append(index)
      }
    }
    jobs.sort { (parts[$0].frames.count, $1) > (parts[$1].frames.count, $0) }
    let queue = JobQueue(jobs)
    let subject = film.subject(for: order.placement)
    let namer = TapeNamer(subject: subject, rules: gate.rules)
    let encoder = SegmentEncoder(
      film: film, settings: settings, gate: effort.isInspected ? (subject, gate.rules) : nil)
    let encoded = try await withThrowingTaskGroup(of: [(Int, EncodedStream, PictureTape?)].self) { group in
      for worker in 0..<min(desks.count, settings.codec.segmentsAtOnce, jobs.count) {
        group.addTask {
          try await RenderThread.run("encode \(worker)") { flag in
            var made: [(Int, EncodedStream, PictureTape?)] = []
            while let segment = try desks.take(
              flag,
              {
                try queue.next().map { index in
                  let (stream, tape) = try encoder.encode(parts[index].frames, flag) { counter.add() }
                  return (index, stream, tape)
                }
              })
            {
              let (index, stream, tape) = segment
              cache?.store(stream, as: parts[index].name)
              if let cache, let tape { cache.write(tape.serialised(), as: namer.name(parts[index])) }
              made.append(segment)
            }
            return made
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    var tapes: [String: PictureTape] = [:]
    for (index, stream, tape) in encoded {
      streams[index] = stream
      if let tape { tapes[namer.name(parts[index])] = tape }
      origins[index] = origins[index] ?? .encoded(plan.reasons[index] ?? .noCache)
    }
    for (index, part) in parts.enumerated() where streams[index] == nil {
      guard let first = firsts[part.name] else { continue }
      streams[index] = streams[first]
      origins[index] = .repeated
      counter.add(part.frames.count)
    }
    return tapes
  }
}
