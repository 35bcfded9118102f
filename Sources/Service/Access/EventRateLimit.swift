public import Campaigns
public import FoundationEssentials
import HTTPTypes
import Synchronization

/// How many events a workspace may send: a token bucket that holds one second's worth and may be overdrawn.
///
/// How many events a body holds is known only once it was read, so a request is let in while anything is left in the
/// bucket and pays for its events afterwards: over time the rate holds, whatever the batches' size.
public final class EventRateLimit: Sendable {
  private struct Bucket {
    /// Events that may be sent; below zero when more were sent than had accrued.
    var level: Double
    var at: Date
  }

  private let perSecond: Double
  private let buckets = Mutex<[Identifier<Workspace>: Bucket]>([:])
  private let refusals = Mutex(0)

  /// - Parameter eventsPerSecond: of each workspace; at least 1.
  public init(eventsPerSecond: Int) { perSecond = Double(max(eventsPerSecond, 1)) }

  /// Requests that were refused.
  var refused: Int { refusals.withLock { $0 } }

  func admits(_ workspace: Identifier<Workspace>, at moment: Date) -> Bool {
    level(workspace, at: moment) > 0
  }

  private func level(_ workspace: Identifier<Workspace>, at moment: Date) -> Double {
    buckets.withLock { buckets in
      var bucket = buckets[workspace] ?? Bucket(level: perSecond, at: moment)
      let elapsed = max(0, moment.timeIntervalSince(bucket.at))
      bucket.level = min(perSecond, bucket.level + elapsed * perSecond)
      bucket.at = moment
      buckets[workspace] = bucket
      return bucket.level
    }
  }

  /// - Throws: `Problem` 429 with the seconds until the bucket has something again.
  func admit(_ workspace: Identifier<Workspace>, at moment: Date) throws(Problem) {
    let level = level(workspace, at: moment)
    guard level <= 0 else { return }
    refusals.withLock { $0 += 1 }
    let seconds = Int(min(3600, (1 - level) / perSecond).rounded(.up))
    throw Problem(
      .tooManyRequests, "rate_limited",
      "This workspace sends more than \(Int(perSecond)) events a second (ingestion.events_per_second). "
        + "Nothing of this request was kept; send it again in \(seconds) s.", retryAfter: max(1, seconds))
  }

  func charge(_ workspace: Identifier<Workspace>, _ events: Int) {
    buckets.withLock { $0[workspace]?.level -= Double(events) }
  }
}
