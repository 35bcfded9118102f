/// How wide text will be, without a font at hand.
///
/// Widths of Helvetica's characters (Adobe's published metrics, thousandths of an em), widened by a tenth: Inter
/// and Noto Sans, which the style asks for first, stay inside. Errs on the wide side, so that labels do not meet.
enum TextMeasure {
  static func width(_ text: String, size: Double) -> Double {
    1.1 * size / 1000 * text.reduce(0) { $0 + thousandths($1) }
  }

  /// The text, or as much of its beginning as fits before an ellipsis.
  static func fitting(_ text: String, size: Double, width limit: Double) -> String {
    shortened(text, limit: limit) { width($0, size: size) }
  }

  /// Cells of a terminal: two for East Asian wide characters and emoji, none for marks.
  static func cells(_ text: String) -> Int { text.reduce(0) { $0 + cells($1) } }

  static func fitting(_ text: String, cells limit: Int) -> String {
    shortened(text, limit: Double(limit)) { Double(cells($0)) }
  }

  /// Exactly `count` cells: cut or filled with spaces.
  static func padded(_ text: String, to count: Int, right: Bool = false) -> String {
    let text = fitting(text, cells: max(0, count))
    let space = String(repeating: " ", count: max(0, count - cells(text)))
    return right ? space + text : text + space
  }

  private static func shortened(_ text: String, limit: Double, measure: (String) -> Double) -> String {
    guard measure(text) > limit else { return text }
    var short = text
    while !short.isEmpty {
      short.removeLast()
      while short.last == " " { short.removeLast() }
      if measure(short + "…") <= limit { return short + "…" }
    }
    return ""
  }

  private static func thousandths(_ character: Character) -> Double {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if scalar.isASCII {
      let index = Int(scalar.value) - 32
      return helvetica.indices.contains(index) ? helvetica[index] : 0
    }
    switch cells(character) {
    case 0: return 0
    case 2: return 1000
    default: return scalar.value == 0x2026 ? 1000 : 640
    }
  }

  private static func cells(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if scalar.isASCII { return scalar.value < 32 ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    let isWide =
      scalar.properties.isEmojiPresentation
      || wide.contains { $0.contains(scalar.value) }
    return isWide ? 2 : 1
  }

  /// Unicode 15 EastAsianWidth W and F, in broad blocks.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97c, 0xac00...0xd7a3, 0xf900...0xfaff,
    0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f900...0x1f9ff,
    0x20000...0x3fffd,
  ]

  /// ASCII 32 to 126.
  private static let helvetica: [Double] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]
}
