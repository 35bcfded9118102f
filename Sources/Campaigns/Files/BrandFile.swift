internal import Documents
internal import Foundation

/// What a `brand.yaml` says, with the places of what other files are held against.
struct BrandFile {
  static let colourNames = ["primary", "secondary", "accent", "ink", "paper"]

  var key = ""
  var name = ""
  var document: BrandDocument
  var taglinePlace: Located<Void>
  var legalPlace: Located<Void>
  var assets: [Located<(key: String, asset: BrandAsset)>]
  /// Where the files lie, by SHA-256.
  var sources: [String: String]

  static func read(_ path: String) throws -> BrandFile {
    let file = try Document(path: path)
    return try file.read { root in
      let map = root.mapping(allowed: [
        "schema", "key", "name", "tagline", "colours", "fonts", "tone", "legal", "assets",
      ])
      map.schema("retake.brand/1")
      let colours = map.mapping("colours", allowed: colourNames)
      let fonts = map.mapping("fonts", allowed: ["heading", "body"])
      var reader = AssetReader(folder: (path as NSString).deletingLastPathComponent)
      let assets = map.uniqueList("assets", count: 1...500, key: \.value.key) { node in
        node.located(reader.read(node), file: path)
      }
      return BrandFile(
        key: map.require("key").key(),
        name: map.string("name", length: 1...120),
        document: BrandDocument(
          tagline: map.require("tagline").localisedInAny(length: 1...80),
          colours: Dictionary(
            uniqueKeysWithValues: colourNames.map { ($0, colour(colours.require($0))) }),
          headingFont: fonts.string("heading"), bodyFont: fonts.string("body"),
          tone: map.string("tone", length: 1...2000),
          legal: map.require("legal").localisedInAny(length: 1...240),
          assets: Dictionary(assets.map { ($0.value.key, $0.value.asset) }) { first, _ in first }),
        taglinePlace: map.require("tagline").located((), file: path),
        legalPlace: map.require("legal").located((), file: path),
        assets: assets, sources: reader.sources)
    }
  }

  private static func colour(_ node: DocumentNode) -> String {
    node.parsed("a colour such as \"#0B4A55\" (in quotes)", standIn: "#000000") {
      $0.wholeMatch(of: #/#[0-9a-fA-F]{6}/#) == nil ? nil : $0.lowercased()
    }
  }
}

/// Reads the items of `assets` and the files they name.
private struct AssetReader {
  let folder: String
  var sources: [String: String] = [:]
  private var licences: [String: Licence] = [:]

  init(folder: String) { self.folder = folder }

  mutating func read(_ node: DocumentNode) -> (key: String, asset: BrandAsset) {
    let map = node.mapping(allowed: ["key", "file", "kind", "licence"])
    let kind = map.oneOf("kind", BrandAsset.Kind.self, what: "kind of asset")
    let licence = LicenceFile.read(map.require("licence"))
    let fileNode = map.require("file")
    let fileName = fileNode.string(length: 1...255)
    var asset = BrandAsset(
      sha256: "", kind: kind, fileName: fileName, mediaType: "", sizeBytes: 0, licence: licence)
    if let inspection = inspect(fileName, at: fileNode, kind: kind) {
      asset.sha256 = inspection.sha256
      asset.mediaType = inspection.mediaType
      asset.sizeBytes = inspection.sizeBytes
      if let other = licences[asset.sha256], other != licence {
        node.problem("is the same file as another asset but under another licence; a file has one licence")
      }
      licences[asset.sha256] = licence
    }
    return (map.require("key").key(), asset)
  }

  private mutating func inspect(
    _ fileName: String, at node: DocumentNode, kind: BrandAsset.Kind
  ) -> AssetVault.Inspection? {
    guard !fileName.isEmpty else { return nil }
    guard !fileName.hasPrefix("/"), !fileName.split(separator: "/").contains("..") else {
      node.problem("must be a path inside the campaign's folder, such as assets/logo.svg")
      return nil
    }
    let path = folder.isEmpty ? fileName : "\(folder)/\(fileName)"
    do {
      let inspection = try AssetVault.inspect(fileAt: path, kind: kind)
      sources[inspection.sha256] = path
      return inspection
    } catch {
      node.problem("\(error)")
      return nil
    }
  }
}
