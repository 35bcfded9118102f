import Foundation
import Testing

@testable import Jobs

struct ErrorTextTests {
  private struct Told: Error, CustomStringConvertible { let description: String }
  private enum Silent: Error { case secret(String) }

  @Test("an error that does not describe itself is named but not quoted")
  func silent() {
    let text = ErrorText.of(Silent.secret("hunter2"))
    #expect(text.contains("Silent") && !text.contains("hunter2"))
  }

  @Test(
    "what looks like a secret is blanked, control characters go, and the text stays short",
    arguments: [
      ("cannot reach postgres://ann:pw@db/x", "cannot reach postgres://…@db/x"),
      ("host=db password=hunter2 user=ann", "host=db password=… user=ann"),
      ("Authorization: abc, again", "Authorization: …, again"),
      ("line one\n\tline two\u{1b}", "line one line two"), ("", "failed without saying why"),
    ])
  func safe(_ raw: String, _ shown: String) {
    #expect(ErrorText.of(Told(description: raw)) == shown)
  }

  @Test("a long message ends after a thousand characters")
  func long() {
    #expect(ErrorText.of(Told(description: String(repeating: "é", count: 5000))).count == 1001)
  }

  @Test("waits double, never exceed the longest, and jitter stays within its share")
  func backoff() {
    let backoff = Backoff(base: 2, longest: 900, jitter: 0.25)
    #expect([1, 2, 3, 10, 200].map { backoff.delay(afterAttempt: $0, draw: 0.5) } == [2, 4, 8, 900, 900])
    #expect(backoff.delay(afterAttempt: 1, draw: 0) == 1.5)
    #expect(backoff.delay(afterAttempt: 1, draw: 1) == 2.5)
  }
}
