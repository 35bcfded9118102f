import Foundation
import Testing

@testable import Ingestion

@Suite("Redaction of quarantined events")
struct EventRedactionTests {
  private func redact(_ text: String) -> String {
    Array(text.utf8).withUnsafeBufferPointer { EventRedaction.redact($0) }
  }

  @Test("What names a viewer is replaced, whatever it is and however its key is written; the rest stays")
  func values() {
    #expect(
      redact(#"{ "viewer_id" : "v\"-1", "type":"click", "n": [1, {"user_agent":null}] }"#)
        == #"{ "viewer_id" : "[redacted]", "type":"click", "n": [1, {"user_agent":"[redacted]"}] }"#)
    #expect(redact(#"{"viewer\u005fid":"x","a":1}"#) == #"{"viewer\u005fid":"[redacted]","a":1}"#)
    #expect(redact(#"{"user_agent":12.5e3,"b":true}"#) == #"{"user_agent":"[redacted]","b":true}"#)
    #expect(redact(#"{"b":true,"user_agent":false}"#) == #"{"b":true,"user_agent":"[redacted]"}"#)
    #expect(
      redact(#"{"viewer_id":{"a":["}",{}]},"c":"\u0000"}"#) == #"{"viewer_id":"[redacted]","c":"\u0000"}"#)
    #expect(
      redact(#"{"viewer_id":"a","viewer_id":"b"}"#) == #"{"viewer_id":"[redacted]","viewer_id":"[redacted]"}"#
    )
  }

  @Test("A value that is spelt like a key is no key")
  func lookalikes() {
    let text = #"{"type":"viewer_id","x":["user_agent","viewer_id"],"my_viewer_id":"kept","ü":"\\"}"#
    #expect(redact(text) == text)
  }

  @Test("What other formats call their people and devices is replaced at any depth")
  func otherFormats() {
    let segment =
      #"{"type":"track","anonymousId":"secret-1","context":{"ip":"192.0.2.7","userAgent":"secret-2","traits":{"email":"secret-3"}},"properties":{"variant_id":"v"}}"#
    let postHog =
      #"{"event":"click","distinct_id":"secret-4","properties":{"$ip":"192.0.2.7","$raw_user_agent":"secret-5","token":"secret-6"}}"#
    for text in [segment, postHog] {
      let kept = redact(text)
      #expect(!kept.contains("secret") && !kept.contains("192.0.2"))
      #expect((try? JSONSerialization.jsonObject(with: Data(kept.utf8))) != nil)
    }
    #expect(redact(segment).contains(#""properties":{"variant_id":"v"}"#))
  }

  @Test(
    "Of what is not JSON nothing is kept", arguments: [#"{"viewer_id":"x"#, #"{"viewer_id":["x"#, #"{"a"#])
  func broken(text: String) { #expect(redact(text) == EventRedaction.replacement) }
}
