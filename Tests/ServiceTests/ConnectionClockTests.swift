import Testing

@testable import Service

@Suite struct ConnectionClockTests {
  private let start = ContinuousClock.now
  private let limits = ConnectionLimits(requestTimeout: .seconds(30), idleTimeout: .seconds(60))

  private func clock() -> ConnectionClock { ConnectionClock(limits, at: start) }

  private func action(_ clock: ConnectionClock, after seconds: Int, crowded: Bool = false)
    -> ConnectionClock.Action
  {
    clock.action(at: start + .seconds(seconds), isCrowded: crowded)
  }

  @Test func aConnectionWithoutARequestIsClosedAfterTheIdleTimeAndSoonerInACrowd() {
    let clock = clock()
    #expect(action(clock, after: 59) == .waitUntil(start + .seconds(60)))
    #expect(action(clock, after: 60) == .closeIdle)
    #expect(action(clock, after: 7, crowded: true) == .waitUntil(start + .milliseconds(7500)))
    #expect(action(clock, after: 8, crowded: true) == .closeIdle)
  }

  @Test func bytesThatKeepComingDoNotBuyARequestMoreTime() {
    var clock = clock()
    for second in 0..<31 {
      clock.readStarted(at: start + .seconds(second))
      if second == 10 { clock.headCame() }
      clock.readEnded(at: start + .seconds(second + 1))
    }
    clock.readStarted(at: start + .seconds(31))
    // The first second passed before there was a request.
    #expect(action(clock, after: 31) == .refuseSlowRequest)
  }

  @Test func aClientIsNotChargedForTheTimeInWhichNobodyReads() {
    var clock = clock()
    clock.readStarted(at: start)
    clock.headCame()
    clock.readEnded(at: start + .seconds(1))
    // The service is busy for a minute, then reads again.
    #expect(action(clock, after: 50) != .refuseSlowRequest)
    clock.readStarted(at: start + .seconds(61))
    #expect(action(clock, after: 89) != .refuseSlowRequest)
    #expect(action(clock, after: 91) == .refuseSlowRequest)
  }

  @Test func aRequestThatIsBeingAnsweredHasNoDeadline() {
    var clock = clock()
    clock.readStarted(at: start)
    clock.headCame()
    clock.requestEnded()
    clock.readEnded(at: start)
    clock.readStarted(at: start)
    #expect(action(clock, after: 3600) == .waitUntil(start + .seconds(3600) + limits.crowdedIdleTimeout))
    clock.answerEnded(at: start + .seconds(3600))
    #expect(action(clock, after: 3660) == .closeIdle)
  }

  @Test func halfARequestBehindAnUnansweredOneWaitsForIt() {
    var clock = clock()
    clock.headCame()
    clock.requestEnded()
    clock.headCame()
    clock.readEnded(at: start)
    clock.readStarted(at: start)
    #expect(clock.earlierRequests == 1)
    #expect(action(clock, after: 100) != .refuseSlowRequest)
    clock.answerEnded(at: start + .seconds(100))
    #expect(action(clock, after: 101) == .refuseSlowRequest)
  }

  @Test func anAnswerNobodyTakesEndsTheConnection() {
    var clock = clock()
    clock.headCame()
    clock.requestEnded()
    clock.becameWritable(false, at: start)
    clock.becameWritable(false, at: start + .seconds(20))
    #expect(action(clock, after: 30) == .closeUnread)
    clock.becameWritable(true, at: start + .seconds(29))
    #expect(action(clock, after: 30) != .closeUnread)
  }
}
