import Campaigns
import Engine
import Foundation

/// Finds a document's assets: files beside it, or content in the vault.
struct AssetFinder: Sendable {
  let document: String
  let vault: AssetVault

  var resolver: AssetResolver {
    AssetResolver { asset in
      let path = path(of: asset)
      return FileManager.default.fileExists(atPath: path) ? path : nil
    }
  }

  /// Where the asset lies, or would.
  func path(of asset: String) -> String {
    let file = URL(filePath: asset, relativeTo: URL(filePath: document).deletingLastPathComponent()).path
    if FileManager.default.fileExists(atPath: file) { return file }
    return asset.wholeMatch(of: #/[0-9a-f]{64}/#) != nil ? vault.path(of: asset) : file
  }
}
