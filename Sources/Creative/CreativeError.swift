public import Campaigns
public import Engine

/// Why a version cannot be written or rendered, and what to do about it.
public enum CreativeError: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownLevel(factor: String, level: String)
  case missingText(what: String, language: String)
  case missingAsset(String)
  case unknownPlacement(String)
  /// The variant was imported from a platform, there is nothing to render.
  case noStoryboard(variant: String)
  case notLicensed(asset: String, fileName: String, refusal: Licence.Refusal)
  case unreadableStoryboard(variant: String, problem: String)
  /// The film was made and the engine's gate does not let it be published; made again it would be the same.
  case notFitToPublish(variant: String, findings: [Finding])

  public var description: String {
    switch self {
    case .unknownLevel(let factor, let level):
      "the factor \(factor) has no level \(level) in the campaign; apply the campaign's folder that has it"
    case .missingText(let what, let language):
      "\(what) has no text in \(language); add it to the campaign's files and apply them"
    case .missingAsset(let asset):
      "the brand has no \(asset); add it to brand.yaml and apply the campaign's folder"
    case .unknownPlacement(let placement):
      "\(placement) is not a known placement; see config/placements.yaml"
    case .noStoryboard(let variant):
      "variant \(variant) was imported from a platform: it has no storyboard and cannot be rendered"
    case .notLicensed(let asset, let fileName, let refusal):
      "\(fileName) (asset \(asset.prefix(12))) may not be used here: \(refusal). Renew its licence in brand.yaml "
        + "or regenerate the version without it"
    case .unreadableStoryboard(let variant, let problem):
      "the storyboard of variant \(variant) cannot be read: \(problem)"
    case .notFitToPublish(let variant, let findings):
      "the film of variant \(variant) is not published: "
        + findings.map(\.description).joined(separator: "; ")
    }
  }
}
