import Foundation
import Testing

@testable import Engine

/// What a film's file must be, as ffmpeg and ffprobe see it.
enum FilmJudge {
  /// Decodes without an error, to as many frames as promised, in an order that never goes back.
  static func expectWhole(_ path: String, frames: Int, _ name: Comment) throws {
    let decode = try Fixtures.run("ffmpeg", ["-v", "error", "-xerror", "-i", path, "-f", "null", "-"])
    #expect(decode.status == 0 && decode.output.isEmpty, "\(name): \(decode.output)")
    let packets = try Fixtures.run(
      "ffprobe",
      ["-v", "error", "-select_streams", "v", "-show_entries", "packet=dts,pts", "-of", "csv=p=0", path]
    ).output.split(separator: "\n").map { $0.split(separator: ",").compactMap { Int($0) } }
    #expect(packets.count == frames, name)
    let decoded = packets.map { $0[1] }
    #expect(zip(decoded, decoded.dropFirst()).allSatisfy { $0 < $1 }, "\(name): \(decoded)")
    #expect(Set(packets.map { $0[0] }).count == frames, name)
  }

  /// Looks like the same frames encoded in one go, by SSIM. No two encodings keep the same of a film's grain: where
  /// they differ by it, joined segments must be as near to what was painted as the whole is, to two hundredths.
  static func expectLikeWhole(_ path: String, of film: Film, _ name: Comment) throws {
    let whole = path + ".whole.mp4"
    try encode(film, EncoderSettings.segment.whole, to: whole)
    let likeness = try ssim(path, whole)
    if likeness < 0.99 {
      let painted = path + ".painted.mp4"
      try encode(film, EncoderSettings(preset: "ultrafast", quality: 1, keyInterval: 250), to: painted)
      let (joined, inOneGo) = (try ssim(path, painted), try ssim(whole, painted))
      #expect(joined >= inOneGo - 0.02, "\(name): like the whole by \(likeness)")
      try FileManager.default.removeItem(atPath: painted)
    }
    try FileManager.default.removeItem(atPath: whole)
  }

  private static func encode(_ film: Film, _ settings: EncoderSettings, to path: String) throws {
    let stream = try SegmentEncoder(film: film, settings: settings).encode(
      0..<film.frames.count, CancellationFlag()
    ) {}.stream
    let movie = try MovieWriter(path: path, formats: [stream.format])
    try movie.write(stream, stream: 0)
    try movie.finish()
  }

  /// 1 where equal.
  private static func ssim(_ one: String, _ other: String) throws -> Double {
    let compared = try Fixtures.run(
      "ffmpeg", ["-i", one, "-i", other, "-lavfi", "[0:v][1:v]ssim", "-f", "null", "-"]
    ).output
    return try #require(compared.firstMatch(of: #/All:([0-9.]+)/#).flatMap { Double($0.1) })
  }
}
