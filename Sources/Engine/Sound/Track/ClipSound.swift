/// The sound of a footage layer, heard while the layer is seen.
public struct ClipSound: Sendable, Hashable, Codable {
  /// The asset's id.
  public var asset: String
  /// When it is heard, in the whole's time.
  public var from: TimeSpan
  public var until: TimeSpan
  /// The stretch of the file that plays; to its end where `clipUntil` is nil.
  public var clipFrom: TimeSpan
  public var clipUntil: TimeSpan?
  /// Begins again at the stretch's end; else it falls silent.
  public var repeats: Bool
  /// Times as loud as in the file.
  public var volume: Double

  public init(
    asset: String, from: TimeSpan, until: TimeSpan, clipFrom: TimeSpan = .zero, clipUntil: TimeSpan? = nil,
    repeats: Bool = false, volume: Double = 1
  ) {
    self.asset = asset
    self.from = from
    self.until = until
    self.clipFrom = clipFrom
    self.clipUntil = clipUntil
    self.repeats = repeats
    self.volume = volume
  }

  enum CodingKeys: String, CodingKey {
    case asset, from, until, repeats, volume
    case clipFrom = "clip_from"
    case clipUntil = "clip_until"
  }

  /// Cuts do not click: samples over which every stretch comes and goes.
  private static let edge = 0.008

  /// Adds it to `mix`.
  ///
  /// - Throws: `SoundError.clipUnreadable`, `EngineError.assetMissing`.
  func add(to mix: inout StereoSound, assets: AssetResolver) throws {
    let path = try assets.path(of: asset)
    let (first, end) = (from.samples, min(until.samples, mix.count))
    guard first < end else { return }
    let length = Double(end - first) / Double(Engine.sampleRate)
    let most = clipUntil?.seconds ?? .infinity
    let recording: StereoSound
    do throws(SoundDecoder.Fault) {
      // Whoever goes on for longer than that need not begin again.
      recording = try SoundDecoder.decode(path, seconds: min(most, clipFrom.seconds + length))
    } catch {
      throw SoundError.clipUnreadable(asset: asset, path: path, reason: error.reason)
    }
    let begin = min(recording.count, clipFrom.samples)
    let stretch = recording.part(
      begin..<max(begin, min(recording.count, clipUntil?.samples ?? recording.count)))
    // Rounds too short to be heard are none.
    guard stretch.count > Engine.sampleRate / 50 else { return }
    var at = first
    while at < end {
      var round = stretch.count > end - at ? stretch.part(0..<end - at) : stretch
      Fade.apply(to: &round, in: Self.edge, out: Self.edge)
      mix.add(round, at: at, gain: Float(volume))
      guard repeats else { return }
      at += stretch.count
    }
  }
}
