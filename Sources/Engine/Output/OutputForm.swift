import Foundation

/// What kind of file a rendering becomes.
public enum OutputForm: String, Sendable, Hashable, Codable, CaseIterable {
  /// H.264 High and AAC in MP4, index first: what every placement takes.
  case mp4
  /// VP9 and Opus in WebM, for pages of one's own.
  case webm
  /// AV1 (SVT-AV1) and AAC in MP4: the smallest films, and the slowest to make.
  case av1
  /// An animated GIF with a palette for every scene: no sound, fewer and smaller frames.
  case gif
  /// An animated WebP, likewise without sound.
  case webp
  /// One frame as PNG.
  case png
  /// One frame as WebP.
  case stillWebP = "still-webp"

  /// How its files' names end. Two forms share a container with another and say so before its extension.
  public var fileExtension: String {
    switch self {
    case .mp4: "mp4"
    case .webm: "webm"
    case .av1: "av1.mp4"
    case .gif: "gif"
    case .webp: "webp"
    case .png: "png"
    case .stillWebP: "still.webp"
    }
  }

  /// The form a file's name asks for, by its longest known ending; letters' case does not matter.
  ///
  /// - Throws: `EngineError.formUnknown`, which names the endings there are.
  public init(fileName: String) throws(EngineError) {
    let name = fileName.split(separator: "/").last.map { $0.lowercased() } ?? ""
    let fitting = Self.allCases.filter { name.hasSuffix(".\($0.fileExtension)") }
    guard let form = fitting.max(by: { $0.fileExtension.count < $1.fileExtension.count }) else {
      throw .formUnknown(file: fileName)
    }
    self = form
  }

  /// The form of a placement's file called `fileName`: what the placement wants where the name allows it, else
  /// what the name says.
  init(fileName: String, for placement: Placement) throws(EngineError) {
    let wanted = placement.rules.form
    let named = try OutputForm(fileName: fileName)
    let ending = wanted.fileExtension.split(separator: ".").last.map(String.init) ?? ""
    self = named.fileExtension == ending && named.hasFilm ? wanted : named
  }

  /// A film with sound, as against moving pictures without and stills.
  var hasFilm: Bool { videoCodec != nil }

  var isStill: Bool { self == .png || self == .stillWebP }

  /// How the film's picture is coded; nil for what is no film.
  var videoCodec: VideoCodec? {
    switch self {
    case .mp4: .h264
    case .webm: .vp9
    case .av1: .av1
    case .gif, .webp, .png, .stillWebP: nil
    }
  }

  var audioCodec: AudioCodec { self == .webm ? .opus : .aac }

  /// As placements name containers.
  var container: String {
    switch self {
    case .mp4, .av1: "mp4"
    case .webm: "webm"
    case .gif: "gif"
    case .webp, .stillWebP: "webp"
    case .png: "png"
    }
  }

  /// The form that holds a film coded so, as placements name codecs; nil: the engine has no encoder for it.
  init?(codec: String) {
    guard let form = Self.allCases.first(where: { $0.videoCodec?.rawValue == codec }) else { return nil }
    self = form
  }

  /// Codecs of `init(codec:)`.
  static let codecs = allCases.compactMap { $0.videoCodec?.rawValue }
}

/// What a caller may want otherwise than a form and a placement have it. nil: as they have it.
public struct OutputSettings: Sendable, Hashable, Codable {
  /// The encoder's constant rate factor, lower is better: 0 to 51 for `mp4`, 0 to 63 for `webm` and `av1`. For
  /// pictures in WebP a quality of 0 to 100, higher is better. GIF and PNG have none.
  public var quality: Int?
  /// A limit besides the placement's own.
  public var maximumBytes: Int?
  /// Of moving pictures without sound (`gif`, `webp`): the shorter side in pixels, and how many frames a second,
  /// at most.
  public var shorterSide: Int?
  public var framesPerSecond: Int?
  /// Which frame a still shows.
  public var moment: PosterMoment

  public init(
    quality: Int? = nil, maximumBytes: Int? = nil, shorterSide: Int? = nil, framesPerSecond: Int? = nil,
    moment: PosterMoment = .telling
  ) {
    self.quality = quality
    self.maximumBytes = maximumBytes
    self.shorterSide = shorterSide
    self.framesPerSecond = framesPerSecond
    self.moment = moment
  }
}

/// Which frame stands for a film.
public enum PosterMoment: Sendable, Hashable, Codable {
  /// The first that shows the most words at rest.
  case telling
  case first
  case at(TimeSpan)
}
