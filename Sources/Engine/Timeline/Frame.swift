/// Everything one frame shows, as a value: equal frames look the same, so an unchanged frame need not be
/// drawn again.
struct Frame: Sendable, Hashable {
  /// A bitmap laid over what is beneath it.
  struct Mark: Sendable, Hashable {
    /// Index of the bitmap in the stage.
    var bitmap: Int
    /// Top left, in pixels.
    var x: Double
    var y: Double
    var scale: Double = 1
    var opacity: Double = 1
  }

  /// From back to front; the first covers the picture.
  var marks: [Mark]
  /// The scene that comes in over `marks`, and how far it has come, 0…1.
  var incoming: [Mark] = []
  var mix: Double = 0
}
