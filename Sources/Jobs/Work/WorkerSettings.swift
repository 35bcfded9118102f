public import FoundationEssentials
public import Logging

public struct WorkerSettings: Sendable {
  /// Jobs worked on at the same time.
  public var concurrency: Int
  /// How long a worker may be silent before others take its jobs. Three heartbeats fit into it.
  public var lease: Duration
  /// How often to look for jobs that became due or whose notification was missed.
  public var poll: Duration
  /// How long running jobs may go on after `stop()` before they are cancelled and given back.
  public var grace: Duration
  public var backoff: Backoff

  public init(
    concurrency: Int = 2, lease: Duration = .seconds(60), poll: Duration = .seconds(2),
    grace: Duration = .seconds(30), backoff: Backoff = Backoff()
  ) {
    self.concurrency = max(concurrency, 1)
    self.lease = lease
    self.poll = poll
    self.grace = grace
    self.backoff = backoff
  }
}

/// What a worker takes from the world outside, so that tests can put their own in its place.
public struct WorkerSurroundings: Sendable {
  /// The time that is stored: leases, due times.
  public var now: @Sendable () -> Date
  /// The time that is waited for: heartbeats, polls, grace.
  public var clock: any Clock<Duration>
  /// A random number in 0..<1, for the jitter of retries.
  public var draw: @Sendable () -> Double
  public var logger: Logger

  public init(
    now: @escaping @Sendable () -> Date, clock: any Clock<Duration> = ContinuousClock(),
    draw: @escaping @Sendable () -> Double, logger: Logger
  ) {
    self.now = now
    self.clock = clock
    self.draw = draw
    self.logger = logger
  }

  /// The real world.
  public static func live(logger: Logger = Logger(label: "retake.jobs")) -> Self {
    Self(now: { Date() }, draw: { Double.random(in: 0..<1) }, logger: logger)
  }
}

extension Duration {
  var seconds: TimeInterval {
    TimeInterval(components.seconds) + TimeInterval(components.attoseconds) / 1e18
  }
}
