import Engine
import Foundation

extension GateFault {
  static let time: [GateFault] = [
    GateFault("sound 200 ms late", .syncStart) { $0.soundInput = ["-itsoffset", "0.2"] },
    GateFault("sound 120 ms late", .syncStart) { $0.soundInput = ["-itsoffset", "0.12"] },
    GateFault("picture 150 ms late", .syncStart) { $0.picture = "setpts=PTS+0.15/TB" },
    GateFault("sound shorter than the picture", .syncLength) {
      $0.seconds = 2
      $0.audioCoding += ["-af", "atrim=end=1.2"]
    },
    GateFault("sound longer than the picture", .syncLength) {
      $0.seconds = 2
      $0.picture = "trim=end=1.4"
    },
    GateFault("a clock that runs away", .syncDrift) {
      $0.seconds = 3
      $0.audioCoding += ["-bsf:a", "setts=ts=TS*1.05"]
    },
    GateFault("frames left out", .syncFrames) {
      $0.picture = "select='not(between(n,20,24))'"
      $0.output += ["-vsync", "vfr"]
    },
    GateFault("an uneven beat", .syncFrames) {
      $0.picture = "settb=1/30000,setpts='PTS+eq(mod(N,10),5)*600'"
      $0.videoCoding += ["-enc_time_base", "1/30000", "-vsync", "passthrough"]
      $0.output += ["-video_track_timescale", "30000"]
    },
  ]

  static let file: [GateFault] = [
    GateFault("cut off", .fileDecode, damage: { $0 = $0.prefix($0.count * 3 / 5) }),
    GateFault(
      "a hole of zeros", .fileDecode, damage: { $0.resetBytes(in: $0.count / 2..<$0.count / 2 + 3000) }),
    GateFault(
      "bits turned over", .fileDecode,
      damage: { data in
        for place in stride(from: data.count / 3, to: data.count - 2000, by: 997) { data[place] ^= 0x5A }
      }),
    GateFault("fewer frames than were rendered", .fileDecode, subject: { $0.frameCount = 60 }),
    GateFault("more frames than were rendered", .fileDecode, subject: { $0.frameCount = 40 }),
    GateFault("no film at all", .fileUnreadable, damage: { $0 = Data("<html>busy</html>".utf8) }),
    GateFault("nothing", .fileUnreadable, damage: { $0 = Data() }),
    GateFault(
      "its index lost", .fileUnreadable,
      damage: { data in
        if let index = data.range(of: Data("moov".utf8)) {
          data.replaceSubrange(index, with: Data("lost".utf8))
        }
      }),
  ]

  static let placement: [GateFault] = [
    GateFault("Matroska", .placementContainer) {
      $0.name = "a.mkv"
      $0.output = []
    },
    GateFault("index behind the data", .placementFaststart) { $0.output = [] },
    GateFault("too many bytes", .placementBytes, subject: { $0.placement.maximumBytes = 5000 }),
    GateFault("too few bytes", .placementBytes, subject: { $0.placement.rules.minimumBytes = 4_000_000 }),
    GateFault("too short", .placementDuration, subject: { $0.placement.minimumDuration = .seconds(3) }),
    GateFault(
      "too long", .placementDuration, subject: { $0.placement.maximumDuration = .milliseconds(1200) }),
    GateFault("MPEG-4 part 2", .placementCodec) { $0.videoCoding = ["-c:v", "mpeg4", "-q:v", "3"] },
    GateFault("VP9", .placementCodec) {
      $0.videoCoding = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k"]
    },
    GateFault("H.265 where H.264 is wanted", .placementCodec) {
      $0.videoCoding = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"]
    },
    GateFault("a profile no phone plays", .placementProfile) {
      $0.videoCoding = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-pix_fmt", "yuv420p"]
    },
    GateFault("full colour resolution", .placementPixelFormat) {
      $0.videoCoding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"]
    },
    GateFault("the wrong size", .placementSize) { $0.picture = "scale=180:320,setsar=1" },
    GateFault("the wrong shape", .placementSize) { $0.picture = "crop=270:270" },
    GateFault("wide pixels", .placementShape) { $0.picture = "setsar=4/3" },
    GateFault("interlaced", .placementScan) {
      $0.picture = "setfield=tff"
      $0.videoCoding += ["-flags", "+ilme+ildct", "-x264-params", "tff=1"]
    },
    GateFault("12 frames a second", .placementFrameRate) { $0.picture = "fps=12" },
    GateFault(
      "60 frames a second where 30 are taken", .placementFrameRate,
      subject: { $0.placement.rules.highestFrameRate = 30 },
      clip: { $0.picture = "fps=60" }),
    GateFault(
      "too low a bit rate", .placementBitRate, subject: { $0.placement.rules.lowestBitRate = 20_000 }),
    GateFault("too high a bit rate", .placementBitRate, subject: { $0.placement.rules.highestBitRate = 50 }),
    GateFault("no sound track", .placementSound) { $0.sound = nil },
    GateFault("MP3", .placementSound) { $0.audioCoding = ["-c:a", "libmp3lame"] },
    GateFault("one channel", .placementSound) { $0.audioCoding += ["-ac", "1"] },
    GateFault(
      "44.1 kHz where 48 is wanted", .placementSound, subject: { $0.placement.rules.sampleRate = 48_000 },
      clip: { $0.audioCoding += ["-ar", "44100"] }),
    GateFault(
      "thin sound", .placementSound, subject: { $0.placement.rules.lowestAudioBitRate = 128 },
      clip: { $0.audioCoding = ["-c:a", "aac", "-b:a", "48k"] }),
  ]
}
