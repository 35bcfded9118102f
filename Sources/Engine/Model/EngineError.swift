public import Documents

/// Why a storyboard could not be rendered: what, where, and what to do about it.
public enum EngineError: Error, Sendable, Hashable {
  /// The storyboard names an asset nobody provides.
  case assetMissing(asset: String)
  /// The file behind an asset cannot be opened or understood.
  case assetUnreadable(asset: String, path: String, reason: String)
  /// The storyboard contradicts itself or the placement.
  case invalidStoryboard(reason: String)
  /// `scene` counts from 1.
  case textDoesNotFit(scene: Int, text: String, placement: String, smallest: Int)
  case placementUnfit(placement: String, reason: String)
  case outputNotWritable(path: String, reason: String)
  /// The file's name tells no form the engine writes.
  case formUnknown(file: String)
  /// What was asked of the output cannot be done.
  case invalidOutput(reason: String)
  /// libavcodec lacks what the wanted form is made with.
  case encoderMissing(encoder: String)
  /// Even the worst quality that may be shown is more than the limit; `limitOf` is who set it.
  case fileTooLarge(file: String, bytes: Int, limit: Int, limitOf: String)
  /// The file was made, looked at and not published.
  case gateClosed(placement: String, findings: [Finding])
  /// A composition cannot be shown as it is; the problem names document, line and layer.
  case refused(DocumentError.Problem)
  /// A library refused to do its work; `operation` names what was asked of it.
  case libraryFailed(operation: String, reason: String)
}

extension EngineError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .assetMissing(let asset):
      "asset \"\(asset)\": no file is known under this id; add it to the brand's assets or correct the id"
    case .assetUnreadable(let asset, let path, let reason):
      "asset \"\(asset)\": \(path) \(reason)"
    case .invalidStoryboard(let reason):
      "storyboard: \(reason)"
    case .textDoesNotFit(let scene, let text, let placement, let smallest):
      "scene \(scene): \"\(text.prefix(60))\(text.count > 60 ? "…" : "")\" does not fit into the safe zone of "
        + "\(placement) even at its smallest size (\(smallest) px); shorten it or give the scene fewer layers"
    case .placementUnfit(let placement, let reason):
      "placement \(placement): \(reason)"
    case .outputNotWritable(let path, let reason):
      "\(path) cannot be written: \(reason)"
    case .formUnknown(let file):
      "\(file): its ending tells no form the engine writes; end it with "
        + OutputForm.allCases.map { ".\($0.fileExtension)" }.joined(separator: ", ")
    case .invalidOutput(let reason):
      "output: \(reason)"
    case .encoderMissing(let encoder):
      "this machine's libavcodec was built without the encoder \(encoder); install Debian's libavcodec59 (or "
        + "another build of FFmpeg 5 or later that has \(encoder)), or choose another form"
    case .fileTooLarge(let file, let bytes, let limit, let limitOf):
      "\(file): the file would have \(bytes) bytes even at the worst quality that may still be shown; \(limitOf) "
        + "takes \(limit): shorten it, use fewer moving photos, or raise the limit"
    case .gateClosed(let placement, let findings):
      "the film for \(placement) was rendered but is not published: "
        + findings.map(\.description).joined(separator: "; ")
    case .refused(let problem):
      problem.description
    case .libraryFailed(let operation, let reason):
      "\(operation) failed: \(reason)"
    }
  }
}
