/// Logo, colours, fonts, tone, legal line.
public struct Brand: Hashable, Sendable, Codable, Identifiable {
  public let id: Identifier<Brand>
  public let workspace: Identifier<Workspace>
  public var key: String
  public var name: String
  public var document: BrandDocument

  public init(
    id: Identifier<Brand>, workspace: Identifier<Workspace>, key: String, name: String,
    document: BrandDocument
  ) {
    self.id = id
    self.workspace = workspace
    self.key = key
    self.name = name
    self.document = document
  }
}

public struct BrandDocument: Hashable, Sendable, Codable {
  public var tagline: LocalisedText
  /// `#rrggbb` by name: primary, secondary, accent, ink, paper.
  public var colours: [String: String]
  public var headingFont: String
  public var bodyFont: String
  public var tone: String
  public var legal: LocalisedText
  /// By the key brand.yaml gave them.
  public var assets: [String: BrandAsset]

  public init(
    tagline: LocalisedText, colours: [String: String], headingFont: String, bodyFont: String, tone: String,
    legal: LocalisedText, assets: [String: BrandAsset]
  ) {
    self.tagline = tagline
    self.colours = colours
    self.headingFont = headingFont
    self.bodyFont = bodyFont
    self.tone = tone
    self.legal = legal
    self.assets = assets
  }
}

/// A file of the brand, named by its SHA-256, with the right to use it.
public struct BrandAsset: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case logo, product, photo, footage, font, music, voice
  }

  /// Lower-case hexadecimal.
  public var sha256: String
  public var kind: Kind
  /// As the brand named it, for people.
  public var fileName: String
  public var mediaType: String
  public var sizeBytes: Int64
  public var licence: Licence

  public init(
    sha256: String, kind: Kind, fileName: String, mediaType: String, sizeBytes: Int64, licence: Licence
  ) {
    self.sha256 = sha256
    self.kind = kind
    self.fileName = fileName
    self.mediaType = mediaType
    self.sizeBytes = sizeBytes
    self.licence = licence
  }
}
