import Cryptography
import Documents
import Foundation

/// Everything known of a film once the document was looked at.
struct FilmPlan: Sendable {
  /// nil where the record alone is enough.
  var film: Film?
  var record: FilmRecord
  var isKnown: Bool
  /// Segments already at hand, and why the others are not.
  var streams: [Int: EncodedStream]
  var reasons: [Int: RenderReport.Reason]
}

/// A film's sound, encoded.
struct FilmSound: Sendable {
  /// Under which the cache keeps it.
  var name: String
  var stream: EncodedStream
  var origin: RenderReport.Origin
  /// What the gate will want to know of it; nil where the file's own bytes will tell.
  var heard: GateMemory.Sound?
}

extension FilmRendering {
  /// Lays out and names what is to be seen and looks for its segments.
  func prepare(encoder: SHA256Digest, film known: Film?, _ flag: CancellationFlag) throws -> FilmPlan {
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
      film: film,
      record: FilmRecord(
        parts: parts, sound: "", subject: film.subject(for: order.placement),
        remarks: film.remarks.map { "\($0.path): \($0.message)" }),
      isKnown: false,
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
  func known(
    _ keys: RenderOrder.Keys, _ cache: SegmentCache
  ) throws -> (plan: FilmPlan, sound: FilmSound)? {
    guard let record = FilmRecord.read(keys.film, from: cache),
      case .success(let sound) = cache.stream(record.sound), let plan = try kept(record, cache)
    else { return nil }
    return (plan, FilmSound(name: record.sound, stream: sound, origin: .cached))
  }

  /// All pictures from the cache, where only the sound is another.
  func knownLook(_ keys: RenderOrder.Keys?) throws -> FilmPlan? {
    guard let cache, let keys, let record = FilmRecord.read(keys.look, from: cache) else { return nil }
    return try kept(record, cache)
  }

  private func kept(_ record: FilmRecord, _ cache: SegmentCache) throws -> FilmPlan? {
    var streams: [Int: EncodedStream] = [:]
    for (index, part) in record.parts.enumerated() {
      guard case .success(let stream) = cache.stream(part.name) else { return nil }
      streams[index] = stream
    }
    _ = try PartialFile(for: path)
    return FilmPlan(film: nil, record: record, isKnown: true, streams: streams, reasons: [:])
  }

  /// The sound the cache has under what it follows from, or under its samples, or else a new one; and what the gate
  /// makes of it: measured here, beside the pictures, not at the end when a core idles.
  func sound(_ keys: RenderOrder.Keys?, _ flag: CancellationFlag) throws -> FilmSound {
    var sound = try made(keys, flag)
    try flag.check()
    guard effort.isInspected else { return sound }
    let key = "heard-\(SHA256.hash(fields: ["heard/1", sound.name, gate.rules.fingerprint]).hex)"
    sound.heard = cache?.value(key)
    if sound.heard == nil {
      sound.heard = GateMemory.Sound(sound.stream, rules: gate.rules.sound)
      if let heard = sound.heard { cache?.keep(heard, as: key) }
    }
    return sound
  }

  private func made(_ keys: RenderOrder.Keys?, _ flag: CancellationFlag) throws -> FilmSound {
    if let cache, let keys, case .success(let bytes) = cache.read(keys.sound) {
      let name = String(decoding: bytes, as: UTF8.self)
      if case .success(let stream) = cache.stream(name) {
        return FilmSound(name: name, stream: stream, origin: .cached)
      }
    }
    let sound = try order.sound(flag)
    let codec = form.audioCodec
    let name = AudioEncoder.name(of: sound, codec).hex
    guard let cache else {
      return FilmSound(
        name: name, stream: try AudioEncoder(codec).encode(sound), origin: .encoded(.noCache))
    }
    if let keys { cache.write(Array(name.utf8), as: keys.sound) }
    switch cache.stream(name) {
    case .success(let stream): return FilmSound(name: name, stream: stream, origin: .cached)
    case .failure(let miss):
      let stream = try AudioEncoder(codec).encode(sound)
      cache.store(stream, as: name)
      return FilmSound(name: name, stream: stream, origin: .encoded(miss == .damaged ? .damaged : .new))
    }
  }
}
