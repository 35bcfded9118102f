import Cryptography
import Foundation

/// What a film was made of the last time: with it, a film whose document, assets, fonts and placement are the
/// same is assembled without anything being laid out or drawn.
struct FilmRecord: Sendable, Hashable, Codable {
  struct Part: Sendable, Hashable, Codable {
    var first: Int
    var end: Int
    var name: String
    var aspects: SegmentName.Aspects

    var frames: Range<Int> { first..<end }
  }

  /// The gate let the file with these bytes pass.
  struct Verdict: Sendable, Hashable, Codable {
    var sha256: String
    /// The hash of the rules it was held to.
    var rules: String
    var warnings: [Finding]
  }

  var parts: [Part]
  /// Empty in a record of pictures alone.
  var sound: String
  /// What the gate is to find in the film.
  var subject: GateSubject?
  /// What is shown otherwise than the document asks for; without lines, for those move while the film stays.
  var remarks: [String]
  /// nil until a file made of these parts has passed.
  var verdict: Verdict?

  var frameCount: Int { parts.last?.end ?? 0 }

  static func read(_ name: String, from cache: SegmentCache) -> FilmRecord? { cache.value(name) }

  func write(_ name: String, to cache: SegmentCache) { cache.keep(self, as: name) }

  /// Why `part`, which is not in the cache, is not: this being the record of the last time.
  func reason(for part: Part, _ miss: SegmentCache.Miss) -> RenderReport.Reason {
    if miss == .damaged { return .damaged }
    if parts.contains(where: { $0.name == part.name }) { return .evicted }
    let twin = parts.max { overlap($0, part) < overlap($1, part) }
    guard let twin, overlap(twin, part) > 0 else { return .new }
    let known = Set(twin.aspects.pictures)
    return .changed(
      RenderReport.Change(
        encoder: twin.aspects.encoder != part.aspects.encoder,
        length: twin.aspects.frames != part.aspects.frames,
        motion: twin.aspects.motion != part.aspects.motion,
        pictures: part.aspects.pictures.count { !known.contains($0) },
        picturesOf: part.aspects.pictures.count))
  }

  private func overlap(_ a: Part, _ b: Part) -> Int { a.frames.clamped(to: b.frames).count }
}

extension SegmentCache {
  /// A small value kept as JSON. Whatever cannot be read as one is as good as none; it is written anew in a
  /// moment.
  func value<Value: Decodable>(_ name: String) -> Value? {
    guard case .success(let bytes) = read(name) else { return nil }
    do { return try JSONDecoder().decode(Value.self, from: Data(bytes)) } catch { return nil }
  }

  /// Keeps a value of strings and numbers, which always has a JSON form.
  func keep(_ value: some Encodable, as name: String) {
    do { write(Array(try JSONEncoder().encode(value)), as: name) } catch { return }
  }
}
