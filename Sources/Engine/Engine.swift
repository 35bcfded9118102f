/// Facts about the engine itself.
public enum Engine {
  /// Changes whenever the same storyboard, assets and placement may give other bytes than before.
  public static let version = "2.2.0"

  /// Frames in a second, of every file the engine makes.
  public static let framesPerSecond = 30

  /// Sound samples in a second, in each of two channels.
  public static let sampleRate = 48_000
}
