import Foundation
import Testing

@testable import Engine

/// Clips made by ffmpeg whose frames say their number.
enum FootageFixtures {
  /// Grey steps that survive lossy coding: the left half counts in ones, the right half in sixteens.
  static let counter = "geq=lum='16+13*if(lt(X,32),mod(N,16),floor(N/16))':cb=128:cr=128"

  static func make(_ arguments: [String], at path: String) throws {
    let run = try Fixtures.run("ffmpeg", ["-v", "error", "-y"] + arguments + ["-threads", "1", path])
    try #require(run.status == 0, "ffmpeg \(arguments.joined(separator: " ")): \(run.output)")
  }

  /// 64x48, numbered from 0.
  static func numbered(
    rate: Int = 25, seconds: Double = 2, filter: String = "null",
    coding: [String] = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-pix_fmt", "yuv420p"],
    at path: String
  ) throws {
    try make(
      [
        "-f", "lavfi", "-i", "color=black:s=64x48:r=\(rate):d=\(seconds),format=yuv420p,\(counter)", "-vf",
        filter,
      ] + coding, at: path)
  }

  /// The number a frame shows.
  static func number(_ bitmap: Bitmap) -> Int {
    func step(_ x: Int) -> Int {
      let pixel = colour(bitmap, x, bitmap.height / 2)
      return Int((Double(pixel.1) / (13 * 255.0 / 219)).rounded())
    }
    return step(bitmap.width / 4) + 16 * step(bitmap.width * 3 / 4)
  }

  /// Red, green, blue and alpha, premultiplied.
  static func colour(_ bitmap: Bitmap, _ x: Int, _ y: Int) -> (Int, Int, Int, Int) {
    bitmap.withPixels { pixels in
      let pixel = pixels + y * bitmap.stride + x * 4
      return (Int(pixel[2]), Int(pixel[1]), Int(pixel[0]), bitmap.hasAlpha ? Int(pixel[3]) : 255)
    } ?? (0, 0, 0, 0)
  }

  static func bytes(_ bitmap: Bitmap) -> [UInt8] {
    let count = bitmap.stride * bitmap.height
    return bitmap.withPixels { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
  }

  /// A clip as a layer of this size would show all of it.
  static func clip(
    _ path: String, from: Double = 0, until: Double = .infinity, columns: Int = 64, rows: Int = 48
  ) throws -> FootageClip {
    let index = try FootageShelf.index(path)
    let footage = try FootageShelf.footage(
      FootageRange(index: index, from: from, until: min(until, index.duration)))
    return FootageClip(
      asset: "clip", footage: footage, view: FootageView(columns: columns, rows: rows))
  }

  static func timing(
    _ clip: FootageClip, speed: Double = 1, repeats: Track.Repeat = .no
  ) -> ClipTiming {
    let range = clip.footage.range
    return ClipTiming(
      times: clip.footage.frames.map(clip.footage.index.seconds),
      moments: clip.footage.frames.map { Int($0) },
      from: range.from, until: range.until, speed: speed, repeats: repeats)
  }

  /// The numbers shown in the engine's frames from the clip's beginning on.
  static func numbers(_ clip: FootageClip, _ timing: ClipTiming, frames: Int) throws -> [Int] {
    let (reel, bitmap) = (FootageReel(clip), try clip.blank())
    return try (0..<frames).map { frame in
      try reel.draw(timing.moment(at: Double(frame) / 30), on: bitmap)
      return number(bitmap)
    }
  }

  static func fault(_ path: String) throws -> String {
    try #require(throws: PictureFault.self) { try clip(path) }.reason
  }
}
