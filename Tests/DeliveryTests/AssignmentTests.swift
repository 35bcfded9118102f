import Campaigns
import Foundation
import Testing

@testable import Delivery

private let experiment = Identifier<Experiment>(uuid("00000000-0000-7000-8000-0000000000e1"))

private func uuid(_ text: String) -> UUID { UUID(uuidString: text) ?? UUID() }

private func epoch(_ shares: [Double], number: Int = 1) -> AllocationEpoch {
  AllocationEpoch(
    number: number, startsAt: Date(timeIntervalSince1970: 0),
    shares: shares.enumerated().map { index, share in
      .init(variant: Identifier(uuid("00000000-0000-7000-8000-00000000000\(index)")), share: share)
    })
}

@Suite("Assignment")
struct AssignmentTests {
  @Test(
    "Viewers spread over the versions as the shares say",
    arguments: [[0.5, 0.5], [1.0 / 3, 1.0 / 3, 1.0 / 3], [0.9, 0.05, 0.05], [1]])
  func followsShares(shares: [Double]) {
    let epoch = epoch(shares)
    let viewers = 60_000
    var counts: [Identifier<Variant>: Int] = [:]
    for viewer in 0..<viewers {
      guard let variant = Assignment.variant(viewer: "v-\(viewer)", experiment: experiment, epoch: epoch)
      else {
        Issue.record("nobody was assigned")
        return
      }
      counts[variant, default: 0] += 1
    }
    // Pearson's chi-squared; 16.27 is its 0.999 quantile for 3 degrees of freedom, more than any case here has.
    let statistic = epoch.shares.reduce(0.0) { sum, share in
      let expected = share.share * Double(viewers)
      let difference = Double(counts[share.variant] ?? 0) - expected
      return sum + difference * difference / expected
    }
    #expect(statistic < 16.27)
  }

  @Test("Places are uniform: every hundredth holds its share")
  func uniformPlaces() {
    var cells = [Int](repeating: 0, count: 100)
    for viewer in 0..<100_000 {
      cells[Int(Assignment.place(of: "viewer \(viewer)", in: experiment) * 100)] += 1
    }
    let statistic = cells.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    // The 0.999 quantile of chi-squared with 99 degrees of freedom.
    #expect(statistic < 148.2)
  }

  @Test("A viewer keeps its version while shares stand still, and only the moved share moves")
  func stability() {
    let before = epoch([0.4, 0.3, 0.3])
    let same = epoch([0.4, 0.3, 0.3], number: 2)
    let moved = epoch([0.5, 0.2, 0.3], number: 3)
    var changes = 0
    for viewer in 0..<20_000 {
      let id = "v-\(viewer)"
      let first = Assignment.variant(viewer: id, experiment: experiment, epoch: before)
      #expect(Assignment.variant(viewer: id, experiment: experiment, epoch: same) == first)
      if Assignment.variant(viewer: id, experiment: experiment, epoch: moved) != first { changes += 1 }
    }
    #expect(abs(Double(changes) / 20_000 - 0.1) < 0.01)
  }

  @Test("Another experiment shuffles viewers independently")
  func independence() {
    let other = Identifier<Experiment>(uuid("00000000-0000-7000-8000-0000000000e2"))
    let epoch = epoch([0.5, 0.5])
    let agreeing = (0..<20_000).count {
      Assignment.variant(viewer: "v-\($0)", experiment: experiment, epoch: epoch)
        == Assignment.variant(viewer: "v-\($0)", experiment: other, epoch: epoch)
    }
    #expect(abs(Double(agreeing) / 20_000 - 0.5) < 0.02)
  }

  @Test("Rounding leaves nobody without a version, and no shares give none")
  func edges() {
    let thirds = epoch([0.1, 0.2, 0.7 - 1e-12])
    #expect(Assignment.variant(at: 1.0.nextDown, epoch: thirds) == thirds.shares[2].variant)
    #expect(Assignment.variant(at: 0, epoch: thirds) == thirds.shares[0].variant)
    #expect(Assignment.variant(viewer: "v", experiment: experiment, epoch: epoch([])) == nil)
  }

  @Test("A viewer's place never changes from release to release")
  func pinned() {
    // sha256(bytes of the experiment's UUID + "v-1"), computed with Python's hashlib.
    #expect(Assignment.place(of: "v-1", in: experiment) == 0.4619694226839398)
  }
}
