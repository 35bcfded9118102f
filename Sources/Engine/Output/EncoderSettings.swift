import CMedia
import Cryptography
import Synchronization

/// How pictures are coded; the raw value is the codec's name in `config/placements.yaml`.
enum VideoCodec: String, Sendable, Hashable, CaseIterable {
  case h264, vp9, av1

  /// libavcodec's name of the one encoder used: others give other bytes.
  var encoder: String {
    switch self {
    case .h264: "libx264"
    case .vp9: "libvpx-vp9"
    case .av1: "libsvtav1"
    }
  }

  var kind: StreamFormat.Kind {
    switch self {
    case .h264: .h264
    case .vp9: .vp9
    case .av1: .av1
    }
  }

  /// Constant rate factors of about the same look: x264's usual 20 and what comes near it on ads.
  var usualQuality: Int {
    switch self {
    case .h264: 20
    case .vp9: 30
    case .av1: 32
    }
  }

  /// The best worth its bytes and the worst that may still be shown, when a file must have a size.
  var acceptableQuality: ClosedRange<Int> {
    switch self {
    case .h264: 10...36
    case .vp9: 12...54
    case .av1: 12...56
    }
  }

  /// Every quality the encoder knows.
  var possibleQuality: ClosedRange<Int> { self == .h264 ? 0...51 : 0...63 }

  /// By how much the quality rises while the bytes halve; a first guess, corrected by what is measured.
  var halving: Double { self == .h264 ? 6 : 10 }

  /// So many segments of a film are encoded at the same time at most: SVT-AV1 takes half a gigabyte each.
  var segmentsAtOnce: Int { self == .av1 ? 4 : .max }

  /// libavcodec's encoder of that name.
  ///
  /// - Throws: `EngineError.encoderMissing`.
  static func find(_ name: String) throws(EngineError) -> UnsafePointer<AVCodec> {
    guard let codec = avcodec_find_encoder_by_name(name) else { throw .encoderMissing(encoder: name) }
    return codec
  }
}

/// What shapes an encoding besides the pictures.
struct EncoderSettings: Sendable, Hashable {
  var codec = VideoCodec.h264
  var preset: String
  /// Constant rate factor: 0 is lossless, 51 (63) the worst.
  var quality: Int
  /// Beyond these frames a key picture is forced.
  var keyInterval: Int
  /// No second has more than this, in kbit/s; H.264 only.
  var highestRate: Int?
  /// How many pictures in a row may refer to a later one; H.264 only.
  var betweenPictures = 3

  /// For segments: one key picture at the start, for no segment is long. A cut within footage gets a picture
  /// that refers to no other but does not start anew: two of those in a row would have to differ in a number
  /// (`idr_pic_id`, ITU-T H.264 7.4.3) that segments made apart cannot agree on.
  static let segment = EncoderSettings(preset: "veryfast", quality: 20, keyInterval: 4096)

  /// For a look at half the size: the least work x264 knows.
  static let preview = EncoderSettings(
    preset: "ultrafast", quality: 26, keyInterval: 4096, betweenPictures: 0)

  /// For segments of another codec or quality.
  static func segment(_ codec: VideoCodec, quality: Int? = nil, highestRate: Int? = nil) -> EncoderSettings {
    EncoderSettings(
      codec: codec, preset: preset(codec), quality: quality ?? codec.usualQuality, keyInterval: 4096,
      highestRate: highestRate)
  }

  /// The same for a film in one go.
  var whole: EncoderSettings {
    var settings = self
    settings.keyInterval = SegmentPlan.longest
    return settings
  }

  private static func preset(_ codec: VideoCodec) -> String {
    switch codec {
    case .h264: "veryfast"
    case .vp9: "4"
    case .av1: "8"
    }
  }

  /// The encoder's own options. One thread everywhere: with more, bytes may vary from run to run.
  var options: [(String, String)] {
    switch codec {
    case .h264:
      [("preset", preset), ("crf", "\(quality)"), ("profile", "high"), ("x264-params", x264)]
    case .vp9:
      [
        ("deadline", "good"), ("cpu-used", preset), ("crf", "\(quality)"), ("lag-in-frames", "25"),
        ("auto-alt-ref", "1"), ("row-mt", "0"), ("tile-columns", "0"), ("frame-parallel", "0"),
      ]
    case .av1:
      [("preset", preset), ("crf", "\(quality)"), ("svtav1-params", "lp=1:pin=0:scd=0:enable-overlays=0")]
    }
  }

  private var x264: String {
    var text =
      "threads=1:lookahead-threads=1:keyint=\(keyInterval):min-keyint=\(keyInterval / 2)"
      + ":open-gop=0:bframes=\(betweenPictures):force-cfr=1"
    if let highestRate { text += ":vbv-maxrate=\(highestRate):vbv-bufsize=\(highestRate)" }
    return text
  }

  /// The hash of these settings and of what they make of a known moving picture here and now: another build
  /// of the encoder, or one that takes another way on another processor, has another.
  func fingerprint() throws(EngineError) -> SHA256Digest {
    if let known = Self.fingerprints.withLock({ $0[self] }) { return known }
    _ = MediaLog.isQuiet
    let (width, height, count) = (176, 144, 12)
    let encoder = try VideoEncoder(width: width, height: height, settings: self)
    let picture = try PlanarPicture(width: width, height: height)
    for number in 0..<count {
      let rows = try picture.writable()
      for row in 0..<height {
        for column in 0..<width {
          rows.luma[row * rows.lumaStride + column] = UInt8(
            truncatingIfNeeded: (column + number * 3) * (row + 7) / 16 &+ (column ^ row))
        }
      }
      for row in 0..<height / 2 {
        for column in 0..<width / 2 {
          rows.blueness[row * rows.chromaStride + column] = UInt8(truncatingIfNeeded: column + number)
          rows.redness[row * rows.chromaStride + column] = UInt8(truncatingIfNeeded: row * 2)
        }
      }
      try encoder.encode(picture, number)
    }
    let stream = try encoder.finish()
    var hash = SHA256()
    hash.update(field: Engine.version)
    hash.update(field: codec.encoder)
    hash.update(field: options.map { "\($0)=\($1)" }.joined(separator: " "))
    hash.update(stream.format.parameters)
    hash.update(stream.bytes)
    let digest = hash.finalize()
    Self.fingerprints.withLock { $0[self] = digest }
    return digest
  }

  /// Neither the processor nor the library changes while a process lives.
  private static let fingerprints = Mutex<[EncoderSettings: SHA256Digest]>([:])
}
