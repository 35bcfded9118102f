import Foundation
import Testing

@testable import Engine

/// Films for tests of what comes out, and what others say of the files.
enum OutputClip {
  static let music = Music(mood: .pulse, tempo: 120, seed: 1)

  /// A film of two seconds that moves a good deal.
  static func order(
    _ placement: Placement = Fixtures.tall, in folder: URL
  ) async throws -> (screenplay: Screenplay, assets: AssetResolver) {
    (.storyboard(Fixtures.storyboard(music: music)), try await Fixtures.assets(in: folder))
  }

  /// ffprobe's facts, one a line, `stream.0.codec_name="vp9"`.
  static func probe(_ path: String, _ arguments: [String] = ["-show_streams", "-show_format"]) throws
    -> String
  {
    try Fixtures.run("ffprobe", ["-v", "error"] + arguments + ["-of", "flat=s=.:h=0", path]).output
  }

  /// What ffmpeg says against a file when it decodes all of it; empty: nothing.
  static func decodingErrors(_ path: String) throws -> String {
    let run = try Fixtures.run("ffmpeg", ["-v", "error", "-xerror", "-i", path, "-f", "null", "-"])
    return run.status == 0 ? run.output : "status \(run.status): \(run.output)"
  }

  /// Frames that come out of ffmpeg's decoder.
  static func decodedFrames(_ path: String) throws -> Int {
    let text = try Fixtures.run(
      "ffprobe",
      [
        "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames",
        "-of",
        "csv=p=0", path,
      ]
    ).output
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
  }

  /// Decoding times of the picture's packets, in order of the file.
  static func decodingTimes(_ path: String) throws -> [Double] {
    try Fixtures.run(
      "ffprobe",
      ["-v", "error", "-select_streams", "v:0", "-show_entries", "packet=dts_time", "-of", "csv=p=0", path]
    ).output.split(separator: "\n").compactMap { Double($0.filter { $0 != "," }) }
  }

  /// Structural similarity of two files' pictures, 0 to 1, by ffmpeg.
  static func similarity(_ path: String, to other: String, filter: String = "null") throws -> Double {
    let text = try Fixtures.run(
      "ffmpeg",
      [
        "-hide_banner", "-i", path, "-i", other, "-lavfi", "[0:v]\(filter)[a];[a][1:v]ssim", "-f", "null",
        "-",
      ]
    ).output
    return try all(text)
  }

  /// What ffmpeg's ssim says of luma and chroma together.
  static func all(_ text: String) throws -> Double {
    let found = try #require(text.firstMatch(of: #/All:([0-9.]+)/#), "\(text)")
    return try #require(Double(found.1))
  }
}
