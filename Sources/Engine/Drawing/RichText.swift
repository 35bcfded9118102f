/// Text whose stretches may look different, ready to be set: families, colours and sizes are known.
struct RichText: Sendable, Hashable {
  struct Run: Sendable, Hashable {
    var text: String
    var family: String
    var weight: TextLayer.Weight
    /// nil: the colour the text is drawn in.
    var colour: Colour?
    /// Of the text's size.
    var scale = 1.0
    var isItalic = false
    var isUnderlined = false
    var isStruck = false
  }

  var runs: [Run]
  /// In em.
  var tracking = 0.0
  /// Of the font's own.
  var lineHeight = 1.0

  var text: String { runs.map(\.text).joined() }

  init(runs: [Run], tracking: Double = 0, lineHeight: Double = 1) {
    self.runs = runs
    self.tracking = tracking
    self.lineHeight = lineHeight
  }

  /// True for scripts whose letters stand apart and whose lines may be drawn together.
  var isSpaced: Bool { runs.allSatisfy { Self.isSpaced($0.text) } }

  static func isSpaced(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0.value < 0x0590 || (0x1E00...0x27BF).contains($0.value) }
  }

  /// Words in Hangul, which are not broken between syllables, as ranges of bytes.
  static func unbreakable(in text: String) -> [Range<Int>] {
    var (ranges, start, offset, isHangul) = ([Range<Int>](), 0, 0, false)
    func close() {
      if isHangul, offset > start { ranges.append(start..<offset) }
    }
    for scalar in text.unicodeScalars {
      if scalar == " " || scalar == "\n" {
        close()
        (start, isHangul) = (offset + 1, false)
      } else if (0xAC00...0xD7A3).contains(scalar.value) || (0x1100...0x11FF).contains(scalar.value) {
        isHangul = true
      }
      offset += UTF8.width(scalar)
    }
    close()
    return ranges
  }
}
