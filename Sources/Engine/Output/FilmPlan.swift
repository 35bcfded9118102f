import Cryptography
import Foundation

/// Everything known of a film once the document was looked at.
struct FilmPlan: Sendable {
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

extension FilmRendering {
  /// What is known already, or else pictures and sound prepared side by side.
  func plan(
    _ known: FilmPlan?, settings: EncoderSettings, encoder: SHA256Digest, reusing other: FilmRound?
  ) async throws -> FilmPlan {
    if let known { return known }
    async let pictures = RenderThread.run("plan \(order.placement.id)") { flag in
      try prepare(encoder: encoder, film: other?.film, flag)
    }
    guard other == nil else {
      var plan = try await pictures
      if let other { (plan.record.sound, plan.sound) = (other.record.sound, other.sound) }
      plan.soundOrigin = other?.report.sound ?? .cached
      return plan
    }
    async let sound = RenderThread.run("sound \(order.placement.id)") { flag in try self.sound(flag) }
    var plan = try await pictures
    (plan.record.sound, plan.sound, plan.soundOrigin) = try await sound
    return plan
  }

  /// Lays out and names what is to be seen and looks for its segments.
  private func prepare(encoder: SHA256Digest, film known: Film?, _ flag: CancellationFlag) throws -> FilmPlan
  {
    try flag.check()
    let film = try known ?? order.film()
    try flag.check()
    // A place that cannot be written to is told before the work, not after it.
    _ = try PartialFile(for: path)
    let namer = SegmentNamer(film, encoder: encoder)
    let parts = SegmentPlan.segments(cuts: film.cuts, frameCount: film.frames.count).map { frames in
      let name = namer.name(frames)
      return FilmRecord.Part(
        first: frames.lowerBound, end: frames.upperBound, name: name.text, aspects: name.aspects)
    }
    var plan = FilmPlan(
      film: film, record: FilmRecord(parts: parts, sound: ""), isKnown: false,
      sound: EncodedStream(format: StreamFormat(kind: .aac, parameters: [])), soundOrigin: .cached,
      streams: [:], reasons: [:])
    let subjectKey = "subject-\(SHA256.hash(fields: ["subject/1", subject]).hex)"
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
  func known(_ key: String, _ cache: SegmentCache) throws -> FilmPlan? {
    guard let record = FilmRecord.read(key, from: cache),
      case .success(let sound) = cache.stream(record.sound)
    else { return nil }
    var streams: [Int: EncodedStream] = [:]
    for (index, part) in record.parts.enumerated() {
      guard case .success(let stream) = cache.stream(part.name) else { return nil }
      streams[index] = stream
    }
    _ = try PartialFile(for: path)
    return FilmPlan(
      film: nil, record: record, isKnown: true, sound: sound, soundOrigin: .cached, streams: streams,
      reasons: [:])
  }

  private func sound(_ flag: CancellationFlag) throws -> (String, EncodedStream, RenderReport.Origin) {
    let sound = try order.sound(flag)
    let codec = form.audioCodec
    let name = AudioEncoder.name(of: sound, codec).hex
    guard let cache else { return (name, try AudioEncoder(codec).encode(sound), .encoded(.noCache)) }
    switch cache.stream(name) {
    case .success(let stream): return (name, stream, .cached)
    case .failure(let miss):
      let stream = try AudioEncoder(codec).encode(sound)
      cache.store(stream, as: name)
      return (name, stream, .encoded(miss == .damaged ? .damaged : .new))
    }
  }
}
