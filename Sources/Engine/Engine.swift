internal import CMedia
import Processor

/// Facts about the engine itself.
public enum Engine {
  /// Changes whenever the same storyboard, assets and placement may give other bytes than before.
  public static let version = "2.3.0"

  /// Frames in a second, of every file the engine makes.
  public static let framesPerSecond = 30

  /// Sound samples in a second, in each of two channels.
  public static let sampleRate = 48_000

  /// False where the processor lacks the instructions the engine is compiled for: whoever uses the engine asks
  /// before anything else of it, for an instruction that is not known ends the process.
  public static var isSupported: Bool { Processor.isSufficient }

  /// What to tell people then.
  public static let requirement =
    "Retake needs a processor with AVX2 (Intel since 2013, AMD since 2015), and this one has none; in a virtual "
    + "machine, let it show the host's processor (QEMU: -cpu host)"

  /// Has the process give pictures back to the system as soon as they are freed, instead of keeping them for later:
  /// a fifth less memory at its peak. For programs that only render; it slows those that allocate in megabytes for
  /// other reasons too.
  public static func keepNoFreedPictures() { mallopt(M_MMAP_THRESHOLD, 1 << 18) }
}
