import CDrawing
import Foundation

@testable import Engine

/// `ref-ad-15`: 450 frames of what ads are made of. Four scenes with crossfades of half a second: a turning
/// gradient with three rising words; a photo zooming slowly under a translucent panel with two lines; a turned
/// product with a badge that pops in; a headline, a pulsing button and an address.
///
/// Sizes are those of 1080x1920 and shrink with the shorter side of other shapes.
struct ReferenceAd {
  let width: Int
  let height: Int
  let film: Film
  private(set) var pictures: [String: Bitmap] = [:]

  /// - Parameters:
  ///   - version: changes the first scene's words, as an experiment over hooks would.
  ///   - assets: the folder of the photos.
  ///   - only: the one frame that is wanted; what it does not show is not decoded.
  init(width: Int, height: Int, version: Int = 0, assets: String, only: Int? = nil) throws {
    self.width = width
    self.height = height
    var studio = try Studio(width: width, height: height, assets: assets)
    let words = version == 0 ? ["Make", "every", "second"] : ["Hook", "number", "\(version)"]
    let hook = try words.map { try studio.text($0, size: 150) }
    func isShown(_ from: Int, _ end: Int) -> Bool { only.map { (from..<end).contains($0) } ?? true }
    let photo =
      isShown(105, 240) ? try studio.photo("sea-sunset.jpg", width: 1350, height: 2400) : try studio.nothing()
    let panel = try studio.panel(width: 940, height: 340, lines: ["Somewhere the sea", "is waiting for you"])
    let product =
      isShown(225, 345) ? try studio.product("city-dusk.jpg", side: 800) : try studio.nothing()
    let badge = try studio.badge("-30%", side: 300)
    let headline = try studio.text("This weekend only", size: 96)
    let button = try studio.button("Book now", width: 620, height: 170)
    let address = try studio.text("example.com/summer", size: 52)

    let stage = Choreography(
      width: Double(width), height: Double(height), unit: studio.unit, words: hook, photo: photo,
      panel: panel,
      product: product, badge: badge, headline: headline, button: button, address: address,
      bitmaps: studio.bitmaps)
    film = try Film(
      width: width, height: height, frames: only.map { [stage.frame($0)] } ?? (0..<450).map(stage.frame),
      bitmaps: studio.bitmaps, cuts: only == nil ? [0, 105, 120, 225, 240, 330, 345, 450] : [0, 1])
    let names = [
      "word1": hook[0], "word2": hook[1], "word3": hook[2], "photo": photo, "panel": panel,
      "product": product,
      "badge": badge, "headline": headline, "button": button, "address": address,
    ]
    pictures = names.mapValues { studio.bitmaps[$0] }
  }
}

/// Draws the ad's pictures.
private struct Studio {
  let width: Int
  let height: Int
  let assets: String
  let unit: Double
  var bitmaps: [Bitmap] = []
  private let typesetter: Typesetter

  init(width: Int, height: Int, assets: String) throws {
    self.width = width
    self.height = height
    self.assets = assets
    unit = Double(min(width, height)) / 1080
    typesetter = try Typesetter(fonts: Fonts(), language: "en", rightToLeft: false)
  }

  private func size(_ value: Double) -> Int { Int((value * unit).rounded()) }

  private mutating func add(_ bitmap: Bitmap) -> Int {
    bitmaps.append(bitmap)
    return bitmaps.count - 1
  }

  mutating func nothing() throws -> Int { add(try Bitmap(width: 1, height: 1)) }

  mutating func text(_ text: String, size: Double) throws -> Int { add(try line(text, size: size)) }

  private func line(_ text: String, size: Double) throws -> Bitmap {
    let set = try typesetter.set(
      text, style: .of(.headline), weight: .bold, size: size * unit, width: 4000, alignment: .left)
    return try set.rasterised(set.lines[0], colour: .white).bitmap
  }

  private func picture(_ name: String) throws -> Bitmap {
    let folder = assets
    return try PictureAsset(name, from: AssetResolver { "\(folder)/\($0)" }).rasterised(
      width: 2400, height: 2400)
  }

  mutating func photo(_ name: String, width: Int, height: Int) throws -> Int {
    // As large as the closest framing of this shape needs.
    let cover = max(Double(self.width) / 1080, Double(self.height) / 1920)
    let (wide, high) = (Int(Double(width) * cover), Int(Double(height) * cover))
    let source = try picture(name)
    let result = try Bitmap(width: wide, height: high, hasAlpha: false)
    try result.draw { context in
      let scale = Double(max(wide, high)) / 2400
      cairo_scale(context, scale, scale)
      cairo_set_source_surface(
        context, source.surface, (Double(wide) / scale - 2400) / 2, (Double(high) / scale - 2400) / 2)
      cairo_paint(context)
    }
    return add(result)
  }

  mutating func panel(width: Double, height: Double, lines: [String]) throws -> Int {
    let bitmap = try Bitmap(width: size(width), height: size(height))
    let texts = try lines.map { try line($0, size: 76) }
    try bitmap.draw { context in
      cairo_set_source_rgba(context, 0.04, 0.06, 0.17, 0.62)
      addRoundedRectangle(
        context, x: 0, y: 0, width: Double(bitmap.width), height: Double(bitmap.height), radius: 44 * unit)
      cairo_fill(context)
      for (index, text) in texts.enumerated() {
        cairo_set_source_surface(
          context, text.surface, Double((bitmap.width - text.width) / 2),
          (70 * unit + Double(index) * 120 * unit).rounded())
        cairo_paint(context)
      }
    }
    return add(bitmap)
  }

  mutating func product(_ name: String, side: Double) throws -> Int {
    let source = try picture(name)
    let bitmap = try Bitmap(width: size(side), height: size(side))
    try bitmap.draw { context in
      addRoundedRectangle(
        context, x: 0, y: 0, width: Double(bitmap.width), height: Double(bitmap.width), radius: 48 * unit)
      cairo_clip(context)
      let scale = Double(bitmap.width) / 2400
      cairo_scale(context, scale, scale)
      cairo_set_source_surface(context, source.surface, 0, 0)
      cairo_paint(context)
    }
    return add(bitmap)
  }

  mutating func badge(_ text: String, side: Double) throws -> Int {
    let bitmap = try Bitmap(width: size(side), height: size(side))
    let words = try line(text, size: 88)
    try bitmap.draw { context in
      let middle = Double(bitmap.width) / 2
      cairo_set_source_rgb(context, 0.89, 0.07, 0.23)
      cairo_arc(context, middle, middle, middle - 1, 0, 2 * .pi)
      cairo_fill(context)
      cairo_set_source_surface(
        context, words.surface, Double((bitmap.width - words.width) / 2),
        Double((bitmap.height - words.height) / 2))
      cairo_paint(context)
    }
    return add(bitmap)
  }

  mutating func button(_ text: String, width: Double, height: Double) throws -> Int {
    let bitmap = try Bitmap(width: size(width), height: size(height))
    let words = try line(text, size: 68)
    try bitmap.draw { context in
      cairo_set_source_rgb(context, 1, 0.42, 0.24)
      addRoundedRectangle(
        context, x: 0, y: 0, width: Double(bitmap.width), height: Double(bitmap.height), radius: 85 * unit)
      cairo_fill(context)
      cairo_set_source_surface(
        context, words.surface, Double((bitmap.width - words.width) / 2),
        Double((bitmap.height - words.height) / 2))
      cairo_paint(context)
    }
    return add(bitmap)
  }
}

/// Where everything is in every frame.
private struct Choreography {
  let width: Double
  let height: Double
  let unit: Double
  let words: [Int]
  let photo: Int
  let panel: Int
  let product: Int
  let badge: Int
  let headline: Int
  let button: Int
  let address: Int
  let sizes: [(width: Double, height: Double)]

  init(
    width: Double, height: Double, unit: Double, words: [Int], photo: Int, panel: Int, product: Int,
    badge: Int, headline: Int, button: Int, address: Int, bitmaps: [Bitmap]
  ) {
    (self.width, self.height, self.unit) = (width, height, unit)
    (self.words, self.photo, self.panel, self.product) = (words, photo, panel, product)
    (self.badge, self.headline, self.button, self.address) = (badge, headline, button, address)
    sizes = bitmaps.map { (Double($0.width), Double($0.height)) }
  }

  func frame(_ number: Int) -> Frame {
    let time = Double(number) / 30
    let starts = [0, 3.5, 7.5, 11.0]
    let ends = [4, 8, 11.5, 15.0]
    let active = starts.indices.filter { time >= starts[$0] - 1e-9 && time < ends[$0] - 1e-9 }
    let marks = active.map { scene($0, time - starts[$0]) }
    guard marks.count == 2 else { return Frame(marks: marks[0]) }
    let into = (time - starts[active[1]]) * 30
    return Frame(marks: marks[0], incoming: marks[1], mix: (into + 1) / 16)
  }

  private func scene(_ index: Int, _ time: Double) -> [Frame.Mark] {
    switch index {
    case 0:
      return [gradient("#142A6E", "#7A3FF2", 60 + 22.5 * time)]
        + words.enumerated().compactMap { line, word in
          let p = min(1, max(0, (time - 0.2 - 0.3 * Double(line)) / 0.6))
          guard p > 0 else { return nil }
          let left = 1 - Easing.power(3, .end)(p)
          var mark = middle(word, 0.38 + 0.1 * Double(line), shift: 80 * unit * left)
          mark.opacity = p
          return mark
        }
    case 1:
      let scale = max(width / sizes[photo].width, height / sizes[photo].height) * (1 + 0.15 * time / 4.5)
      var mark = Frame.Mark(bitmap: photo, x: 0, y: 0, scale: scale)
      mark.x = (width - sizes[photo].width * scale) / 2
      mark.y = (height - sizes[photo].height * scale) / 2
      return [mark, middle(panel, 0.78)]
    case 2:
      var turned = middle(product, 0.46)
      turned.turn = (-4 + 2 * time) * .pi / 180
      let p = min(1, max(0, (time - 0.7) / 0.6))
      guard p > 0 else { return [gradient("#FFB65C", "#FF5E7A", 120), turned] }
      var round = middle(badge, 0.27)
      round.x += 330 * unit
      return [gradient("#FFB65C", "#FF5E7A", 120), turned, scaled(round, max(0.001, Easing.back(.end)(p)))]
    default:
      let pulse = 1 + 0.05 * sin(2 * .pi * 1.5 * time)
      return [
        gradient("#0B4A55", "#0A0F2C", 90), middle(headline, 0.4), scaled(middle(button, 0.55), pulse),
        middle(address, 0.68),
      ]
    }
  }

  private func gradient(_ from: String, _ to: String, _ degrees: Double) -> Frame.Mark {
    var mark = Frame.Mark(bitmap: -1, x: 0, y: 0)
    let stops = [(0.0, from), (1, to)].map { GradientField.Stop(offset: $0, colour: Colour($1) ?? .black) }
    mark.procedure = .gradient(GradientField(stops: stops, angle: degrees * .pi / 180))
    return mark
  }

  private func middle(_ bitmap: Int, _ share: Double, shift: Double = 0) -> Frame.Mark {
    Frame.Mark(
      bitmap: bitmap, x: ((width - sizes[bitmap].width) / 2).rounded(),
      y: (height * share - sizes[bitmap].height / 2).rounded() + shift)
  }

  private func scaled(_ mark: Frame.Mark, _ scale: Double) -> Frame.Mark {
    var mark = mark
    mark.x += sizes[mark.bitmap].width * (1 - scale) / 2
    mark.y += sizes[mark.bitmap].height * (1 - scale) / 2
    mark.scale = scale
    return mark
  }
}
