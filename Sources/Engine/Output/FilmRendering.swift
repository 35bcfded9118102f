import Cryptography
import Foundation

/// One film on its way to one file: find what is known, encode what is missing, join.
struct FilmRendering: Sendable {
  let order: RenderOrder
  let path: String
  let subject: String
  let workers: Int
  let cache: SegmentCache?
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
    let encoder = try EncoderSettings.segment.fingerprint()
    let key = cache == nil ? nil : order.digest(encoder: encoder).map { "film-\($0.hex)" }
    let subjectKey = "subject-\(SHA256.hash(fields: ["subject/1", subject]).hex)"
    let plan = try await RenderThread.run("plan \(order.placement.id)") { flag in
      try prepare(key: key, subjectKey: subjectKey, encoder: encoder, flag)
    }
    var (streams, origins) = (plan.streams, [Int: RenderReport.Origin]())
    for index in streams.keys { origins[index] = .cached }
    let counter = FrameCounter(total: plan.record.frameCount, tell: progress)
    counter.add(streams.keys.reduce(0) { $0 + plan.record.parts[$1].frames.count })
    if let film = plan.film {
      try await encodeMissing(plan, film, &streams, &origins, counter)
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
    return try await join(plan, streams, report, counter)
  }

  /// Looks for what is known and lays out the rest.
  private func prepare(
    key: String?, subjectKey: String, encoder: SHA256Digest, _ flag: CancellationFlag
  ) throws -> Plan {
    try flag.check()
    if let key, let cache, let known = try known(key, cache) { return known }
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
    try flag.check()
    let (soundName, sound, soundOrigin) = try sound()
    var plan = Plan(
      film: film, record: FilmRecord(parts: parts, sound: soundName), isKnown: false, sound: sound,
      soundOrigin: soundOrigin, streams: [:], reasons: [:])
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

  private func sound() throws -> (String, EncodedStream, RenderReport.Origin) {
    let sound = try order.sound()
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
    _ origins: inout [Int: RenderReport.Origin], _ counter: FrameCounter
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
    let encoder = SegmentEncoder(film: film)
    let encoded = try await withThrowingTaskGroup(of: [(Int, EncodedStream)].self) { group in
      for worker in 0..<min(workers, jobs.count) {
        group.addTask {
          try await RenderThread.run("encode \(worker)") { flag in
            var made: [(Int, EncodedStream)] = []
            while let index = queue.next() {
              let stream = try encoder.encode(parts[index].frames, flag) { counter.add() }
              cache?.store(stream, as: parts[index].name)
              made.append((index, stream))
            }
            return made
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    for (index, stream) in encoded {
      streams[index] = stream
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
    _ plan: Plan, _ streams: [Int: EncodedStream], _ report: RenderReport, _ counter: FrameCounter
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
        let whole = try SegmentEncoder(film: film, settings: .whole).encode(0..<film.frames.count, flag) {
          counter.add()
        }
        video = [(0, whole)]
        report.wasJoined = false
        return (try write(video, plan, flag), report)
      }
      return (try write(video, plan, flag), report)
    }
  }

  private func write(
    _ video: [(offset: Int, stream: EncodedStream)], _ plan: Plan, _ flag: CancellationFlag
  ) throws -> RenditionInfo {
    try flag.check()
    let file = try PartialFile(for: path)
    let formats = video.first.map { [$0.stream.format, plan.sound.format] } ?? [plan.sound.format]
    let movie = try MovieWriter(path: file.path, formats: formats)
    try movie.write(plan.sound, stream: formats.count - 1)
    for (offset, stream) in video { try movie.write(stream, stream: 0, offset: offset) }
    try movie.finish()
    let info = try describe(file, frames: plan.record.frameCount)
    try flag.check()
    try file.publish()
    return info
  }

  private func describe(_ file: PartialFile, frames: Int) throws -> RenditionInfo {
    let placement = order.placement
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    let bytes = (attributes[.size] as? Int) ?? 0
    if let limit = placement.maximumBytes, bytes > limit {
      throw EngineError.placementUnfit(
        placement: placement.id, reason: "the file has \(bytes) bytes, the placement takes \(limit)")
    }
    let sum: SHA256Digest
    do {
      sum = try SHA256.hash(fileAt: file.path)
    } catch {
      throw EngineError.outputNotWritable(path: path, reason: "what was written cannot be read back")
    }
    return RenditionInfo(
      path: path, placement: placement.id, width: placement.width, height: placement.height,
      durationMilliseconds: frames * 1000 / Engine.framesPerSecond, frames: frames, bytes: bytes,
      sha256: sum.hex, engineVersion: Engine.version)
  }
}
