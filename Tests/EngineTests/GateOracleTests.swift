import Engine
import Foundation
import Testing

/// ffmpeg's own detectors, asked about the same files.
@Suite struct GateOracleTests {
  private struct Stretch {
    var start: Double
    var end: Double
  }

  /// Every `name_start:` … `name_end:` a filter of ffmpeg prints.
  private func stretches(_ name: String, _ filter: String, _ path: String) throws -> [Stretch] {
    let run = try Fixtures.run(
      "ffmpeg", ["-hide_banner", "-nostats", "-i", path, "-vf", filter, "-f", "null", "-"])
    func figures(_ key: String) -> [Double] {
      run.output.components(separatedBy: "\(name)_\(key):").dropFirst().compactMap { rest in
        Double(rest.drop { $0 == " " }.prefix { $0.isNumber || $0 == "." })
      }
    }
    let (starts, ends) = (figures("start"), figures("end"))
    return starts.enumerated().map { Stretch(start: $1, end: $0 < ends.count ? ends[$0] : .infinity) }
  }

  /// The gate's findings of `kind` hold the same stretches, but for two frames at either end.
  private func expectSame(_ findings: [Finding], _ oracle: [Stretch], _ context: String) {
    let ours = findings.compactMap(\.frames).map {
      Stretch(start: Double($0.lowerBound) / 30, end: Double($0.upperBound) / 30)
    }
    #expect(ours.count == oracle.count, "\(context): \(ours) and \(oracle)")
    for (a, b) in zip(ours, oracle) {
      #expect(abs(a.start - b.start) < 0.07, "\(context): \(a) and \(b)")
      #expect(b.end == .infinity || abs(a.end - b.end) < 0.07, "\(context): \(a) and \(b)")
    }
  }

  @Test func blackIsWhereBlackdetectSeesIt() async throws {
    for fault in GateFault.picture + GateFault.light {
      guard [.pictureBlack, .pictureFrozen, .pictureBlink].contains(fault.kind) else { continue }
      try await Fixtures.withFolder { folder in
        let path = try fault.clip.make(in: folder)
        let report = try await Gate().inspect(path, as: fault.subject)
        expectSame(
          report.findings.filter { $0.kind == .pictureBlack },
          try stretches("black", "blackdetect=d=0.4:pic_th=0.98:pix_th=0.05", path), fault.name)
        guard fault.subject.stills.isEmpty else { return }
        expectSame(
          report.findings.filter { $0.kind == .pictureFrozen },
          try stretches("lavfi.freezedetect.freeze", "freezedetect=n=0.001:d=2", path), fault.name)
      }
    }
  }

  @Test func loudnessAndTruePeakAreThoseOfFFmpegsMeter() async throws {
    let peaky = "+0.75*between(t,0.5,0.506)*sin(2*PI*12000*t+PI/4)"
    let sounds = [
      GateClip.tone, GateFault.sine(0.05), GateFault.sine(0.5), GateFault.sine(0.19, plus: peaky),
      "anoisesrc=c=pink:r=48000:a=0.3:seed=5",
    ]
    for sound in sounds {
      try await Fixtures.withFolder { folder in
        var clip = GateClip()
        (clip.sound, clip.seconds) = (sound, 2)
        let path = try clip.make(in: folder)
        let audio = try #require(try await Gate().inspect(path, as: GateClip.subject()).facts?.audio)
        let report = try Fixtures.run(
          "ffmpeg", ["-hide_banner", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"]
        ).output
        let summary = try #require(report.components(separatedBy: "Summary:").last)
        func figure(_ name: String) throws -> Double {
          let line = try #require(summary.split(separator: "\n").first { $0.contains(name) })
          return try #require(Double(line.split(separator: " ").dropFirst().first ?? ""))
        }
        #expect(abs(try #require(audio.loudness) - figure(" I:")) < 0.15, "\(sound)")
        #expect(abs(try #require(audio.peak) - figure("Peak:")) < 0.25, "\(sound)")
      }
    }
  }

  @Test func factsAreThoseOfFFprobe() async throws {
    try await Fixtures.withFolder { folder in
      let path = try GateClip().make(in: folder)
      let facts = try #require(try await Gate().inspect(path, as: GateClip.subject()).facts)
      let probe = try Fixtures.run(
        "ffprobe", ["-v", "error", "-show_streams", "-show_format", "-of", "flat", path]
      ).output
      let video = try #require(facts.video)
      let audio = try #require(facts.audio)
      for fact in [
        "stream.0.codec_name=\"\(video.codec)\"", "stream.0.profile=\"\(try #require(video.profile))\"",
        "stream.0.width=\(video.width)", "stream.0.height=\(video.height)",
        "stream.0.pix_fmt=\"\(video.pixelFormat)\"", "stream.0.nb_frames=\"\(video.frames)\"",
        "stream.0.r_frame_rate=\"\(Int(video.frameRate))/1\"", "stream.1.codec_name=\"\(audio.codec)\"",
        "stream.1.sample_rate=\"\(audio.sampleRate)\"", "stream.1.channels=\(audio.channels)",
        "format.size=\"\(facts.bytes)\"",
      ] { #expect(probe.contains(fact), "\(fact) in \(probe)") }
      #expect(facts.isFaststart == true && video.isProgressive && abs(video.seconds - 1.5) < 0.001)
    }
  }
}
