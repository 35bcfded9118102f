import CSound
import Dispatch
import Foundation
import Synchronization

/// Plays a score through libfluidsynth from a General MIDI soundfont (SF2).
///
/// The same score and soundfont give the same samples: each playing has a synthesiser of its own with one
/// thread, fed between blocks of 64 samples, and floating-point output, which is not dithered.
struct Synthesiser {
  /// libfluidsynth computes blocks of so many samples; a note begins with one. A frame of picture is 25
  /// blocks, so what falls on a frame falls on a block.
  static let block = 64
  /// Those who play together in one synthesiser; two halves use two cores.
  private static let groups: [[Score.Part]] = [[.drums, .hits, .bass, .lead], [.chords, .bed]]

  let soundFont: String
  var isDraft = false

  /// - Parameter count: samples to play.
  func play(_ score: Score, count: Int) throws(SoundError) -> StereoSound {
    guard FileManager.default.fileExists(atPath: soundFont) else {
      throw .soundFontMissing(path: soundFont)
    }
    _ = Self.isQuiet
    let notes = score.ordered(gap: Self.block * 2)
    let halves = Mutex<[Int: Result<StereoSound, SoundError>]>([:])
    DispatchQueue.concurrentPerform(iterations: Self.groups.count) { number in
      let parts = Self.groups[number]
      let half = Result { () throws(SoundError) in
        let player = try Player(
          soundFont: soundFont, instruments: score.instruments, parts: parts, isDraft: isDraft)
        return player.play(notes.filter { parts.contains($0.part) }, count: count)
      }
      halves.withLock { $0[number] = half }
    }
    // Always in the same order: sums of floating-point numbers depend on it.
    var sound = StereoSound(count: count)
    for number in Self.groups.indices {
      if let half = try halves.withLock({ $0[number] })?.get() { sound.add(half) }
    }
    return sound
  }

  /// libfluidsynth writes its remarks to standard error unless told otherwise. Once per process, for the
  /// setting is the process's.
  private static let isQuiet: Bool = {
    for level in [FLUID_PANIC, FLUID_ERR, FLUID_WARN, FLUID_INFO, FLUID_DBG] {
      fluid_set_log_function(Int32(level.rawValue), nil, nil)
    }
    return true
  }()
}

/// One synthesiser of libfluidsynth, for one playing.
private final class Player {
  private let settings: OpaquePointer
  private let synth: OpaquePointer

  init(
    soundFont: String, instruments: [Score.Part: Score.Instrument], parts: [Score.Part], isDraft: Bool
  ) throws(SoundError) {
    guard let settings = new_fluid_settings() else {
      throw .libraryFailed(operation: "starting the synthesiser", reason: "out of memory")
    }
    fluid_settings_setnum(settings, "synth.sample-rate", Double(Engine.sampleRate))
    fluid_settings_setnum(settings, "synth.gain", 0.5)
    fluid_settings_setint(settings, "synth.polyphony", 512)
    // One thread, and no locks between threads there are not.
    fluid_settings_setint(settings, "synth.cpu-cores", 1)
    fluid_settings_setint(settings, "synth.threadsafe-api", 0)
    // Of the soundfont's 140 MB only the samples of presets in use are read.
    fluid_settings_setint(settings, "synth.dynamic-sample-loading", 1)
    fluid_settings_setint(settings, "synth.lock-memory", 0)
    // An effect nobody is sent to costs as much as one that is heard.
    let hasChorus = parts.contains { (instruments[$0]?.chorus ?? 0) > 0 }
    fluid_settings_setint(settings, "synth.chorus.active", hasChorus && !isDraft ? 1 : 0)
    if isDraft { fluid_settings_setint(settings, "synth.reverb.active", 0) }
    guard let synth = new_fluid_synth(settings) else {
      delete_fluid_settings(settings)
      throw .libraryFailed(operation: "starting the synthesiser", reason: "out of memory")
    }
    self.settings = settings
    self.synth = synth
    if isDraft { fluid_synth_set_interp_method(synth, -1, Int32(FLUID_INTERP_LINEAR.rawValue)) }
    let font = fluid_synth_sfload(synth, soundFont, 0)
    guard font >= 0 else {
      throw .soundFontUnusable(path: soundFont, reason: "it is damaged or no SF2 file")
    }
    fluid_synth_set_reverb_group_roomsize(synth, -1, 0.55)
    fluid_synth_set_reverb_group_damp(synth, -1, 0.3)
    fluid_synth_set_reverb_group_width(synth, -1, 0.8)
    fluid_synth_set_reverb_group_level(synth, -1, 0.6)
    for part in parts {
      guard let instrument = instruments[part] else { continue }
      let channel = Int32(part.rawValue)
      let code = fluid_synth_program_select(
        synth, channel, font, Int32(instrument.bank), Int32(instrument.program))
      guard code >= 0 else {
        throw .soundFontUnusable(
          path: soundFont,
          reason: "it has no preset \(instrument.program) in bank \(instrument.bank) (General MIDI)")
      }
      for (controller, value) in [
        (7, instrument.volume), (10, instrument.pan), (91, instrument.reverb), (93, instrument.chorus),
      ] { fluid_synth_cc(synth, channel, Int32(controller), Int32(value)) }
    }
  }

  deinit {
    delete_fluid_synth(synth)
    delete_fluid_settings(settings)
  }

  /// - Parameter notes: in order of time.
  func play(_ notes: [Score.Note], count: Int) -> StereoSound {
    struct Event {
      var block: Int
      var isOn: Bool
      var note: Score.Note
    }
    let block = Synthesiser.block
    var events: [Event] = []
    for note in notes {
      let on = (note.start + block / 2) / block
      let off = max(on + 1, (note.start + note.length + block / 2) / block)
      events.append(Event(block: on, isOn: true, note: note))
      events.append(Event(block: off, isOn: false, note: note))
    }
    // What ends is let go before what begins, and equals stay in the notes' order.
    let order = events.indices.sorted { a, b in
      (events[a].block, events[a].isOn ? 1 : 0, a) < (events[b].block, events[b].isOn ? 1 : 0, b)
    }
    var sound = StereoSound(count: count)
    var done = 0
    for index in order {
      let event = events[index]
      let at = min(count, event.block * block)
      render(&sound, done..<at)
      done = at
      if at >= count { break }
      let (channel, key) = (Int32(event.note.part.rawValue), Int32(event.note.key))
      if event.isOn {
        fluid_synth_noteon(synth, channel, key, Int32(event.note.velocity))
      } else {
        fluid_synth_noteoff(synth, channel, key)
      }
    }
    render(&sound, done..<count)
    return sound
  }

  private func render(_ sound: inout StereoSound, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    sound.left.withUnsafeMutableBufferPointer { left in
      sound.right.withUnsafeMutableBufferPointer { right in
        _ = fluid_synth_write_float(
          synth, Int32(range.count), left.baseAddress, Int32(range.lowerBound), 1, right.baseAddress,
          Int32(range.lowerBound), 1)
      }
    }
  }
}
