import Foundation
import Testing

@testable import Engine

enum SoundFixtures {
  struct Reading {
    var loudness: Double
    var peak: Double
  }

  /// What ffmpeg's own meter says of a file: LUFS and dBTP.
  static func reading(_ path: String) throws -> Reading {
    let report = try Fixtures.run(
      "ffmpeg",
      ["-hide_banner", "-nostats", "-i", path, "-vn", "-af", "ebur128=peak=true", "-f", "null", "-"]
    ).output
    let summary = try #require(report.components(separatedBy: "Summary:").last)
    func figure(_ name: String) throws -> Double {
      let line = try #require(summary.split(separator: "\n").first { $0.contains(name) }, "\(report)")
      return try #require(Double(line.split(separator: " ").dropFirst().first ?? ""))
    }
    return Reading(loudness: try figure(" I:"), peak: try figure("Peak:"))
  }

  /// Writes the packets of `encoded` to a file, each after its head (ADTS: ISO/IEC 13818-7, 6.2).
  static func write(_ encoded: EncodedSound, to path: String) throws {
    var data = Data()
    for packet in encoded.packets {
      let size = packet.bytes.count + 7
      // Low complexity, 48 kHz, two channels.
      data.append(contentsOf: [
        0xFF, 0xF1, 0x4C, 0x80 | UInt8(size >> 11), UInt8(size >> 3 & 0xFF), UInt8(size & 7) << 5 | 0x1F,
        0xFC,
      ])
      data.append(contentsOf: packet.bytes)
    }
    try data.write(to: URL(fileURLWithPath: path))
  }

  /// The file's sound as ffmpeg decodes it: both channels' mean, without the encoder's delay, of which ADTS says
  /// nothing.
  static func decoded(_ path: String) throws -> [Float] {
    let raw = path + ".f32"
    let run = try Fixtures.run(
      "ffmpeg",
      ["-v", "error", "-y", "-i", path, "-vn", "-ac", "1", "-ar", "48000", "-f", "f32le", raw])
    #expect(run.status == 0 && run.output.isEmpty, "\(run.output)")
    return try Data(contentsOf: URL(fileURLWithPath: raw)).withUnsafeBytes {
      Array($0.bindMemory(to: Float.self).dropFirst(1024))
    }
  }

  /// A file made by ffmpeg from one of its own sources.
  static func make(_ path: String, source: String, _ arguments: [String] = []) throws {
    let run = try Fixtures.run(
      "ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", source] + arguments + [path])
    #expect(run.status == 0, "\(run.output)")
  }

  /// Of the steps of 2 ms within 60 ms of `second`, the one where energy rises most: its beginning, seconds.
  static func steepestRise(_ samples: [Float], near second: Double) -> Double {
    let hop = 96
    func energy(_ step: Int) -> Double {
      let range = max(0, step * hop)..<min(samples.count, (step + 4) * hop)
      return range.reduce(1e-6) { sum, index in
        // The difference of neighbours leaves what is struck and takes what hums.
        let edge = index > 0 ? Double(samples[index] - samples[index - 1]) : 0
        return sum + edge * edge
      }
    }
    let middle = Int((second * 48_000 / Double(hop)).rounded())
    let best = (middle - 30...middle + 30).max { a, b in
      energy(a) / energy(a - 4) < energy(b) / energy(b - 4)
    }
    return Double((best ?? 0) * hop) / 48_000
  }

  /// The amplitude of `frequency` in `samples`: Goertzel 1958.
  static func amplitude(of frequency: Double, in samples: ArraySlice<Float>) -> Double {
    let turn = 2 * cos(2 * .pi * frequency / 48_000)
    var (one, two) = (0.0, 0.0)
    for sample in samples {
      let now = Double(sample) + turn * one - two
      two = one
      one = now
    }
    return 2 * (one * one + two * two - turn * one * two).squareRoot() / Double(samples.count)
  }

  /// A script that plays the part of a voice program.
  static func voice(_ script: String, timeout: Int = 10_000, limit: Int = 8 << 20) -> VoiceProgram {
    VoiceProgram(
      executable: "sh", arguments: ["-c", script], timeoutMilliseconds: timeout, maximumBytes: limit)
  }

  /// Speaks a tone for so long.
  static func tone(seconds: Double, frequency: Int = 3000) -> VoiceProgram {
    voice(
      "cat >/dev/null; ffmpeg -v error -f lavfi -i 'sine=frequency=\(frequency):sample_rate=22050:duration=\(seconds)'"
        + " -f wav -")
  }
}
