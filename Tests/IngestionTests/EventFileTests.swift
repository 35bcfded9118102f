import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("Files of events")
struct EventFileTests {
  /// Compressed by the gzip program, so that what is read was not made by our own code.
  private func gzip(_ file: URL) throws -> URL {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-k", file.path]
    try process.run()
    process.waitUntilExit()
    return file.appendingPathExtension("gz")
  }

  private func write(_ lines: [String], in folder: URL, name: String = "events.ndjson") throws -> URL {
    let file = folder.appending(path: name)
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    return file
  }

  private func run(
    _ file: URL, _ fixture: Fixture, _ door: EventDoor, again: Bool = false, linesPerBatch: Int = 50,
    tries: Int = 1, onStep: (EventFileImport.Step) -> Void = { _ in }
  ) async throws -> EventFileProgress {
    try await EventFileImport(
      database: fixture.database, door: door, workspace: fixture.workspace, bytesPerBatch: 16 * 1024,
      linesPerBatch: linesPerBatch, tries: tries, now: { Fixture.now }
    ).run(path: file.path, file: try EventFileIdentity(path: file.path), again: again, onStep: onStep)
  }

  @Test("A file, plain or gzip of several members, is stored as if it had been sent, and once")
  func plainAndGzip() async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        let fixture = try await Fixture(database)
        let events = (0..<1000).map { fixture.event("m\($0)", secondsAgo: $0) }
        let plain = try write(events, in: folder)
        let (first, second) = (
          try write(Array(events[..<400]), in: folder, name: "a"),
          try write(Array(events[400...]), in: folder, name: "b")
        )
        let members = folder.appending(path: "members.gz")
        try (Data(contentsOf: gzip(first)) + Data(contentsOf: gzip(second))).write(to: members)
        try await fixture.withDoor { (door, _) async throws in
          let read = try await run(plain, fixture, door)
          #expect(read.counts == EventCounts(stored: 1000) && read.linesDone == 1000 && read.tookEverything)
          #expect(read.bytesDone == (try Data(contentsOf: plain)).count && read.finishedAt == Fixture.now)
          #expect(try await run(members, fixture, door).counts == EventCounts(duplicate: 1000))
          #expect(try await run(gzip(plain), fixture, door).counts == EventCounts(duplicate: 1000))
          // By HTTP the same events are the same events.
          #expect(try await fixture.receive(door, Array(events[..<10])).counts == EventCounts(duplicate: 10))
        }
        #expect(try await fixture.count("events") == 1000)
        let sources = try await database.query("SELECT DISTINCT source FROM events").decode(Int16.self)
        #expect(sources == [EventSource.file.rawValue])
      }
    }
  }

  @Test("A line that is wrong is told by its number, whatever stands around it, and the others are stored")
  func wrongLines() async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        let fixture = try await Fixture(database)
        let long = "{\"type\":\"click\",\"x\":\"" + String(repeating: "x", count: 40_000) + "\"}"
        let lines = [
          "", fixture.event("a"), "garbage", "  \t", fixture.event("b"), "[1]", "{\"type\":\"click\"",
          fixture.event("c", secondsAgo: 401 * 86_400), fixture.event("d"), long, "\u{FEFF}{}",
          fixture.event("e"),
          "{\"a\":\"unterminated", fixture.event("f"), "}", "42",
        ]
        let file = folder.appending(path: "events.ndjson")
        try Data(lines.joined(separator: "\r\n").utf8).write(to: file)
        try await fixture.withDoor { (door, _) async throws in
          for linesPerBatch in [1, 3, 100] {
            let progress = try await run(file, fixture, door, again: true, linesPerBatch: linesPerBatch)
            #expect(progress.counts.stored + progress.counts.duplicate == 5)
            #expect(progress.counts.quarantined == 1 && progress.counts.rejected == 8)
            #expect(
              progress.rejections.map(\.line) == [3, 6, 7, 8, 10, 11, 13, 15, 16], "\(progress.rejections)")
            #expect(progress.rejections[3].code == "timestamp_out_of_range" && progress.linesDone == 16)
            #expect(!progress.tookEverything)
          }
        }
        #expect(try await fixture.count("events") == 5)
      }
    }
  }

  @Test("A reading that is cut off goes on behind the last batch that was committed without a gap")
  func resumed() async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        let fixture = try await Fixture(database)
        let events = (0..<2000).map { fixture.event("m\($0)", secondsAgo: $0) } + ["{}"]
        let plain = try write(events, in: folder)
        for file in [plain, try gzip(plain)] {
          try await database.execute("TRUNCATE events, ingest_batch, event_file")
          let (reached, stop) = AsyncStream.makeStream(of: Int.self)
          let reading = Task {
            try await fixture.withDoor { (door, _) async throws in
              try await run(file, fixture, door) { step in
                if step.progress.linesDone >= 500 { stop.yield(step.progress.linesDone) }
              }
            }
          }
          _ = await reached.first { _ in true }
          reading.cancel()
          _ = await reading.result
          let store = EventFileStore(database)
          let identity = try #require(try EventFileIdentity(path: file.path))
          let known = try #require(try await store.progress(of: identity, workspace: fixture.workspace))
          #expect(known.linesDone >= 500)
          let stored = try await fixture.count("events")
          #expect(stored >= known.counts.stored && known.counts.stored == known.linesDone)
          try await fixture.withDoor { (door, _) async throws in
            let progress = try await run(file, fixture, door)
            #expect(progress.linesDone == 2001 && progress.counts.received == 2001)
            #expect(progress.counts.duplicate == stored - known.counts.stored)
            #expect(progress.rejections.map(\.line) == [2001])
            // Read to its end it is not read again, unless that is asked for.
            #expect(try await run(file, fixture, door) == progress)
            #expect(try await run(file, fixture, door, again: true).counts.duplicate == 2000)
          }
          #expect(try await fixture.count("events") == 2000)
        }
      }
    }
  }

  @Test("What was not stored is not counted as read, though later lines were")
  func gap() async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        let fixture = try await Fixture(database)
        let file = try write((0..<300).map { fixture.event("m\($0)", secondsAgo: $0) }, in: folder)
        try await database.execute("ALTER TABLE ingest_count ADD CONSTRAINT full_disk CHECK (stored < 120)")
        let impatient = EventWriterSettings(collectFor: .zero, patience: .milliseconds(20))
        await #expect(throws: EventFileError.self) {
          try await fixture.withDoor(impatient) { (door, _) async throws in try await run(file, fixture, door)
          }
        }
        let identity = try #require(try EventFileIdentity(path: file.path))
        let stored = try await fixture.count("events")
        let known = try #require(
          try await EventFileStore(database).progress(of: identity, workspace: fixture.workspace))
        #expect(known.linesDone == known.counts.stored && known.linesDone <= stored && stored < 120)
        try await database.execute("ALTER TABLE ingest_count DROP CONSTRAINT full_disk")
        try await fixture.withDoor { (door, _) async throws in
          let counts = try await run(file, fixture, door).counts
          #expect(
            counts == EventCounts(stored: 300 - stored + known.linesDone, duplicate: stored - known.linesDone)
          )
        }
        #expect(try await fixture.count("events") == 300)
      }
    }
  }

  @Test("Of a gzip file that is cut off the whole lines are taken, and it is told where it breaks off")
  func cutOff() async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        let fixture = try await Fixture(database)
        let whole = try gzip(
          try write((0..<3000).map { fixture.event("m\($0)", secondsAgo: $0) }, in: folder))
        let cut = folder.appending(path: "cut.gz")
        let bytes = try Data(contentsOf: whole)
        try bytes.prefix(bytes.count / 2).write(to: cut)
        let damaged = folder.appending(path: "damaged.gz")
        var noise = bytes
        for at in (bytes.count / 2)..<(bytes.count / 2 + 64) { noise[at] ^= 0xFF }
        try noise.write(to: damaged)
        try await fixture.withDoor { (door, _) async throws in
          for file in [cut, damaged] {
            let error = await #expect(throws: EventFileError.self) { try await run(file, fixture, door) }
            guard case .brokenGzip(_, let byte) = error else {
              Issue.record("\(String(describing: error))")
              continue
            }
            #expect(byte > 0 && byte <= bytes.count)
          }
        }
        let stored = try await fixture.count("events")
        #expect(stored > 500 && stored < 3000)
      }
    }
  }

  @Test("A JSON array, a folder and a file that is not there are refused with what to do")
  func refusals() async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        let fixture = try await Fixture(database)
        let array = try write(["", " [\(fixture.event("a"))]"], in: folder)
        try await fixture.withDoor { (door, _) async throws in
          let error = await #expect(throws: EventFileError.self) { try await run(array, fixture, door) }
          #expect(error == .notLines && error?.description.contains("jq") == true)
        }
        #expect(throws: EventFileError.self) {
          try EventFileIdentity(path: folder.appending(path: "none").path)
        }
        #expect(try EventFileIdentity(path: folder.path) == nil)
        #expect(throws: EventFileError.self) { try EventLineReader(path: folder.path).next() }
      }
    }
  }

  @Test("A file that was changed is another file")
  func identity() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "retake-\(UUID().uuidString)")
    defer { unlink(file.path) }
    try Data("{}\n".utf8).write(to: file)
    let first = try EventFileIdentity(path: file.path)
    #expect(try EventFileIdentity(path: file.path) == first)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: file.path)
    #expect(try EventFileIdentity(path: file.path) != first)
  }
}
