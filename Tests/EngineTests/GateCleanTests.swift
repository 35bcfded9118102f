import Engine
import Foundation
import Testing

@Suite struct GateCleanTests {
  /// Whatever the gate says of a file in which nothing is wrong.
  private func findings(_ clip: GateClip, _ subject: GateSubject = GateClip.subject()) async throws
    -> [Finding]
  {
    try await Fixtures.withFolder { folder in
      try await Gate().inspect(clip.make(in: folder), as: subject).findings
    }
  }

  static let sources: [(name: String, source: String, picture: String)] = [
    ("gradient", GateClip.ground, "null"),
    ("test card", "testsrc2=s=270x480:r=30", "null"),
    ("grain", GateClip.ground, "noise=alls=20:allf=t"),
    ("fade in", GateClip.ground, "fade=in:d=0.4"),
    ("short black between two scenes", GateClip.ground, "drawbox=c=black:t=fill:enable='between(t,0.6,0.8)'"),
    ("two hard cuts", GateClip.ground, "hue=h=120:enable='gt(t,0.5)',negate=enable='gt(t,1)'"),
    ("zoom", "testsrc=s=270x480:r=30", "zoompan=z='1+0.003*on':d=1:s=270x480:fps=30"),
    (
      "three flashes in a second", GateClip.ground,
      "drawbox=c=white:t=fill:enable='between(t,0.2,1.2)*lt(mod(t,0.34),0.17)'"
    ),
    (
      "five small flashes", GateClip.ground,
      "drawbox=x=20:y=20:w=40:h=40:c=white:t=fill:enable='lt(mod(t,0.2),0.1)'"
    ),
    (
      "checks finer than the eye", GateClip.ground,
      "geq=lum='128+80*(2*mod(floor(X/2)+floor(Y/2)+N,2)-1)':cb=128:cr=128"
    ),
    ("a slow red pulse", "color=c=red:s=270x480:r=30", "eq=brightness='0.15*sin(2*PI*t)':eval=frame"),
    ("a wandering box", GateClip.ground, "drawbox=x='20+t*120':y=200:w=60:h=60:c=white:t=fill"),
  ]

  @Test(arguments: sources.indices) func nothingIsRaisedOnACleanFilm(index: Int) async throws {
    let (name, source, picture) = Self.sources[index]
    var clip = GateClip()
    clip.source = source
    clip.picture = picture
    let found = try await findings(clip)
    #expect(found.isEmpty, "\(name): \(found)")
  }

  static let forms: [(name: String, video: [String], audio: [String], output: [String])] = [
    (
      "Main with B-frames",
      ["-c:v", "libx264", "-preset", "fast", "-profile:v", "main", "-pix_fmt", "yuv420p"],
      ["-c:a", "aac", "-b:a", "192k"], ["-movflags", "+faststart"]
    ),
    (
      "open GOP, long",
      [
        "-c:v", "libx264", "-preset", "veryfast", "-x264-params", "open-gop=1:keyint=20", "-pix_fmt",
        "yuv420p",
      ], ["-c:a", "aac", "-b:a", "128k"], ["-movflags", "+faststart"]
    ),
    (
      "full range said so", ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuvj420p"],
      ["-c:a", "aac"], ["-movflags", "+faststart"]
    ),
    (
      "60 frames a second", ["-c:v", "libx264", "-preset", "ultrafast", "-r", "60", "-pix_fmt", "yuv420p"],
      ["-c:a", "aac"], ["-movflags", "+faststart"]
    ),
    (
      "23.976 frames a second",
      ["-c:v", "libx264", "-preset", "ultrafast", "-r", "24000/1001", "-pix_fmt", "yuv420p"],
      ["-c:a", "aac"], ["-movflags", "+faststart"]
    ),
  ]

  @Test(arguments: forms.indices) func nothingIsRaisedOnOtherEncodersFiles(index: Int) async throws {
    let form = Self.forms[index]
    var clip = GateClip()
    (clip.videoCoding, clip.audioCoding, clip.output) = (form.video, form.audio, form.output)
    let found = try await findings(
      clip, GateClip.subject { $0.placement.rules.pixelFormats.append("yuvj420p") })
    #expect(found.isEmpty, "\(form.name): \(found)")
  }

  @Test func h265WebMAndSilenceAreTakenWhereTheyAreAskedFor() async throws {
    var clip = GateClip()
    clip.videoCoding = [
      "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1",
      "-pix_fmt", "yuv420p",
    ]
    clip.sound = "anullsrc=r=48000:cl=stereo"
    let apple = GateClip.subject {
      $0.placement.codecs = ["h264", "h265"]
      $0.hasSound = false
    }
    let first = try await findings(clip, apple)
    #expect(first.isEmpty, "\(first)")
    clip.name = "a.webm"
    clip.videoCoding = [
      "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k", "-pix_fmt", "yuv420p",
    ]
    clip.audioCoding = ["-c:a", "libopus"]
    clip.output = []
    let web = GateClip.subject {
      $0.placement.codecs = ["vp9"]
      $0.placement.rules.containers = ["webm"]
      $0.placement.rules.audioCodecs = ["opus"]
      $0.hasSound = false
    }
    let second = try await findings(clip, web)
    #expect(second.isEmpty, "\(second)")
  }

  @Test(arguments: ["white", "0xFFE000", "0x90C0FF"]) func wordsThatStandOutPass(colour: String) async throws
  {
    var clip = GateClip()
    clip.picture = GateFault.cover("0x102030", "1") + "," + GateFault.words(colour)
    clip.picture += ",drawbox=x='20+t*120':y=300:w=60:h=60:c=white:t=fill"
    let ink = Colour(colour == "white" ? "#FFFFFF" : "#" + colour.dropFirst(2))
    let found = try await findings(
      clip, GateClip.subject { $0.words = [GateFault.line(ink), GateFault.line(nil)] })
    #expect(found.isEmpty, "\(found)")
  }

  /// Renders with a renderer whose gate would refuse the file, and looks again at what came out.
  @Test(arguments: [0, 1, 2]) func nothingIsRaisedOnWhatTheEngineRenders(index: Int) async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      let boards = [
        Fixtures.storyboard(text: "A headline", music: Music(mood: .pulse, tempo: 120, seed: 1)),
        Fixtures.storyboard(
          text: "عنوان قصير", language: "ar", music: Music(mood: .airy, tempo: 90, seed: 4)),
        Fixtures.storyboard(text: "短い見出し", language: "ja"),
      ]
      let placements = [
        Fixtures.tall, Placement(id: "test.square", width: 320, height: 320),
        Placement(id: "test.wide", width: 480, height: 270),
      ]
      let path = folder.appending(path: "a.mp4").path
      let info = try await Renderer().render(boards[index], for: placements[index], assets: assets, to: path)
      #expect(info.warnings.isEmpty, "\(info.warnings)")
      // Now by decoding every frame, without what the renderer knew.
      let subject = GateSubject(placement: placements[index], hasSound: index != 2)
      let report = try await Gate().inspect(path, as: subject)
      #expect(report.findings.isEmpty, "\(report.findings)")
    }
  }
}
