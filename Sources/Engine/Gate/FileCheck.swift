/// Whether all of a file can be read and played as it says.
struct FileCheck {
  let rules: GateRules
  let subject: GateSubject
  let scan: MediaScan

  func check(_ log: inout FindingLog) {
    checkDecoding(&log)
    checkFrames(&log)
    checkSync(&log)
    checkSound(&log)
  }

  private func checkDecoding(_ log: inout FindingLog) {
    let (video, audio) = (scan.video, scan.audio)
    if scan.facts.video != nil, !scan.isPictureKnown, video == nil || video?.isUnknownFormat == true {
      log.add(
        .fileDecode,
        "the picture cannot be looked at: it is \(scan.facts.video?.pixelFormat ?? "unknown") "
          + "\(scan.facts.video?.codec ?? ""); give it as planar Y'CbCr of 8 bits such as yuv420p")
    }
    if scan.facts.audio != nil, audio == nil || audio?.isUnknownFormat == true {
      log.add(.fileDecode, "the sound cannot be decoded; give it as AAC")
    }
    let broken = (video?.errors ?? 0) + (audio?.errors ?? 0) + scan.corruptPackets + scan.readErrors.count
    if broken > 0 {
      log.add(
        .fileDecode, measured: Double(broken), threshold: 0, unit: "errors",
        "\(broken) places cannot be decoded without an error\(scan.readErrors.first.map { " (\($0))" } ?? ""); "
          + "render the file again and check the disk it lies on")
    }
    let wanted = max(scan.promisedFrames, subject.frameCount ?? 0)
    if wanted > scan.videoClock.count, scan.facts.video != nil {
      log.add(
        .fileDecode, frames: scan.videoClock.count..<wanted, measured: Double(scan.videoClock.count),
        threshold: Double(wanted), unit: "frames",
        "\(scan.videoClock.count) of \(wanted) frames are there; the file was cut off: render it again")
    } else if let count = subject.frameCount, scan.videoClock.count > count {
      log.add(
        .fileDecode, frames: count..<scan.videoClock.count, measured: Double(scan.videoClock.count),
        threshold: Double(count), unit: "frames",
        "there are \(scan.videoClock.count) frames instead of \(count); look at the joins")
    }
    for item in scan.video?.foreign ?? [] {
      log.add(
        .pictureForeign, frames: item.frame..<item.frame + 1, measured: item.difference, threshold: 3,
        unit: "code values",
        "frame \(item.frame) of the file is not the one that was rendered; empty the segment cache and render "
          + "again")
    }
  }

  /// Frames must come at an even beat and in an order that can be decoded.
  private func checkFrames(_ log: inout FindingLog) {
    guard let facts = scan.facts.video, facts.frameRate > 0 else { return }
    if !scan.videoClock.isDecodeOrderKept {
      log.add(.syncFrames, "decoding times do not always grow; join the segments again")
    }
    let times = scan.videoClock.shown
    guard let first = times.first else { return }
    // The mean beat hides the gaps it is made of; the most common one does not.
    let steps = zip(times, times.dropFirst()).map { $1 - $0 }
    guard !steps.isEmpty else { return }
    let common = steps.sorted()[steps.count / 2]
    // Matroska and WebM count milliseconds: a beat that is not a whole number of them shows in no single step.
    let stated = 1 / facts.frameRate
    let beat = abs(common - stated) < 0.001 ? stated : common
    guard beat > 0 else {
      log.add(.syncFrames, "most frames have one and the same time; set times when writing the file")
      return
    }
    var late = 0.0
    for (index, time) in times.enumerated() {
      let off = time - first - Double(index) * beat - late
      guard abs(off) > beat * rules.sync.frame else { continue }
      log.add(
        .syncFrames, frames: index..<index + 1, measured: off, threshold: beat * rules.sync.frame, unit: "s",
        "frame \(index) comes \(Quantity.text(abs(off) * 1000)) ms too \(off > 0 ? "late" : "early"); "
          + "give every frame the same length")
      // Told once for each place where the beat is lost.
      late += off
      if log.findings.count > 200 { return }
    }
  }

  private func checkSync(_ log: inout FindingLog) {
    guard let video = scan.facts.video, let audio = scan.facts.audio, let sound = scan.audio else { return }
    let offset = audio.startSeconds - video.startSeconds
    let limit = offset < 0 ? rules.sync.early : rules.sync.late
    if abs(offset) > limit.seconds + 0.0005 {
      log.add(
        .syncStart, measured: offset, threshold: limit.seconds, unit: "s",
        "the sound begins \(Quantity.text(abs(offset) * 1000)) ms \(offset < 0 ? "before" : "after") the picture; "
          + "let both begin at 0")
    }
    let difference = audio.seconds - video.seconds
    if abs(difference) > rules.sync.length.seconds {
      log.add(
        .syncLength, measured: difference, threshold: rules.sync.length.seconds, unit: "s",
        "the sound is \(Quantity.text(abs(difference))) s \(difference < 0 ? "shorter" : "longer") than the "
          + "picture; cut or fill it to the picture's length")
    }
    // Decoders leave out the samples an encoder puts before the first; packets' times know of them too.
    let drift = (audio.seconds - min(0, audio.startSeconds)) - sound.seconds
    if sound.errors == 0, abs(drift) > rules.sync.drift.seconds + 2048 / Double(sound.sampleRate) {
      log.add(
        .syncDrift, measured: drift, threshold: rules.sync.drift.seconds, unit: "s",
        "the sound's clock and its samples part by \(Quantity.text(abs(drift) * 1000)) ms by the end; "
          + "write times that follow from the number of samples")
    }
  }

  private func checkSound(_ log: inout FindingLog) {
    guard subject.hasSound, let facts = scan.facts.audio, let sound = scan.audio else { return }
    let placement = subject.placement.rules
    guard let loudness = facts.loudness else {
      log.add(
        .soundSilent, threshold: rules.sound.silence, unit: "dBFS",
        "there is music or a voice in the storyboard and none in the file; check the sound's source")
      return
    }
    let target = placement.loudness ?? rules.sound.loudness
    let tolerance = placement.loudnessTolerance ?? rules.sound.tolerance
    if abs(loudness - target) > tolerance {
      log.add(
        .soundLoudness, measured: loudness, threshold: target, unit: "LUFS",
        "the sound has \(Quantity.text(loudness)) LUFS, \(subject.placement.id) wants \(Quantity.text(target)) "
          + "+-\(Quantity.text(tolerance)); change its level by \(Quantity.text(target - loudness)) dB")
    }
    if let peak = facts.peak, peak > rules.sound.peak {
      log.add(
        .soundPeak, measured: peak, threshold: rules.sound.peak, unit: "dBTP",
        "the sound's true peak is \(Quantity.text(peak)) dBTP, at most \(Quantity.text(rules.sound.peak)) leaves room "
          + "for other decoders; limit it harder before encoding")
    }
    let rate = scan.facts.video?.frameRate ?? Double(Engine.framesPerSecond)
    for gap in sound.silences
    where gap.upperBound - gap.lowerBound >= rules.sound.longestSilence.seconds - 1e-9 {
      log.add(
        .soundDropout, frames: Int(gap.lowerBound * rate)..<Int(gap.upperBound * rate),
        measured: gap.upperBound - gap.lowerBound, threshold: rules.sound.longestSilence.seconds, unit: "s",
        "there is no sound from \(Quantity.text(gap.lowerBound)) to \(Quantity.text(gap.upperBound)) s; "
          + "check the music's length and the joins")
    }
  }
}
