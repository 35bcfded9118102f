import Foundation
import Postgres
import TestKit
import Testing

private enum Mood: String, PostgresCodable, PostgresArrayElement { case calm, wild }

private struct Payload: Codable, Equatable {
  let name: String
  let at: Date
}

@Suite struct ValueTests {
  private func roundTrip<T: PostgresCodable & Equatable>(
    _ value: T, _ cast: SQL, _ database: Database, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let back = try await database.first("SELECT \(value)::\(cast)", as: T.self)
    #expect(back == value, sourceLocation: sourceLocation)
    let null = try await database.first("SELECT \(nil as T?)::\(cast)", as: T?.self)
    #expect(null == .some(.none), sourceLocation: sourceLocation)
  }

  @Test func `Every kind of value comes back as it went`() async throws {
    try await withEmptyDatabase { database in
      for flag in [true, false] { try await roundTrip(flag, "boolean", database) }
      for number in [Int64.min, -1, 0, .max] { try await roundTrip(number, "bigint", database) }
      for number in [Int32.min, 0, .max] { try await roundTrip(number, "integer", database) }
      for number in [Int16.min, 0, .max] { try await roundTrip(number, "smallint", database) }
      for number in [0.1, -0.0, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude] {
        try await roundTrip(number, "double precision", database)
      }
      for text in [
        "", "naïve 漢字 🎬 e\u{301}", "tab\tquote' back\\slash \" $1", String(repeating: "x", count: 100_000),
      ] {
        try await roundTrip(text, "text", database)
      }
      try await roundTrip(UUID(), "uuid", database)
      for bytes in [[], [0, 1, 255, 0], [UInt8](repeating: 7, count: 70_000)] as [[UInt8]] {
        try await roundTrip(bytes, "bytea", database)
      }
      try await roundTrip(Mood.wild, "text", database)
    }
  }

  @Test func `Not a number stays not a number`() async throws {
    try await withEmptyDatabase { database in
      let back = try #require(try await database.first("SELECT \(Double.nan)", as: Double.self))
      #expect(back.isNaN)
    }
  }

  @Test func `Times keep their microseconds, and infinity is a time`() async throws {
    try await withEmptyDatabase { database in
      for seconds in [-62_000_000_000, -1.000001, 0, 1_794_787_200.123456, 4_102_444_800] {
        try await roundTrip(
          Date(postgresMicroseconds: Int64((seconds * 1_000_000).rounded())), "timestamptz", database)
      }
      try await roundTrip(Date(timeIntervalSinceReferenceDate: .infinity), "timestamptz", database)
      let row = try await database.first(
        """
        SELECT '2026-11-23T03:04:05.678901Z'::timestamptz, '2026-11-23'::date, '-infinity'::timestamptz,
          current_setting('TimeZone')
        """, as: (Date.self, Date.self, Date.self, String.self))
      let (time, day, never, zone) = try #require(row)
      #expect(abs(time.timeIntervalSince1970 - 1_795_403_045.678901) < 1e-6)
      #expect(day.timeIntervalSince1970 == 1_795_392_000)
      #expect(never.timeIntervalSinceReferenceDate == -.infinity)
      #expect(zone == "UTC")
    }
  }

  @Test func `A time that is no number is refused before it is sent`() async throws {
    try await withEmptyDatabase { database in
      let error = await #expect(throws: PostgresError.self) {
        try await database.query("SELECT \(Date(timeIntervalSinceReferenceDate: .nan))")
      }
      #expect(error?.kind == .encoding)
      let answer = try await database.first("SELECT 1", as: Int.self)
      #expect(answer == 1)
    }
  }

  @Test func `Arrays come back, empty ones and those with NULL too`() async throws {
    try await withEmptyDatabase { database in
      try await roundTrip([1, 2, 3], "bigint[]", database)
      try await roundTrip([] as [Int], "bigint[]", database)
      try await roundTrip(["a", "", "ö"], "text[]", database)
      try await roundTrip(["a", nil], "text[]", database)
      try await roundTrip([1.5, .infinity], "double precision[]", database)
      try await roundTrip([UUID(), UUID()], "uuid[]", database)
      try await roundTrip([Date(timeIntervalSince1970: 0)], "timestamptz[]", database)
      try await roundTrip([true, false], "boolean[]", database)
      try await roundTrip([Mood.calm, .wild], "text[]", database)
      await #expect(throws: PostgresError.self) {
        _ = try await database.first("SELECT ARRAY[1, NULL]", as: [Int].self)
      }
    }
  }

  @Test func `JSON goes in and out as Codable values`() async throws {
    try await withEmptyDatabase { database in
      let payload = Payload(name: "ü\"", at: Date(timeIntervalSince1970: 1_000))
      let row = try await database.first(
        "SELECT \(try JSONB(encoding: payload)), '{\"b\": 1}'::json, \(JSONB(text: "null"))",
        as: (JSONB.self, JSONB.self, JSONB.self))
      let (value, json, null) = try #require(row)
      #expect(try value.decode(Payload.self) == payload)
      #expect(json.text == "{\"b\": 1}")
      #expect(null.text == "null")
    }
  }

  @Test func `Text binds to enums and every type with a text form`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TYPE mood AS ENUM ('calm', 'wild')")
      try await database.execute("CREATE TABLE t (mood mood, document jsonb, day date, address inet)")
      try await database.execute(
        "INSERT INTO t VALUES (\(Mood.wild), \("{\"a\":1}"), \("2026-11-23"), \("10.0.0.1"))")
      let row = try await database.first(
        "SELECT mood, document, day::text FROM t", as: (Mood.self, String.self, String.self))
      let (mood, document, day) = try #require(row)
      #expect(mood == .wild)
      #expect(document == "{\"a\": 1}")
      #expect(day == "2026-11-23")
    }
  }
}
