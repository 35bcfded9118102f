import Campaigns
import FoundationEssentials

/// What commits add to `viewer_stat`: per version and viewer, of the events that count, when the first was and how
/// often the viewer saw, completed, clicked and converted. Made on the way to the answer, so adding an event is one
/// lookup and allocates nothing but the growth of one array; packed by ``packed()`` into `ingest_batch.viewers`.
struct ViewerDeltas {
  /// Counts end at the largest number of `viewer_stat`'s columns: 2,147,483,647 clicks are as good as more.
  struct Cell: Hashable {
    var viewer: UUIDWords
    /// Which of ``versions``.
    var version: Int32
    /// Days since 1970, in UTC.
    var firstDay: Int32
    /// Impressions, completes, clicks, conversions.
    var counts = SIMD4<Int32>.zero
    var valueMicros: Int64 = 0

    mutating func merge(firstDay day: Int32, _ more: SIMD4<Int32>, _ value: Int64) {
      firstDay = min(firstDay, day)
      for lane in 0..<4 { counts[lane] = counts[lane].addingUpToLimit(more[lane]) }
      valueMicros = valueMicros.addingUpToLimit(value)
    }
  }

  struct Version: Hashable {
    var campaign: UUIDWords
    var variant: UUIDWords
  }

  private(set) var cells: [Cell] = []
  private(set) var versions: [Version] = []
  private var index: FlatIndex
  private var versionIndex = FlatIndex()
  private var lastVersion = 0

  /// - Parameter expected: about how many events will be added: room is made once.
  init(expecting expected: Int = 512) {
    index = FlatIndex(capacity: expected)
    cells.reserveCapacity(expected)
  }

  @inline(__always)
  mutating func add(_ event: Event) {
    guard event.traffic == .counted else { return }
    let version = place(
      of: Version(campaign: UUIDWords(event.campaign.uuid), variant: UUIDWords(event.variant.uuid)))
    let day = Int32(truncatingIfNeeded: event.occurredAtMs / 86_400_000)
    let place = place(of: UUIDWords(event.viewer), version: version, day: day)
    let lane =
      switch event.kind {
      case .impression: 0
      case .complete: 1
      case .click: 2
      case .conversion: 3
      default: -1
      }
    if lane >= 0 { cells[place].counts[lane] = cells[place].counts[lane].addingUpToLimit(1) }
    if day < cells[place].firstDay { cells[place].firstDay = day }
    if let value = event.valueMicros {
      cells[place].valueMicros = cells[place].valueMicros.addingUpToLimit(value)
    }
  }

  @inline(__always)
  mutating func place(of version: Version) -> Int32 {
    if lastVersion < versions.count, versions[lastVersion] == version {
      return Int32(truncatingIfNeeded: lastVersion)
    }
    let found = versionIndex.position(version.variant.mixed &+ version.campaign.low) {
      versions[$0] == version
    }
    if found.isNew { versions.append(version) }
    lastVersion = found.position
    return Int32(truncatingIfNeeded: found.position)
  }

  /// The cell of a viewer, made when it is new.
  @inline(__always)
  mutating func place(of viewer: UUIDWords, version: Int32, day: Int32) -> Int {
    let hash = viewer.mixed ^ (UInt64(truncatingIfNeeded: version) &* 0x9E37_79B9_7F4A_7C15)
    let found = index.position(hash) { cells[$0].viewer == viewer && cells[$0].version == version }
    if found.isNew { cells.append(Cell(viewer: viewer, version: version, firstDay: day)) }
    return found.position
  }

  mutating func merge(_ viewer: UUIDWords, version: Int32, day: Int32, _ counts: SIMD4<Int32>, _ value: Int64)
  {
    cells[place(of: viewer, version: version, day: day)].merge(firstDay: day, counts, value)
  }

  /// In the order of `viewer_stat`'s primary key.
  var ordered: [Cell] {
    let rank = ranks
    return cells.sorted { left, right in
      left.version != right.version
        ? rank[Int(left.version)] < rank[Int(right.version)] : left.viewer < right.viewer
    }
  }

  /// By version, its place in the order of (campaign, variant).
  private var ranks: [Int] {
    let order = versions.indices.sorted { left, right in
      let (left, right) = (versions[left], versions[right])
      return left.campaign != right.campaign ? left.campaign < right.campaign : left.variant < right.variant
    }
    var ranks = [Int](repeating: 0, count: versions.count)
    for (rank, version) in order.enumerated() { ranks[version] = rank }
    return ranks
  }
}
