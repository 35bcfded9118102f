import Postgres
import Testing

@Suite struct SQLTests {
  @Test func `Values become numbered parameters and never text`() {
    let hostile = "'; DROP TABLE brand; --"
    let sql: SQL = "SELECT \(1) WHERE name = \(hostile)"
    #expect(sql.text == "SELECT $1 WHERE name = $2")
  }

  @Test func `Spliced parts are numbered where they end up`() {
    let condition: SQL = "b = \(2) AND c = \(3)"
    let sql: SQL = "SELECT \(1) WHERE \(condition) AND d = \(4)"
    #expect(sql.text == "SELECT $1 WHERE b = $2 AND c = $3 AND d = $4")
  }

  @Test func `Parts join with a separator`() {
    let parts: [SQL] = ["a = \(1)", "b = \(2)"]
    #expect(parts.joined(separator: " AND ").text == "a = $1 AND b = $2")
  }

  @Test func `Names and literals are quoted`() {
    let sql: SQL = "\(identifier: "public.odd\"name") \(literal: "it's") \(literal: "back\\slash")"
    #expect(sql.text == #""public"."odd""name" 'it''s'  E'back\\slash'"#)
  }
}
