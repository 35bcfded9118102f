import Synchronization

/// Paints and encodes stretches of one film. Every call belongs to one thread; several may run at once.
struct SegmentEncoder: Sendable {
  let film: Film
  var settings = EncoderSettings.segment
  /// nil where nobody will look at the file.
  var gate: (subject: GateSubject, rules: GateRules)?

  /// - Parameter progress: called after each frame.
  /// - Returns: what was encoded, and what the gate need know of it.
  /// - Throws: `EngineError`; `CancellationError` when `flag` was set.
  func encode(
    _ frames: Range<Int>, _ flag: CancellationFlag, progress: () -> Void
  ) throws -> (stream: EncodedStream, tape: PictureTape?) {
    var recorder = gate.map { PictureRecorder($0.subject, rules: $0.rules, frames: frames) }
    let painter = try FramePainter(film, frames: frames)
    let encoder = try VideoEncoder(width: film.width, height: film.height, settings: settings)
    for number in frames {
      try flag.check()
      let picture = try painter.planes(number)
      if let planes = Planes(picture.frame) {
        recorder?.take(
          planes, isRepeat: number > frames.lowerBound && film.frames[number] == film.frames[number - 1])
      }
      try encoder.encode(picture, number - frames.lowerBound)
      progress()
    }
    return (try encoder.finish(), recorder?.tape)
  }
}

/// Counts frames over all workers and tells about them one after the other.
final class FrameCounter: Sendable {
  private let done = Mutex(0)
  private let total: Int
  private let tell: @Sendable (_ done: Int, _ total: Int) -> Void

  init(total: Int, tell: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) {
    self.total = total
    self.tell = tell
  }

  func add(_ count: Int = 1) {
    guard count > 0 else { return }
    done.withLock {
      $0 += count
      tell($0, total)
    }
  }

  /// Back to the beginning, where everything is done again.
  func restart() { done.withLock { $0 = 0 } }
}

/// Jobs that wait for a free worker; the longest first, so that no worker ends long before the others.
final class JobQueue<Job: Sendable>: Sendable {
  private let jobs: Mutex<[Job]>

  /// - Parameter jobs: in the order in which they are to be taken.
  init(_ jobs: [Job]) {
    self.jobs = Mutex(jobs.reversed())
  }

  func next() -> Job? { jobs.withLock { $0.popLast() } }
}
