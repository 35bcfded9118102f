import Campaigns
import Foundation
import Testing

@testable import Autopilot

struct LogicalTimeTests {
  private let six = Stage.launch

  @Test("changes come with the next whole hour, never at the hour itself")
  func nextHour() {
    let replay = LogicalTime(at: six, isReplay: true)
    #expect(replay.nextHour(now: six + 90_000) == six + 3600)
    #expect(LogicalTime(at: six + 1, isReplay: true).nextHour(now: six) == six + 3600)
    #expect(LogicalTime(at: six - 1, isReplay: true).nextHour(now: six) == six)
    #expect(replay.nextHour(now: six, notBefore: six + 7200) == six + 7200)
  }

  @Test("in live use what is done late takes effect late")
  func live() {
    let live = LogicalTime(at: six, isReplay: false)
    #expect(live.nextHour(now: six + 8400) == six + 3 * 3600)
    #expect(live.moment(now: six - 5) == six)
    #expect(LogicalTime(at: six + 0.7, isReplay: true).at == six)
  }

  @Test("ids made for one moment sort in the order they were made")
  func order() {
    let ids = (0..<300).map { position -> String in
      let id: Identifier<Decision> = IdentifierSource.live.next(at: six, position: position)
      return id.description
    }
    #expect(ids == ids.sorted())
  }
}
