import Engine
import Foundation
import Testing

/// A small file made by ffmpeg: two tones running slowly into each other, a sine at -14 LUFS, or either of
/// them with something done to it.
struct GateClip: Sendable {
  /// A 997 Hz sine at this amplitude in both channels has -14 LUFS (BS.1770: 0 dBFS in both is 0 LUFS).
  static let tone = "aevalsrc=0.1995*sin(2*PI*997*t)|0.1995*sin(2*PI*997*t):s=48000"
  static let ground = "gradients=s=270x480:r=30:c0=0x1B4A8B:c1=0x8B2F6B:n=2:speed=0.03:seed=3"

  var seconds = 1.5
  var source = GateClip.ground
  /// A filter chain over the picture.
  var picture = "null"
  var sound: String? = GateClip.tone
  var videoCoding = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p"]
  var audioCoding = ["-c:a", "aac", "-b:a", "192k"]
  /// Before the sound's input, and for the whole file.
  var soundInput: [String] = []
  var output = ["-movflags", "+faststart"]
  var name = "a.mp4"

  func make(in folder: URL) throws -> String {
    let path = folder.appending(path: name).path
    var arguments = [
      "-v", "error", "-y", "-threads", "1", "-f", "lavfi", "-i", "\(source):d=\(seconds + 1)",
    ]
    if let sound { arguments += soundInput + ["-f", "lavfi", "-i", "\(sound):d=\(seconds)"] }
    arguments += ["-vf", picture] + videoCoding + ["-colorspace", "bt709"]
    arguments += sound == nil ? [] : audioCoding
    arguments += (output.contains("-t") ? [] : ["-t", "\(seconds)"]) + ["-threads", "1"] + output + [path]
    let run = try Fixtures.run("ffmpeg", arguments)
    try #require(run.status == 0, "ffmpeg \(arguments.joined(separator: " ")): \(run.output)")
    return path
  }

  static let placement = Placement(
    id: "test.tall", width: 270, height: 480, safeZone: .init(top: 38, bottom: 60, left: 16, right: 16),
    minimumDuration: .seconds(1), maximumDuration: .seconds(20), maximumBytes: 5_000_000)

  static func subject(_ change: (inout GateSubject) -> Void = { _ in }) -> GateSubject {
    var subject = GateSubject(placement: placement)
    change(&subject)
    return subject
  }
}
