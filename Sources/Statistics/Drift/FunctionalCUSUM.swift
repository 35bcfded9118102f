import RealModule

/// The likelihood ratio of a change of a Poisson rate, over all times at which it may have happened and all sizes,
/// exactly, in about logarithmic time an hour.
///
/// Ward, Dilillo, Eckley, Fearnhead, "Poisson-FOCuS" (JASA 2023, arXiv:2208.01494): with counts x, expected m and
/// ratio r the statistic of one direction is
///
///     S_n = max over k < n, r of  sum_(i = k+1..n) [ x_i ln r - m_i (r - 1) ]
///
/// For a fixed r the best k maximises a linear function of the point P_k = (sum of m, sum of x) up to k, so only
/// the corners of those points' convex hull can ever win (functional pruning; the hull view is Romano, Eckley,
/// Fearnhead, 2023): the lower hull for rises, the upper for falls, and of it only the part beyond slope 1.
public struct FunctionalCUSUM: Hashable, Sendable {
  public enum Direction: String, Hashable, Sendable, Codable { case rise, fall }

  /// The best explanation by a change.
  public struct Change: Hashable, Sendable {
    /// S_n; divide by the dispersion when counts scatter more than Poisson.
    public var statistic: Double
    /// How many observations came before the change.
    public var start: Int
    /// The rate since, over the expected one.
    public var ratio: Double
  }

  private struct Corner: Hashable {
    var index: Int
    var expected: Double
    var count: Double
  }

  public let direction: Direction
  private var hull: [Corner]
  private var end: Corner

  public init(direction: Direction) {
    self.direction = direction
    end = Corner(index: 0, expected: 0, count: 0)
    hull = []
  }

  /// Starts that can still become the best.
  public var candidateCount: Int { hull.count }

  /// - Parameters:
  ///   - count: not negative.
  ///   - expected: without change; an observation that expects nothing is passed over.
  public mutating func update(count: Double, expected: Double) {
    guard expected > 0, expected.isFinite, count >= 0, count.isFinite else {
      end.index += 1
      return
    }
    // The point before this observation becomes a candidate start.
    while hull.count > 1, !isCorner(hull[hull.count - 2], hull[hull.count - 1], end) { hull.removeLast() }
    hull.append(end)
    end.index += 1
    end.expected += expected
    end.count += count
    // A start whose chord to the next is not steep enough is best for no ratio, now or later.
    var useless = 0
    while useless + 1 < hull.count, !isPromising(hull[useless], hull[useless + 1]) { useless += 1 }
    if useless > 0 { hull.removeFirst(useless) }
    if hull.count == 1, !isPromising(hull[0], end) { hull.removeAll(keepingCapacity: true) }
  }

  /// Nil while nothing looks like a change in this direction.
  public var change: Change? {
    hull.map(evaluate).max { $0.statistic < $1.statistic }.flatMap { $0.statistic > 0 ? $0 : nil }
  }

  /// Whether the chain a-b-c bends outwards at b.
  private func isCorner(_ a: Corner, _ b: Corner, _ c: Corner) -> Bool {
    let cross =
      (b.expected - a.expected) * (c.count - b.count) - (b.count - a.count) * (c.expected - b.expected)
    return direction == .rise ? cross > 0 : cross < 0
  }

  private func isPromising(_ a: Corner, _ b: Corner) -> Bool {
    let excess = (b.count - a.count) - (b.expected - a.expected)
    return direction == .rise ? excess > 0 : excess < 0
  }

  private func evaluate(_ start: Corner) -> Change {
    let count = end.count - start.count
    let expected = end.expected - start.expected
    let ratio = count / expected
    guard direction == .rise ? ratio > 1 : ratio < 1 else {
      return Change(statistic: 0, start: start.index, ratio: ratio)
    }
    let logarithmic = count > 0 ? count * .log(ratio) : 0
    return Change(statistic: logarithmic - (count - expected), start: start.index, ratio: ratio)
  }
}
