/// What a file is meant to show, as far as the gate cannot see it in the file: where words and marks stand,
/// when, and what may stand still. The renderer computes it from the layout; other makers of files may give
/// only the placement.
public struct GateSubject: Sendable, Hashable, Codable {
  /// A box in the picture's pixels; y grows downwards.
  public struct Box: Sendable, Hashable, Codable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }
  }

  /// Words to be read.
  public struct Words: Sendable, Hashable, Codable {
    public var text: String
    /// The font's size in pixels.
    public var size: Double
    /// Semi-bold or heavier: WCAG calls bold text large from a smaller size on.
    public var isBold: Bool
    /// nil: not known; contrast is then measured between the two tones found in the box.
    public var colour: Colour?
    /// The ink's box, one for each line.
    public var lines: [Box]
    /// Frames in which the words can be seen at least by half.
    public var shown: Range<Int>
    /// Frames in which they rest at full strength.
    public var steady: Range<Int>

    public init(
      text: String, size: Double, isBold: Bool = false, colour: Colour? = nil, lines: [Box],
      shown: Range<Int>, steady: Range<Int>? = nil
    ) {
      self.text = text
      self.size = size
      self.isBold = isBold
      self.colour = colour
      self.lines = lines
      self.shown = shown
      self.steady = steady ?? shown
    }
  }

  /// A logo, a button or anything else that must not be covered.
  public struct Mark: Sendable, Hashable, Codable {
    public var name: String
    public var box: Box
    public var shown: Range<Int>

    public init(name: String, box: Box, shown: Range<Int>) {
      self.name = name
      self.box = box
      self.shown = shown
    }
  }

  public var placement: Placement
  public var words: [Words]
  public var marks: [Mark]
  /// Frames that are meant to equal the one before.
  public var stills: [Range<Int>]
  /// False for an ad without music or voice: silence is then right.
  public var hasSound: Bool
  /// How many frames there should be; nil: not known.
  public var frameCount: Int?

  public init(
    placement: Placement, words: [Words] = [], marks: [Mark] = [], stills: [Range<Int>] = [],
    hasSound: Bool = true, frameCount: Int? = nil
  ) {
    self.placement = placement
    self.words = words
    self.marks = marks
    self.stills = stills
    self.hasSound = hasSound
    self.frameCount = frameCount
  }
}

extension GateSubject.Box {
  init(_ box: Rectangle) { self.init(x: box.x, y: box.y, width: box.width, height: box.height) }

  var right: Double { x + width }
  var bottom: Double { y + height }

  /// Within a pixel of `other`.
  func isNear(_ other: GateSubject.Box) -> Bool {
    abs(x - other.x) < 1 && abs(y - other.y) < 1 && abs(right - other.right) < 1
      && abs(bottom - other.bottom) < 1
  }
}
