public import Campaigns
internal import Cryptography
public import Engine

/// Turns levels, brief and brand into what a version shows, in one language: the hook over a photo, the product
/// with its promise and proof, the end card. The same input gives the same storyboard.
///
/// Assets are named by their SHA-256: a brand that later changes a file does not change what was written.
public struct StoryboardWriter: Sendable {
  let brandName: String
  let brand: BrandDocument
  let document: CampaignDocument

  public init(brand: Brand, document: CampaignDocument) {
    brandName = brand.name
    self.brand = brand.document
    self.document = document
  }

  /// - Parameters:
  ///   - levels: factor key -> level key. A factor the campaign does not test takes what suits most.
  ///   - language: one of the campaign's.
  /// - Throws: `CreativeError`.
  public func storyboard(levels: [String: String], language: String) throws -> Storyboard {
    let choice = LevelChoice(factors: document.factors, levels: levels, language: language)
    let tempo = try choice.value(.pace).flatMap { Int($0) } ?? CutPlan.standardTempo
    let duration = TimeSpan.milliseconds(document.durationMs)
    let seed = Self.seed(levels: levels, language: language)
    let field = Field(brand: brand, name: try choice.value(.palette) ?? "primary")
    let script = Script(
      field: field, cuts: CutPlan(duration: duration, tempo: tempo),
      layout: try choice.value(.layout).flatMap { Script.Layout(rawValue: $0) } ?? .centred,
      texts: try texts(choice, language: language), pictures: try pictures(choice, field: field),
      drift: seed)
    return Storyboard(
      duration: duration, seed: seed, language: language, palette: field.palette,
      fonts: Fonts(headline: brand.headingFont, body: brand.bodyFont), scenes: script.scenes,
      music: Music(
        mood: try choice.value(.music).flatMap { Music.Mood(rawValue: $0) } ?? .airy, tempo: tempo,
        seed: seed))
  }

  /// A seed that only what is shown decides.
  private static func seed(levels: [String: String], language: String) -> Int {
    let fields = [language] + levels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    return Int(SHA256.hash(fields: fields).first64Bits >> 33)
  }

  private func texts(_ choice: LevelChoice, language: String) throws -> Script.Texts {
    func text(_ localised: LocalisedText, _ what: String) throws -> String {
      guard let text = localised[language] else {
        throw CreativeError.missingText(what: what, language: language)
      }
      return text
    }
    let promise = try text(document.brief.promise, "the promise")
    var legal = [
      try text(document.brief.legal, "the legal line"), try text(brand.legal, "the brand's legal line"),
    ]
    if let photo = try photo(choice), let attribution = photo.licence.attribution {
      legal.append(attribution)
    }
    return Script.Texts(
      brand: brandName, tagline: try text(brand.tagline, "the tagline"),
      hook: try choice.text(.hook) ?? promise, headline: try choice.text(.headline) ?? promise,
      proof: try text(document.brief.proof, "the proof"), callToAction: try choice.text(.callToAction),
      legal: legal.joined(separator: " "))
  }

  private func pictures(_ choice: LevelChoice, field: Field) throws -> Script.Pictures {
    Script.Pictures(
      logo: try logo(onDark: field.isDark).sha256, product: first(.product)?.sha256,
      photo: try photo(choice)?.sha256)
  }

  /// The photo of the background's level, or the brand's first, or none.
  private func photo(_ choice: LevelChoice) throws -> BrandAsset? {
    guard let key = try choice.value(.background) else { return first(.photo) }
    guard let asset = brand.assets[key] else { throw CreativeError.missingAsset("photo \"\(key)\"") }
    return asset
  }

  /// The key of a logo made for dark grounds ends in `-light`, for it is light itself.
  private func logo(onDark: Bool) throws -> BrandAsset {
    let logos = brand.assets.filter { $0.value.kind == .logo }.sorted { $0.key < $1.key }
    let suited = logos.first { $0.key.hasSuffix("-light") == onDark } ?? logos.first
    guard let suited else { throw CreativeError.missingAsset("logo") }
    return suited.value
  }

  private func first(_ kind: BrandAsset.Kind) -> BrandAsset? {
    brand.assets.filter { $0.value.kind == kind }.min { $0.key < $1.key }?.value
  }
}

/// The levels of one version, looked up in the campaign's factors.
struct LevelChoice {
  let factors: [Factor]
  let levels: [String: String]
  let language: String

  /// Nil where the campaign does not test the factor.
  private func level(_ kind: FactorKind) throws -> Level? {
    guard let factor = factors.first(where: { $0.key == kind.rawValue }) else { return nil }
    guard let key = levels[factor.key] else { return factor.levels.first }
    guard let level = factor.levels.first(where: { $0.key == key }) else {
      throw CreativeError.unknownLevel(factor: factor.key, level: key)
    }
    return level
  }

  func value(_ kind: FactorKind) throws -> String? { try level(kind)?.value }

  func text(_ kind: FactorKind) throws -> String? {
    guard let level = try level(kind) else { return nil }
    guard let text = level.text?[language] else {
      throw CreativeError.missingText(what: "\(kind.rawValue) \(level.key)", language: language)
    }
    return text
  }
}
