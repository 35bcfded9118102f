/// Why a file cannot become, or is no longer, an asset.
public enum AssetError: Error, Hashable, Sendable, CustomStringConvertible {
  case missing(path: String)
  case unreadable(path: String, reason: String)
  case notAFile(path: String)
  case empty(path: String)
  case tooLarge(path: String, sizeBytes: Int64, limitBytes: Int64)
  case wrongType(path: String, found: String?, kind: BrandAsset.Kind, allowed: [String])
  /// The file in the vault is gone or holds other bytes than its name says.
  case damaged(sha256: String, path: String)
  case cannotStore(path: String, reason: String)

  public var description: String {
    switch self {
    case .missing(let path): "there is no file \(path)"
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .notAFile(let path): "\(path) is not a plain file"
    case .empty(let path): "\(path) is empty"
    case .tooLarge(let path, let sizeBytes, let limitBytes):
      "\(path) has \(sizeBytes) bytes, the limit is \(limitBytes)"
    case .wrongType(let path, let found, let kind, let allowed):
      "\(path) is \(found ?? "of no type Retake knows"); a \(kind.rawValue) must be "
        + allowed.joined(separator: ", ")
    case .damaged(let sha256, let path):
      "asset \(sha256) is missing or damaged in \(path); apply its campaign's folder again to restore it"
    case .cannotStore(let path, let reason):
      "\(path) cannot be written: \(reason); check that the data folder is writable and not full"
    }
  }
}
