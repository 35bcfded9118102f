import Postgres
import TestKit
import Testing

@Suite struct ConnectionTests {
  @Test func `A row comes back as the values that were bound`() async throws {
    try await withEmptyDatabase { database in
      let row = try await database.first(
        "SELECT \(7), \("seven")::text, \(nil as Int?), \([1, 2, 3])",
        as: (Int.self, String.self, Int?.self, [Int].self))
      let (number, word, missing, list) = try #require(row)
      #expect(number == 7)
      #expect(word == "seven")
      #expect(missing == nil)
      #expect(list == [1, 2, 3])
    }
  }
}
