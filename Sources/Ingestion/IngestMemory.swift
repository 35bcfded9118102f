import Campaigns
import Synchronization

/// Bytes that requests in flight hold between their last byte and their answer, raw and decoded, over all doors: what
/// bounds the process's memory while the database is slow. Above the limit a request is turned away undecoded.
public final class IngestMemory: Sendable {
  public let limitBytes: Int
  let retryAfterSeconds: Int
  private let used = Atomic(0)
  private let refusals = Atomic(0)

  public init(limitBytes: Int = 64 << 20, retryAfterSeconds: Int = 2) {
    self.limitBytes = limitBytes
    self.retryAfterSeconds = retryAfterSeconds
  }

  public var usedBytes: Int { used.load(ordering: .relaxed) }
  /// Requests turned away since this process started.
  public var turnedAway: Int { refusals.load(ordering: .relaxed) }

  /// Takes them when there is anything left.
  func takes(_ bytes: Int) -> Bool {
    if used.add(bytes, ordering: .relaxed).oldValue < limitBytes { return true }
    used.subtract(bytes, ordering: .relaxed)
    refusals.add(1, ordering: .relaxed)
    return false
  }

  func hold(_ bytes: Int) { used.add(bytes, ordering: .relaxed) }
  func release(_ bytes: Int) { used.subtract(bytes, ordering: .relaxed) }
}

extension CheckedBatch {
  /// About how many bytes these events hold until they are answered: themselves, their row in a plan, its form for
  /// COPY; and the texts of those that are not stored.
  var weight: Int {
    var weight = events.count * (2 * MemoryLayout<Event>.stride + 160) + rejections.count * 160
    for event in quarantined { weight += 2 * event.body.utf8.count + 400 }
    return weight
  }
}
