/// Whether a file is what its placement takes.
struct PlacementCheck {
  let placement: Placement
  let facts: MediaFacts
  let hasSound: Bool

  func check(_ log: inout FindingLog) {
    checkContainer(&log)
    checkLength(&log)
    checkPicture(&log)
    checkSound(&log)
  }

  private var rules: PlacementRules { placement.rules }

  private func checkContainer(_ log: inout FindingLog) {
    let names = facts.container.split(separator: ",").map(String.init)
    // libavformat reads WebM and Matroska, MP4 and MOV by one reader each.
    if !rules.containers.contains(where: { names.contains($0) }) {
      log.add(
        .placementContainer,
        "the file is \(names.first ?? "unknown"), \(placement.id) takes \(list(rules.containers)); write one of these"
      )
    }
    if rules.isFaststart, facts.isFaststart == false {
      log.add(
        .placementFaststart,
        "the index stands behind the data, so nothing plays before all is loaded; write with faststart")
    }
    if let limit = placement.maximumBytes, facts.bytes > limit {
      log.add(
        .placementBytes, measured: Double(facts.bytes), threshold: Double(limit), unit: "bytes",
        "the file has \(facts.bytes) bytes, \(placement.id) takes \(limit); lower the bit rate")
    }
    if let limit = rules.minimumBytes, facts.bytes < limit {
      log.add(
        .placementBytes, measured: Double(facts.bytes), threshold: Double(limit), unit: "bytes",
        "the file has \(facts.bytes) bytes, \(placement.id) wants at least \(limit); raise the bit rate")
    }
  }

  private func checkLength(_ log: inout FindingLog) {
    let seconds = facts.video?.seconds ?? facts.seconds
    // Half a frame of rounding.
    let slack = 0.5 / max(1, facts.video?.frameRate ?? 30)
    if let limit = placement.minimumDuration, seconds < limit.seconds - slack {
      log.add(
        .placementDuration, measured: seconds, threshold: limit.seconds, unit: "s",
        "the film lasts \(Quantity.text(seconds)) s, \(placement.id) wants at least \(limit); lengthen a scene"
      )
    }
    if let limit = placement.maximumDuration, seconds > limit.seconds + slack {
      log.add(
        .placementDuration, measured: seconds, threshold: limit.seconds, unit: "s",
        "the film lasts \(Quantity.text(seconds)) s, \(placement.id) takes at most \(limit); shorten a scene")
    }
    for (limit, isTooMuch) in [(rules.lowestBitRate, false), (rules.highestBitRate, true)] {
      let rate = facts.bitsPerSecond / 1000
      guard let limit, isTooMuch ? rate > limit : rate < limit else { continue }
      log.add(
        .placementBitRate, measured: Double(rate), threshold: Double(limit), unit: "kbit/s",
        "the file has \(rate) kbit/s, \(placement.id) wants \(isTooMuch ? "at most" : "at least") \(limit); "
          + "\(isTooMuch ? "lower" : "raise") the encoder's rate")
    }
  }

  private func checkPicture(_ log: inout FindingLog) {
    guard let video = facts.video else {
      log.add(.placementCodec, "the file has no picture; render it again")
      return
    }
    if !placement.codecs.contains(alias(video.codec)) {
      log.add(
        .placementCodec,
        "the picture is \(video.codec), \(placement.id) takes \(list(placement.codecs)); encode it as one of these"
      )
    }
    if video.codec == "h264", !rules.profiles.isEmpty, !rules.profiles.contains(video.profile ?? "") {
      log.add(
        .placementProfile,
        "the H.264 profile is \(video.profile ?? "unknown"), \(placement.id) takes \(list(rules.profiles)); "
          + "set the encoder's profile")
    }
    if !rules.pixelFormats.isEmpty, !rules.pixelFormats.contains(video.pixelFormat) {
      log.add(
        .placementPixelFormat,
        "pixels are \(video.pixelFormat), \(placement.id) takes \(list(rules.pixelFormats)); many players show "
          + "nothing else")
    }
    if video.width != placement.width || video.height != placement.height {
      log.add(
        .placementSize,
        "the picture has \(video.width)x\(video.height) pixels, \(placement.id) wants "
          + "\(placement.width)x\(placement.height)")
    }
    if abs(video.pixelShape - 1) > 0.001 {
      log.add(
        .placementShape, measured: video.pixelShape, threshold: 1,
        "pixels are \(Quantity.text(video.pixelShape)) times as wide as high; write square ones, sample aspect 1:1"
      )
    }
    if !video.isProgressive {
      log.add(.placementScan, "the picture is interlaced; write whole frames")
    }
    // 29.97 meets a limit of 30, 23.976 one of 24.
    let (low, high) = (rules.lowestFrameRate ?? 0, rules.highestFrameRate ?? .infinity)
    if video.frameRate < low * 0.995 || video.frameRate > high * 1.005 {
      log.add(
        .placementFrameRate, measured: video.frameRate, threshold: video.frameRate < low ? low : high,
        unit: "frames/s",
        "there are \(Quantity.text(video.frameRate)) frames in a second, \(placement.id) takes "
          + "\(Quantity.text(low)) to \(Quantity.text(high))")
    }
  }

  private func checkSound(_ log: inout FindingLog) {
    guard let audio = facts.audio else {
      if rules.needsAudio {
        log.add(
          .placementSound, "there is no sound track, \(placement.id) wants one; add a silent one at least")
      }
      return
    }
    if !rules.audioCodecs.contains(audio.codec) {
      log.add(
        .placementSound,
        "the sound is \(audio.codec), \(placement.id) takes \(list(rules.audioCodecs)); encode it as one of these"
      )
    }
    if let channels = rules.channels, audio.channels != channels {
      log.add(
        .placementSound, measured: Double(audio.channels), threshold: Double(channels), unit: "channels",
        "the sound has \(audio.channels) channels, \(placement.id) wants \(channels)")
    }
    if let rate = rules.sampleRate, audio.sampleRate != rate {
      log.add(
        .placementSound, measured: Double(audio.sampleRate), threshold: Double(rate), unit: "Hz",
        "the sound has \(audio.sampleRate) samples in a second, \(placement.id) wants \(rate)")
    }
    // Silence needs hardly any bits, and an encoder told to keep a rate may stay a quarter below it.
    if let rate = rules.lowestAudioBitRate, hasSound, audio.loudness != nil, audio.bitsPerSecond < rate * 750
    {
      log.add(
        .placementSound, measured: Double(audio.bitsPerSecond) / 1000, threshold: Double(rate),
        unit: "kbit/s",
        "the sound has \(audio.bitsPerSecond / 1000) kbit/s, \(placement.id) wants at least \(rate); raise the "
          + "encoder's rate")
    }
  }

  /// Placements write codecs as people do.
  private func alias(_ codec: String) -> String { codec == "hevc" ? "h265" : codec }

  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
