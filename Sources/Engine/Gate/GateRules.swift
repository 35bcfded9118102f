/// The gate's thresholds. `standard` equals `config/gate.yaml`, which tells where each figure comes from.
/// Sizes of text are pixels where the picture's shorter side is 1080.
public struct GateRules: Sendable, Hashable {
  public struct Black: Sendable, Hashable {
    /// A place is black when its luma is at most this share of the range from black to white.
    public var luma = 0.05
    /// A frame is black when this share of it is.
    public var area = 0.98
    public var longest = TimeSpan.milliseconds(400)
  }

  public struct Frozen: Sendable, Hashable {
    /// Mean change of luma and chroma, as a share of the whole range, that counts as none.
    public var noise = 0.001
    /// The largest change any one place may have then.
    public var place = 0.02
    public var longest = TimeSpan.seconds(2)
  }

  public struct Flicker: Sendable, Hashable {
    /// A turn of the whole picture's mean luma counts from this share of the range.
    public var step = 0.02
    /// More turns up and down than this many pairs in a second are flicker.
    public var perSecond = 3
    /// A place blinks when it leaves its luma by this share for one frame and comes back.
    public var blinkStep = 0.08
    /// A frame blinks when this share of its places do.
    public var blinkArea = 0.05
  }

  public struct Flash: Sendable, Hashable {
    /// Change of relative luminance.
    public var change = 0.1
    /// The darker state must be below this relative luminance.
    public var darker = 0.8
    public var perSecond = 3
    /// The field of 10 degrees, as shares of the picture's sides, and how much of it must flash.
    public var fieldWidth = 1.0 / 3
    public var fieldHeight = 1.0 / 3
    public var area = 0.25
    /// R / (R + G + B), linear, from which a colour is a saturated red.
    public var redShare = 0.8
    /// Distance in the CIE 1976 UCS diagram.
    public var redDistance = 0.2
    /// Linear red below which nothing is called red, (R - G - B) * 320 > 20 of WCAG 2.1.
    public var redLeast = 0.0625
  }

  public struct Text: Sendable, Hashable {
    public var contrast = 4.5
    public var largeContrast = 3.0
    public var large = 40.0
    public var largeBold = 31.0
    /// The measured contrast may fall short by this share: coding softens edges and halves the colours.
    public var tolerance = 0.07
    /// The share of the words' area that may lie on less.
    public var spared = 0.15
    public var smallest = 19.0
    public var shortest = TimeSpan.milliseconds(500)
    /// Reading time of a word.
    public var word = TimeSpan.milliseconds(200)
  }

  public struct Sound: Sendable, Hashable {
    /// LUFS.
    public var loudness = -14.0
    public var tolerance = 1.0
    /// dBTP.
    public var peak = -1.0
    /// Below this level in dBFS there is silence.
    public var silence = -60.0
    public var longestSilence = TimeSpan.milliseconds(1500)
  }

  public struct Sync: Sendable, Hashable {
    /// Sound before its picture and after it.
    public var early = TimeSpan.milliseconds(40)
    public var late = TimeSpan.milliseconds(60)
    /// Difference of the two lengths.
    public var length = TimeSpan.milliseconds(100)
    /// Clock of the sound against its samples, over the whole file.
    public var drift = TimeSpan.milliseconds(20)
    /// A frame's time may differ from its beat by this share of a frame.
    public var frame = 0.5
  }

  public var black = Black()
  public var frozen = Frozen()
  public var flicker = Flicker()
  public var flash = Flash()
  public var text = Text()
  public var sound = Sound()
  public var sync = Sync()
  /// Kinds that are not here are failures.
  public var severities: [Finding.Kind: Finding.Severity] = [
    .textHurried: .warning, .placementBitRate: .warning,
  ]

  public init() {}

  public static let standard = GateRules()
}
