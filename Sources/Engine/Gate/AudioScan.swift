import CMedia
import Foundation

/// Decodes a sound track and measures it.
final class AudioScan {
  private let decoder: StreamDecoder
  private let meter: GateLoudness?
  private let channels: Int
  private let sampleRate: Int
  private let quiet: Float
  private let block: Int
  private var energy = 0.0
  private var inBlock = 0
  private var silentBlocks = 0
  private var blocks = 0
  /// Seconds.
  private var silences: [Range<Double>] = []
  /// Samples in each channel.
  private var samples = 0
  private var isUnknownFormat = false

  var measures: SoundMeasures {
    SoundMeasures(
      errors: decoder.errors, isUnknownFormat: isUnknownFormat, samples: samples, sampleRate: sampleRate,
      loudness: meter?.loudness, peak: meter?.peak, silences: silences)
  }

  init?(_ stream: UnsafeMutablePointer<AVStream>, rules: GateRules.Sound) {
    guard let decoder = StreamDecoder(stream, threads: 1, prepare: { _ in }) else { return nil }
    self.decoder = decoder
    channels = Int(stream.pointee.codecpar.pointee.ch_layout.nb_channels)
    sampleRate = Int(stream.pointee.codecpar.pointee.sample_rate)
    meter = GateLoudness(channels: channels, sampleRate: sampleRate)
    quiet = Float(pow(10, rules.silence / 10))
    // A tenth of a second.
    block = max(1, sampleRate / 10) * max(1, channels)
  }

  func take(_ packet: UnsafeMutablePointer<AVPacket>?) {
    decoder.decode(packet) { frame in
      guard let mixed = Self.interleaved(frame.pointee, channels) else {
        isUnknownFormat = true
        return
      }
      samples += Int(frame.pointee.nb_samples)
      meter?.add(mixed)
      for sample in mixed {
        energy += Double(sample * sample)
        inBlock += 1
        if inBlock == block { endBlock() }
      }
    }
    if packet == nil { endSilence() }
  }

  private func endBlock() {
    if energy / Double(block) < Double(quiet) { silentBlocks += 1 } else { endSilence() }
    blocks += 1
    (energy, inBlock) = (0, 0)
  }

  private func endSilence() {
    if silentBlocks > 0 { silences.append(Double(blocks - silentBlocks) / 10..<Double(blocks) / 10) }
    silentBlocks = 0
  }

  /// nil for formats nobody codes sound in.
  private static func interleaved(_ frame: AVFrame, _ channels: Int) -> [Float]? {
    let count = Int(frame.nb_samples)
    guard channels > 0, let planes = frame.extended_data else { return nil }
    func value<T: BinaryInteger>(_ type: T.Type, _ scale: Float, isPlanar: Bool, offset: Float = 0) -> [Float]
    {
      var result = [Float](repeating: 0, count: count * channels)
      for channel in 0..<channels {
        guard let plane = planes[isPlanar ? channel : 0] else { continue }
        plane.withMemoryRebound(to: T.self, capacity: isPlanar ? count : count * channels) { samples in
          for index in 0..<count {
            let sample = samples[isPlanar ? index : index * channels + channel]
            result[index * channels + channel] = (Float(sample) - offset) * scale
          }
        }
      }
      return result
    }
    switch AVSampleFormat(frame.format) {
    case AV_SAMPLE_FMT_FLTP:
      return [Float](unsafeUninitializedCapacity: count * channels) { out, size in
        for channel in 0..<channels {
          guard let plane = planes[channel] else { continue }
          plane.withMemoryRebound(to: Float.self, capacity: count) { samples in
            for index in 0..<count { out[index &* channels &+ channel] = samples[index] }
          }
        }
        size = count * channels
      }
    case AV_SAMPLE_FMT_FLT:
      return planes[0]?.withMemoryRebound(to: Float.self, capacity: count * channels) {
        [Float](UnsafeBufferPointer(start: $0, count: count * channels))
      }
    case AV_SAMPLE_FMT_S16: return value(Int16.self, 1 / 32_768, isPlanar: false)
    case AV_SAMPLE_FMT_S16P: return value(Int16.self, 1 / 32_768, isPlanar: true)
    case AV_SAMPLE_FMT_S32: return value(Int32.self, 1 / 2_147_483_648, isPlanar: false)
    case AV_SAMPLE_FMT_S32P: return value(Int32.self, 1 / 2_147_483_648, isPlanar: true)
    default: return nil
    }
  }
}
