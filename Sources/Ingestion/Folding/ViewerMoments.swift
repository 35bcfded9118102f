/// What `viewer_moment` says of the viewers of one version and cohort: enough for means, variances and ratios with the
/// viewer as the unit. As a change it may be negative.
struct ViewerMoments: Hashable {
  /// A row of `viewer_stat` without its key.
  struct Viewer: Hashable {
    /// Days since 1970, in UTC.
    var firstDay: Int32
    /// Impressions, completes, clicks, conversions.
    var counts: SIMD4<Int32>
    var valueMicros: Int64

    /// What `viewer_stat` holds once a delta is added.
    func adding(_ delta: ViewerDeltas.Cell) -> Viewer {
      var sum = ViewerDeltas.Cell(
        viewer: delta.viewer, version: delta.version, firstDay: firstDay, counts: counts,
        valueMicros: valueMicros)
      sum.merge(firstDay: delta.firstDay, delta.counts, delta.valueMicros)
      return Viewer(sum)
    }

    init(firstDay: Int32, counts: SIMD4<Int32>, valueMicros: Int64) {
      self.firstDay = firstDay
      self.counts = counts
      self.valueMicros = valueMicros
    }

    init(_ cell: ViewerDeltas.Cell) {
      self.init(firstDay: cell.firstDay, counts: cell.counts, valueMicros: cell.valueMicros)
    }
  }

  /// The columns of `viewer_moment` after its key, in the order of ``numbers``.
  static let columns = [
    "viewers", "impressions", "impressions_square", "completes", "completes_viewers", "completes_square",
    "impressions_completes", "clicks", "clicks_viewers", "clicks_square", "impressions_clicks", "conversions",
    "conversions_viewers", "conversions_square", "impressions_conversions", "value_micros",
    "value_micros_square",
    "impressions_value_micros",
  ]

  private(set) var numbers = InlineArray<18, Int128>(repeating: 0)

  /// - Parameter sign: 1 to count the viewer in, -1 to count it out.
  mutating func add(_ viewer: Viewer, sign: Int128) {
    let impressions = Int128(viewer.counts[0])
    let value = Int128(viewer.valueMicros)
    numbers[0] += sign
    numbers[1] += sign * impressions
    numbers[2] += sign * impressions * impressions
    for lane in 1...3 {
      let count = Int128(viewer.counts[lane])
      if count == 0 { continue }
      let first = 4 * lane - 1
      numbers[first] += sign * count
      numbers[first + 1] += sign
      numbers[first + 2] += sign * count * count
      numbers[first + 3] += sign * impressions * count
    }
    if value == 0 { return }
    numbers[15] += sign * value
    numbers[16] += sign * value * value
    numbers[17] += sign * impressions * value
  }

  /// Whether one more viewer might not fit: the square of the largest value is half of what the number can hold.
  var isNearlyFull: Bool { numbers[16].magnitude > UInt128(Int128.max) / 4 }

  var isZero: Bool { numbers.indices.allSatisfy { numbers[$0] == 0 } }

  /// As PostgreSQL reads a `numeric[]`.
  var arrayLiteral: String { "{\(numbers.indices.map { "\(numbers[$0])" }.joined(separator: ","))}" }

  static func == (left: ViewerMoments, right: ViewerMoments) -> Bool {
    left.numbers.indices.allSatisfy { left.numbers[$0] == right.numbers[$0] }
  }

  func hash(into hasher: inout Hasher) {
    for place in numbers.indices { hasher.combine(numbers[place]) }
  }
}

/// The changes of `viewer_moment` that follow from changes of `viewer_stat`.
struct ViewerMomentChanges {
  struct Key: Hashable {
    var version: Int32
    /// Days since 1970, in UTC.
    var firstDay: Int32
  }

  private var open: [Key: ViewerMoments] = [:]
  /// What would not fit into one number goes in several, which the database adds up.
  private var full: [(Key, ViewerMoments)] = []
  /// Viewers come in the order of their version: the last cohort is usually the next one's too.
  private var current: (key: Key, moments: ViewerMoments)?

  mutating func add(_ viewer: ViewerMoments.Viewer, version: Int32, sign: Int128) {
    let key = Key(version: version, firstDay: viewer.firstDay)
    if current?.key != key {
      settle()
      current = (key, open.removeValue(forKey: key) ?? ViewerMoments())
    }
    current?.moments.add(viewer, sign: sign)
    if current?.moments.isNearlyFull == true { settle(isFull: true) }
  }

  private mutating func settle(isFull: Bool = false) {
    guard let (key, moments) = current else { return }
    if isFull { full.append((key, moments)) } else { open[key] = moments }
    current = nil
  }

  /// Rows to add; a key may come more than once.
  mutating func rows() -> [(Key, ViewerMoments)] {
    settle()
    return full + open.filter { !$0.value.isZero }.map { ($0.key, $0.value) }
  }
}
