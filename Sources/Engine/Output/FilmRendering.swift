import Cryptography
import Foundation

/// One film on its way to one file: find what is known, encode what is missing, join.
struct FilmRendering: Sendable {
  let order: RenderOrder
  let path: String
  let subject: String
  let workers: Int
  let cache: SegmentCache?
  let gate: Gate
  let progress: @Sendable (_ done: Int, _ total: Int) -> Void

  /// A segment's stream, and where it came from.
  private typealias Found = (stream: EncodedStream, origin: RenderReport.Origin)

  /// Everything known once the document was looked at.
  private struct Plan: Sendable {
    /// nil where the record alone is enough.
    var film: Film?
    var record: FilmRecord
    var isKnown: Bool
    var sound: EncodedStream
    var soundOrigin: RenderReport.Origin
    /// Segments already at hand, and why the others are not.
    var streams: [Int: EncodedStream]
    var reasons: [Int: RenderReport.Reason]
  }

  func run() async throws -> (info: RenditionInfo, report: RenderReport) {
    let subjectKey = "subject-\(SHA256.hash(fields: ["subject/1", subject]).hex)"
    let (encoder, key, known) = try await RenderThread.run("look up \(order.placement.id)") { flag in
      try flag.check()
      let encoder = try EncoderSettings.segment.fingerprint()
      guard let cache, let digest = order.digest(encoder: encoder) else {
        return (encoder, String?.none, Plan?.none)
      }
      let key = "film-\(digest.hex)"
      return (encoder, key, try self.known(key, cache))
    }
    let plan = try await plan(known, subjectKey: subjectKey, encoder: encoder)
    var (streams, origins) = (plan.streams, [Int: RenderReport.Origin]())
    for index in streams.keys { origins[index] = .cached }
    let counter = FrameCounter(total: plan.record.frameCount, tell: progress)
    counter.add(streams.keys.reduce(0) { $0 + plan.record.parts[$1].frames.count })
    var tapes: [String: PictureTape] = [:]
    if let film = plan.film {
      try await encodeMissing(plan, film, &streams, &origins, &tapes, counter)
    }
    var report = RenderReport()
    report.sound = plan.soundOrigin
    report.wasKnown = plan.isKnown
    report.workers = workers
    for (index, part) in plan.record.parts.enumerated() {
      report.segments.append(
        RenderReport.Segment(
          firstFrame: part.first, endFrame: part.end, name: part.name, origin: origins[index] ?? .cached,
          bytes: streams[index]?.bytes.count ?? 0))
    }
    if let cache {
      if let key, !plan.isKnown { plan.record.write(key, to: cache) }
      plan.record.write(subjectKey, to: cache)
    }
    return try await join(plan, key, streams, tapes, report, counter)
  }

  /// What is known already, or else pictures and sound prepared side by side.
  private func plan(_ known: Plan?, subjectKey: String, encoder: SHA256Digest) async throws -> Plan {
    if let known { return known }
    async let sound = RenderThread.run("sound \(order.placement.id)") { flag in try self.sound(flag) }
    async let pictures = RenderThread.run("plan \(order.placement.id)") { flag in
      try prepare(subjectKey: subjectKey, encoder: encoder, flag)
    }
    var plan = try await pictures
    (plan.record.sound, plan.sound, plan.soundOrigin) = try await sound
    return plan
  }

  /// Lays out and names what is to be seen and looks for its segments.
  private func prepare(subjectKey: String, encoder: SHA256Digest, _ flag: CancellationFlag) throws -> Plan {
    try flag.check()
    let film = try order.film()
    try flag.check()
    // A place that cannot be written to is told before the work, not after it.
    _ = try PartialFile(for: path)
    let namer = SegmentNamer(film, encoder: encoder)
    let parts = SegmentPlan.segments(cuts: film.cuts, frameCount: film.frames.count).map { frames in
      let name = namer.name(frames)
      return FilmRecord.Part(
        first: frames.lowerBound, end: frames.upperBound, name: name.text, aspects: name.aspects)
    }
    var plan = Plan(
      film: film, record: FilmRecord(parts: parts, sound: ""), isKnown: false,
      sound: EncodedStream(format: StreamFormat(kind: .aac, parameters: [])), soundOrigin: .cached,
      streams: [:], reasons: [:])
    let before = cache.flatMap { FilmRecord.read(subjectKey, from: $0) }
    for (index, part) in parts.enumerated() {
      guard let cache else {
        plan.reasons[index] = .noCache
        continue
      }
      switch cache.stream(part.name) {
      case .success(let stream): plan.streams[index] = stream
      case .failure(let miss):
        plan.reasons[index] = before?.reason(for: part, miss) ?? (miss == .damaged ? .damaged : .new)
      }
    }
    return plan
  }

  /// All of it from the cache, if the record and everything it names are there.
  private func known(_ key: String, _ cache: SegmentCache) throws -> Plan? {
    guard let record = FilmRecord.read(key, from: cache),
      case .success(let sound) = cache.stream(record.sound)
    else { return nil }
    var streams: [Int: EncodedStream] = [:]
    for (index, part) in record.parts.enumerated() {
      guard case .success(let stream) = cache.stream(part.name) else { return nil }
      streams[index] = stream
    }
    _ = try PartialFile(for: path)
    return Plan(
      film: nil, record: record, isKnown: true, sound: sound, soundOrigin: .cached, streams: streams,
      reasons: [:])
  }

  private func sound(_ flag: CancellationFlag) throws -> (String, EncodedStream, RenderReport.Origin) {
    let sound = try order.sound(flag)
    let name = AudioEncoder.name(of: sound).hex
    guard let cache else { return (name, try AudioEncoder().encode(sound), .encoded(.noCache)) }
    switch cache.stream(name) {
    case .success(let stream): return (name, stream, .cached)
    case .failure(let miss):
      let stream = try AudioEncoder().encode(sound)
      cache.store(stream, as: name)
      return (name, stream, .encoded(miss == .damaged ? .damaged : .new))
    }
  }

  /// Encodes what is missing, each look once, several at the same time.
  private func encodeMissing(
    _ plan: Plan, _ film: Film, _ streams: inout [Int: EncodedStream],
    _ origins: inout [Int: RenderReport.Origin], _ tapes: inout [String: PictureTape],
    _ counter: FrameCounter
  ) async throws {
    let parts = plan.record.parts
    // Streams that would not join with what is encoded now are as good as missing.
    if let parameters = try parameters(film), !streams.isEmpty {
      for (index, stream) in streams where stream.format != parameters {
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
    let encoder = SegmentEncoder(film: film, gate: (subject, gate.rules))
    let encoded = try await withThrowingTaskGroup(of: [(Int, EncodedStream, PictureTape?)].self) { group in
      for worker in 0..<min(workers, jobs.count) {
        group.addTask {
          try await RenderThread.run("encode \(worker)") { flag in
            var made: [(Int, EncodedStream, PictureTape?)] = []
            while let index = queue.next() {
              let (stream, tape) = try encoder.encode(parts[index].frames, flag) { counter.add() }
              cache?.store(stream, as: parts[index].name)
              if let cache, let tape { cache.write(tape.serialised(), as: namer.name(parts[index])) }
              made.append((index, stream, tape))
            }
            return made
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
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
  }

  private func parameters(_ film: Film) throws(EngineError) -> StreamFormat? {
    guard cache != nil else { return nil }
    return try VideoEncoder(width: film.width, height: film.height, settings: .segment).format
  }

  /// Copies packets into the file, or encodes everything anew where that cannot be.
  private func join(
    _ plan: Plan, _ key: String?, _ streams: [Int: EncodedStream], _ tapes: [String: PictureTape],
    _ report: RenderReport, _ counter: FrameCounter
  ) async throws -> (info: RenditionInfo, report: RenderReport) {
    let parts = plan.record.parts
    let ordered = parts.indices.compactMap { streams[$0] }
    return try await RenderThread.run("join \(order.placement.id)") { flag in
      var report = report
      var video = zip(parts, ordered).map { (offset: $0.first, stream: $1) }
      guard let format = ordered.first?.format, ordered.count == parts.count,
        ordered.allSatisfy({ $0.format == format })
      else {
        counter.restart()
        let film = try plan.film ?? order.film()
        let subject = film.subject(for: order.placement)
        let (whole, tape) = try SegmentEncoder(film: film, settings: .whole, gate: (subject, gate.rules))
          .encode(0..<film.frames.count, flag) { counter.add() }
        video = [(0, whole)]
        report.wasJoined = false
        let info = try write(
          video, plan, flag,
          FilmInspection(rendering: self, record: plan.record, key: key, film: film, whole: tape))
        return (info, report)
      }
      let inspection = FilmInspection(
        rendering: self, record: plan.record, key: key, film: plan.film, tapes: tapes)
      return (try write(video, plan, flag, inspection), report)
    }
  }

  private func write(
    _ video: [(offset: Int, stream: EncodedStream)], _ plan: Plan, _ flag: CancellationFlag,
    _ inspection: FilmInspection
  ) throws -> RenditionInfo {
    try flag.check()
    let file = try PartialFile(for: path)
    let formats = video.first.map { [$0.stream.format, plan.sound.format] } ?? [plan.sound.format]
    let movie = try MovieWriter(path: file.path, formats: formats)
    try movie.write(plan.sound, stream: formats.count - 1)
    for (offset, stream) in video { try movie.write(stream, stream: 0, offset: offset) }
    try movie.finish()
    var info = try describe(file, frames: plan.record.frameCount)
    info.warnings = try inspection.warnings(about: file.path, sha256: info.sha256, flag)
    try flag.check()
    try file.publish()
    return info
  }

  private func describe(_ file: PartialFile, frames: Int) throws -> RenditionInfo {
    let placement = order.placement
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    let bytes = (attributes[.size] as? Int) ?? 0
    let sum: SHA256Digest
    do {
      sum = try SHA256.hash(fileAt: file.path)
    } catch {
      throw EngineError.outputNotWritable(path: path, reason: "what was written cannot be read back")
    }
    return RenditionInfo(
      path: path, placement: placement.id, width: placement.width, height: placement.height,
      durationMilliseconds: frames * 1000 / Engine.framesPerSecond, frames: frames, bytes: bytes,
      sha256: sum.hex, engineVersion: Engine.version, warnings: [])
  }
}
