import CDrawing
import Documents

/// Turns a composition into actors for one placement: opens assets, fits text, lays out, rasterises.
struct CompositionBuilder {
  let composition: Composition
  let placement: Placement
  let canvas: Canvas
  let shape: ShapeClass
  let assets: AssetResolver
  let typesetter: Typesetter
  var bitmaps: [Bitmap] = []
  /// Those among `bitmaps` that stand for clips.
  var clips: [Int: FootageClip] = [:]
  var pictures: [String: PictureAsset] = [:]
  var plains: [Colour: Int] = [:]
  var warnings: [DocumentError.Problem] = []
  /// What is read or pressed, scene by scene.
  var ink: [[Rectangle]] = []
  /// What is to be read, scene by scene; then what stands over all of them, in the whole's time.
  var words: [[SceneWords]] = []
  /// What must lie in the safe zone, likewise.
  var guarded: [[Rectangle]] = []
  /// What words without a colour of their own take in the scene being built.
  var readable = Colour.white

  var unit: Double { canvas.unit }
  var rightToLeft: Bool { composition.isRightToLeft }
  var full: Rectangle { Rectangle(x: 0, y: 0, width: canvas.width, height: canvas.height) }

  init(_ composition: Composition, placement: Placement, assets: AssetResolver) throws(EngineError) {
    self.composition = composition
    self.placement = placement
    canvas = Canvas(placement)
    shape = ShapeClass(width: canvas.width, height: canvas.height)
    self.assets = assets
    typesetter = try Typesetter(
      fonts: composition.fonts, language: composition.language,
      rightToLeft: Storyboard.isRightToLeft(composition.language))
  }

  func refused(_ place: Place, _ message: String) -> EngineError {
    .refused(composition.problem(place, message))
  }

  mutating func warn(_ place: Place, _ message: String) {
    let problem = composition.problem(place, message)
    if !warnings.contains(where: { $0.message == message && $0.path == place.path }) {
      warnings.append(problem)
    }
  }

  mutating func add(_ bitmap: Bitmap) -> Int {
    bitmaps.append(bitmap)
    return bitmaps.count - 1
  }

  func colour(_ reference: ColourReference) -> Colour { composition.palette.colour(reference) }

  /// The fill's mean, for choosing what reads on it.
  func mean(_ fill: Fill) -> Colour {
    switch fill {
    case .colour(let reference): colour(reference)
    case .gradient(let from, let to, _): colour(from).mixed(with: colour(to), 0.5)
    }
  }

  func zone(_ choice: ZoneChoice) -> Rectangle {
    switch choice {
    case .content: canvas.content
    case .safe: canvas.safe
    case .picture: full
    }
  }

  mutating func picture(_ asset: String, at place: Place) throws(EngineError) -> PictureAsset {
    if let known = pictures[asset] { return known }
    do {
      let opened = try PictureAsset(asset, from: assets)
      pictures[asset] = opened
      for remark in opened.remarks { warn(place, "asset \"\(asset)\" \(remark)") }
      return opened
    } catch {
      throw refused(place, error.description)
    }
  }

  /// The picture at this size; words when it has far too few pixels for it.
  mutating func rasterised(
    _ picture: PictureAsset, asset: String, width: Double, height: Double, at place: Place
  ) throws(EngineError) -> Bitmap {
    let (w, h) = (max(1, Int(width.rounded())), max(1, Int(height.rounded())))
    guard w <= 16_384, h <= 16_384, w * h <= 100_000_000 else {
      throw refused(place, "would need a picture of \(w)x\(h) pixels; make it or its scale smaller")
    }
    if case .pixels(let bitmap, _) = picture, Double(bitmap.width) * 2.2 < width {
      warn(
        place,
        "asset \"\(asset)\" has \(bitmap.width)x\(bitmap.height) pixels and is shown at \(w)x\(h): it will look blurred"
      )
    }
    return try picture.rasterised(width: w, height: h)
  }

  func family(_ font: String) -> String {
    switch font {
    case "headline": composition.fonts.headline
    case "body": composition.fonts.body
    default: font
    }
  }

  /// Refuses letters no font has, and names the fonts that stand in for others.
  mutating func checkFonts(_ text: TypesetText, wanted: [String], at place: Place) throws(EngineError) {
    let use = text.fontUse()
    if let missing = use.missing.first {
      throw refused(
        place,
        "no installed font can draw \"\(missing.prefix(20))\"; install one (the Noto families cover nearly all scripts)"
      )
    }
    for family in wanted where !InstalledFonts.contains(family) {
      let stand =
        use.families.first { !wanted.contains($0.name) }?.name ?? use.families.first?.name ?? "another"
      warn(place, "the font \"\(family)\" is not installed; \"\(stand)\" stands in")
    }
    for (name, example) in use.families
    where !wanted.contains(name) && !name.contains("Emoji") && wanted.contains(where: InstalledFonts.contains)
    {
      let message = "\"\(wanted.first ?? "")\" cannot draw \"\(example.prefix(12))\"; \"\(name)\" stands in"
      if !warnings.contains(where: { $0.message.hasSuffix("\"\(name)\" stands in") }) { warn(place, message) }
    }
  }
}

/// The families fontconfig knows.
enum InstalledFonts {
  private static let names: Set<String> = FontRoom.enter {
    var names: Set<String> = []
    guard let context = FontRoom.makeContext() else { return names }
    defer { g_object_unref(UnsafeMutableRawPointer(context)) }
    var families: UnsafeMutablePointer<UnsafeMutablePointer<PangoFontFamily>?>?
    var count: Int32 = 0
    pango_context_list_families(context, &families, &count)
    for index in 0..<Int(count) {
      if let family = families?[index], let name = pango_font_family_get_name(family) {
        names.insert(String(cString: name).lowercased())
      }
    }
    g_free(families)
    return names
  }

  /// Names that mean "any" count as installed.
  static func contains(_ family: String) -> Bool {
    let name = family.lowercased()
    return names.contains(name) || ["sans", "sans-serif", "serif", "monospace"].contains(name)
  }
}
