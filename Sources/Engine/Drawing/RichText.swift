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
  var isUppercase = false

  var text: String { runs.map(\.text).joined() }

  init(runs: [Run], tracking: Double = 0, lineHeight: Double = 1, isUppercase: Bool = false) {
    self.runs = runs
    self.tracking = tracking
    self.lineHeight = lineHeight
    self.isUppercase = isUppercase
  }

  /// True for scripts whose letters stand apart and whose lines may be drawn together.
  var isSpaced: Bool {
    runs.allSatisfy { run in
      run.text.unicodeScalars.allSatisfy { $0.value < 0x0590 || (0x1E00...0x27BF).contains($0.value) }
    }
  }
}
