import HTTPTypes
import Synchronization

/// How many bytes of request bodies the service holds at once, over all connections. Many clients that each send a large
/// body, or a small one that inflates to a large one, are told to come again instead of filling the memory.
final class BodyBudget: Sendable {
  private let held = Atomic(0)
  let limit: Int

  init(limit: Int) { self.limit = limit }

  var count: Int { held.load(ordering: .relaxed) }

  fileprivate func take(_ bytes: Int) -> Bool {
    let (_, now) = held.add(bytes, ordering: .relaxed)
    if now <= limit { return true }
    held.subtract(bytes, ordering: .relaxed)
    return false
  }

  fileprivate func giveBack(_ bytes: Int) { held.subtract(bytes, ordering: .relaxed) }
}

/// What one request has of the budget; given back when the request is over and lets go of this.
final class BodyLease: Sendable {
  /// Every request may hold this much without asking: those with small bodies always get through.
  static let free = 32 * 1024

  private let budget: BodyBudget
  private let taken = Atomic(0)

  init(_ budget: BodyBudget) { self.budget = budget }

  deinit { budget.giveBack(taken.load(ordering: .relaxed)) }

  /// Makes room for a body of `bytes` in all; gives 503 when too much is held already.
  func refusal(of bytes: Int) -> Problem? {
    let missing = bytes - Self.free - taken.load(ordering: .relaxed)
    guard missing > 0 else { return nil }
    guard budget.take(missing) else {
      return Problem(
        .serviceUnavailable, "overloaded",
        "The service holds as many large request bodies as it can; send this again in 2 s.", retryAfter: 2)
    }
    taken.add(missing, ordering: .relaxed)
    return nil
  }
}
