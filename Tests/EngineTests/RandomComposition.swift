import Documents
import Engine
import Foundation

/// A composition that follows from a number: every kind of background, layer, transition, track and effect, in
/// sizes and at times nobody would choose.
struct RandomComposition {
  private var numbers: KernelTests.Numbers

  init(seed: Int) { numbers = KernelTests.Numbers(state: UInt64(seed) &* 0x9E37_79B9 &+ 11) }

  static func screenplay(seed: Int) throws -> Screenplay {
    var random = RandomComposition(seed: seed)
    let json = try JSONSerialization.data(withJSONObject: random.document(seed: seed), options: .sortedKeys)
    return try Screenplay(
      document: Document(text: String(decoding: json, as: UTF8.self), name: "\(seed).json"))
  }

  private typealias Fields = [String: Any]

  private mutating func pick<T>(_ values: [T]) -> T { values[numbers.below(values.count)] }
  private mutating func chance(_ one: Int) -> Bool { numbers.below(one) == 0 }
  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + numbers.below(range.count)
  }
  private mutating func share(_ low: Double, _ high: Double) -> Double {
    (low * 100 + (high - low) * Double(numbers.below(101))).rounded() / 100
  }

  private mutating func document(seed: Int) -> Fields {
    var fields: Fields = [
      "schema": "retake.composition/1", "seed": seed, "tempo": 120,
      "scenes": (0..<number(1...4)).map { scene($0) },
    ]
    if chance(3) { fields["layers"] = [effect()] }
    if chance(4) { fields["music"] = ["mood": pick(["pulse", "warm"]), "tempo": 120, "seed": seed] }
    return fields
  }

  private mutating func scene(_ index: Int) -> Fields {
    let length = number(9...40)
    var fields: Fields = [
      "duration": "\(length * 37)ms", "background": background(),
      "layers": (0..<number(0...4)).map { _ in layer() },
    ]
    if index > 0, chance(2) {
      let kind = pick(["crossfade", "slide", "wipe", "zoom", "whip", "luma"])
      var transition: Fields = ["kind": kind, "duration": "\(number(2...9) * 33)ms"]
      if ["slide", "wipe", "whip"].contains(kind) {
        transition["direction"] = pick(["left", "right", "up", "down"])
      }
      if kind == "luma" { transition["pattern"] = pick(["clouds", "iris", "clock", "blinds", "diagonal"]) }
      fields["transition"] = transition
    }
    return fields
  }

  private mutating func colour() -> String {
    pick(["primary", "secondary", "accent", "light", "dark", "#2BB8C9", "#E4477C80"])
  }

  private mutating func background() -> Fields {
    switch number(0...6) {
    case 0: ["kind": "colour", "colour": colour()]
    case 1:
      [
        "kind": "gradient", "from": colour(), "to": colour(), "form": "linear",
        "angle": [
          "keys": [["at": "0s", "value": number(0...360)], ["at": "1s", "value": number(0...360)]]
        ],
      ]
    case 2: ["kind": "gradient", "from": "light", "to": colour(), "form": "radial", "centre_y": share(0, 1)]
    case 3: ["kind": "mesh", "colours": [colour(), colour()], "speed": share(0, 3)]
    case 4: ["kind": "noise", "colours": ["dark", colour()], "scale": share(0.5, 4), "speed": share(0, 2)]
    case 5: clip("moving").merging(["framing": ["x": share(0, 1), "zoom": share(1, 2)]]) { $1 }
    default: ["kind": "photo", "asset": "photo", "zoom": ["to": ["zoom": share(1, 2)]]]
    }
  }

  private mutating func clip(_ asset: String) -> Fields {
    [
      "kind": "footage", "asset": asset, "loop": pick(["no", "again", "mirror"]), "speed": share(0.2, 3),
      "clip_from": "\(number(0...700))ms",
    ]
  }

  private mutating func layer() -> Fields {
    if chance(5) { return effect() }
    var fields = content()
    if chance(2) { fields["anchor"] = pick(["top-start", "top", "centre", "end", "bottom", "bottom-end"]) }
    if chance(3) { fields["opacity"] = share(0, 1) }
    if chance(3) {
      fields["rotation"] = [
        "keys": [["at": "0s", "value": number(-90...90)], ["at": "700ms", "value": number(-90...90)]],
        "repeat": pick(["no", "again", "mirror"]),
      ]
    }
    if fields["pulse"] == nil, chance(3) {
      fields["scale"] = ["wave": ["low": share(0.3, 1), "high": share(1, 1.6), "rate": 1.5]]
    }
    if chance(4) { fields["move_x"] = number(-300...300) }
    if chance(5) { fields["blur"] = number(0...30) }
    if chance(4) {
      fields["blend"] = pick(["multiply", "screen", "overlay", "difference", "soft-light", "add"])
    }
    if chance(3) {
      fields["enter"] = [
        "kind": pick(["fade", "rise", "drop", "slide", "pop", "zoom", "spin", "wipe", "focus"]),
        "delay": "\(number(0...400))ms", "duration": "\(number(60...700))ms",
      ]
    }
    if chance(4) { fields["leave"] = pick(["fade", "zoom", "spin"]) }
    if fields["zoom"] == nil, chance(5) {
      fields["mask"] = ["shape": pick(["ellipse", "rectangle"]), "feather": number(0...40)]
    }
    return fields
  }

  private mutating func content() -> Fields {
    switch number(0...9) {
    case 0, 1:
      [
        "kind": "text", "text": pick(["Now", "More of it", "Sunday again", "مرحبا", "日本語で", "👩‍👩‍👧 home"]),
        "size": ["min": 12, "max": number(30...180)],
      ]
    case 2: ["kind": "image", "asset": "photo", "width": number(60...900), "radius": number(0...90)]
    case 3: ["kind": "image", "asset": "logo", "width": number(60...500), "height": 400, "fit": "contain"]
    case 4:
      [
        "kind": "shape", "shape": pick(["rectangle", "ellipse", "polygon", "star"]), "fill": colour(),
        "width": number(10...1200), "height": number(10...1200),
      ]
    case 5: ["kind": "badge", "text": "-30%", "shape": pick(["circle", "burst", "pill", "tag"])]
    case 6: clip("numbered").merging(["width": number(60...900), "radius": number(0...90)]) { $1 }
    case 7: clip("alpha").merging(["width": number(60...600), "zoom": ["to": ["zoom": share(1, 2)]]]) { $1 }
    case 8: ["kind": "button", "text": "See more", "pulse": share(0, 3)]
    default: ["kind": "card", "asset": "photo", "title": "Bottle", "price": "€24", "width": 500]
    }
  }

  private mutating func effect() -> Fields {
    switch number(0...4) {
    case 0: ["kind": "grain", "strength": share(0, 0.3)]
    case 1: ["kind": "vignette", "strength": share(0, 1)]
    case 2: ["kind": "grade", "contrast": share(0.5, 1.5), "saturation": share(0, 2)]
    case 3: ["kind": "defocus", "radius": number(0...40)]
    default:
      [
        "kind": "particles", "form": pick(["dots", "bokeh", "confetti", "snow", "sparks"]),
        "count": number(1...80), "size": number(2...120),
      ]
    }
  }
}
