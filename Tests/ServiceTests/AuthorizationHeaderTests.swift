import Foundation
import Testing

@testable import Service

@Suite struct AuthorizationHeaderTests {
  private func basic(_ credentials: String) -> String {
    "Basic " + Data(credentials.utf8).base64EncodedString()
  }

  @Test func aKeyIsFoundInEveryFormOfTheHeader() {
    let key = "rtk_ingest_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
    let forms = [
      "Bearer \(key)", "bearer \(key)", "BEARER  \(key)", basic("\(key):"), basic(key), basic("\(key):x"),
      basic(":\(key)"), basic("someone:\(key)"), basic("\(key):a:b"),
      basic("x:\(key)").replacingOccurrences(of: "Basic", with: "basic"),
    ]
    for form in forms { #expect(AuthorizationHeader.secret(in: form) == key, "\(form)") }
  }

  @Test func whatIsNoKeyOfOursIsTheUserSoThatTheAnswerNamesIt() {
    #expect(AuthorizationHeader.secret(in: basic("alice:secret")) == "alice")
    #expect(AuthorizationHeader.secret(in: "Bearer x") == "x")
  }

  @Test func otherSchemesAndDamagedBase64AreNothing() {
    let others = [
      "", "Bearer", "Bearer ", "Basic ", "Basic !!!!", "Basic YQ", "Basic YQ=", "Basic YWJj\n", "Digest x",
      "Basi", "rtk_x",
      "Basic " + String(repeating: "YWJj", count: 1000),
    ]
    for other in others { #expect(AuthorizationHeader.secret(in: other) == nil, "\(other)") }
  }

  @Test func base64OfEveryLengthIsReadAsFoundationWroteIt() {
    for length in 1..<70 {
      let user = String((0..<length).map { Character(UnicodeScalar(UInt8(0x21 + $0 % 25))) })
      #expect(AuthorizationHeader.secret(in: basic(user + ":")) == user)
    }
  }
}
