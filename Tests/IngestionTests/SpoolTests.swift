import Campaigns
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Ingestion

@Suite("The spool on disk")
struct SpoolTests {
  private static func open(
    _ folder: URL, _ settings: SpoolSettings = SpoolSettings(reserveBytes: 0),
    freeBytes: (@Sendable () -> Int?)? = nil
  ) async throws -> Spool {
    let spool = Spool(folder: folder, settings: settings, freeBytes: freeBytes, logger: Fixture.quiet)
    try await spool.open()
    return spool
  }

  /// All records in order, as a replay would meet them.
  private static func drained(_ spool: Spool) async throws -> [SpoolSegment.Item] {
    var items: [SpoolSegment.Item] = []
    while let number = try await spool.oldest() {
      var segment = try await spool.read(number)
      while let item = segment.next() { items.append(item) }
      try await spool.remove(number)
    }
    return items
  }

  private static func segmentFiles(_ folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "spool" }.sorted { $0.path < $1.path }
  }

  @Test("What one process spooled, the next one finds, in order, and nobody else on the machine may read it")
  func survivesRestart() async throws {
    try await withTemporaryFolder { parent in
      let folder = parent.appendingPathComponent("spool")
      let spool = try await Self.open(folder)
      for number in 1...5 { try await spool.append(SpoolSegmentTests.record(number)) }
      await spool.close()
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
      let file = try #require(try Self.segmentFiles(folder).first)
      let fileAttributes = try FileManager.default.attributesOfItem(atPath: file.path)
      #expect((fileAttributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)

      let next = try await Self.open(folder)
      let status = next.status
      #expect(status.records == 5 && status.events == 15 && status.segments == 1)
      #expect(status.oldest == SpoolSegmentTests.record(1).receivedAt)
      let seen = try SpoolStatus.inspect(folder: folder, settings: next.settings)
      #expect(seen?.records == 5 && seen?.bytes == status.bytes)
      try await next.append(SpoolSegmentTests.record(6))
      #expect(try await Self.drained(next) == (1...6).map { .record(SpoolSegmentTests.record($0)) })
      #expect(next.isEmpty && next.status.bytes == 0)
      await next.close()
    }
  }

  @Test("Cut at any byte of its last record by a crash, a segment is mended, and what comes after is kept")
  func crashAtAnyByte() async throws {
    try await withTemporaryFolder { parent in
      let folder = parent.appendingPathComponent("spool")
      let spool = try await Self.open(folder)
      for number in 1...3 { try await spool.append(SpoolSegmentTests.record(number)) }
      await spool.close()
      let file = try #require(try Self.segmentFiles(folder).first)
      let whole = try Data(contentsOf: file)
      let last = try SpoolSegmentTests.record(3).encoded().count
      for cut in 0..<last {
        for leftover in try Self.segmentFiles(folder) { try FileManager.default.removeItem(at: leftover) }
        try whole.prefix(whole.count - last + cut).write(to: file)
        let next = try await Self.open(folder)
        try await next.append(SpoolSegmentTests.record(4))
        #expect(next.status.records == 3)
        let expected = [1, 2, 4].map { SpoolSegment.Item.record(SpoolSegmentTests.record($0)) }
        #expect(try await Self.drained(next) == expected, "cut at \(cut)")
        await next.close()
      }
    }
  }

  @Test("Requests that come together are all kept, over as many segments as they need")
  func concurrentAppends() async throws {
    try await withTemporaryFolder { parent in
      let settings = SpoolSettings(reserveBytes: 0, segmentBytes: 4096)
      let spool = try await Self.open(parent.appendingPathComponent("spool"), settings)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<400 {
          group.addTask { try await spool.append(SpoolSegmentTests.record(number)) }
        }
        try await group.waitForAll()
      }
      let status = spool.status
      #expect(status.records == 400 && status.events == 400 * 399 / 2 && status.segments > 5)
      for file in try Self.segmentFiles(parent.appendingPathComponent("spool")) {
        #expect(try Data(contentsOf: file).count <= 4096)
      }
      let numbers = try await Self.drained(spool).map { item -> Int in
        guard case .record(let record) = item else { return -1 }
        return record.events
      }
      #expect(numbers.sorted() == Array(0..<400))
      await spool.close()
    }
  }

  @Test("A request larger than a segment gets one of its own")
  func largeRecord() async throws {
    try await withTemporaryFolder { parent in
      let settings = SpoolSettings(reserveBytes: 0, segmentBytes: 1000)
      let spool = try await Self.open(parent.appendingPathComponent("spool"), settings)
      var large = SpoolSegmentTests.record(2)
      large.body = [UInt8](repeating: 0x20, count: 100_000)
      for record in [SpoolSegmentTests.record(1), large, SpoolSegmentTests.record(3)] {
        try await spool.append(record)
      }
      #expect(spool.status.segments == 3)
      #expect(try await Self.drained(spool)[1] == .record(large))
      await spool.close()
    }
  }

  @Test(
    "Beyond its budget, or into the disk's reserve, the spool takes nothing, and takes again when there is room"
  )
  func limits() async throws {
    try await withTemporaryFolder { parent in
      let free = Mutex(10_000)
      let one = try SpoolSegmentTests.record(1).encoded().count
      let spool = try await Self.open(
        parent.appendingPathComponent("spool"),
        SpoolSettings(budgetBytes: 2 * one, reserveBytes: 5_000, segmentBytes: 1),
        freeBytes: { free.withLock { $0 } })
      try await spool.append(SpoolSegmentTests.record(1))
      free.withLock { $0 = 5_000 + one - 1 }
      #expect(!spool.status.hasRoom || spool.status.freeBytes == 5_000 + one - 1)
      await #expect(throws: SpoolError.storageLow(freeBytes: 5_000 + one - 1, reserveBytes: 5_000)) {
        try await spool.append(SpoolSegmentTests.record(2))
      }
      free.withLock { $0 = 10_000 }
      try await spool.append(SpoolSegmentTests.record(2))
      await #expect(throws: SpoolError.full(budgetBytes: 2 * one)) {
        try await spool.append(SpoolSegmentTests.record(3))
      }
      let number = try #require(try await spool.oldest())
      try await spool.remove(number)
      try await spool.append(SpoolSegmentTests.record(3))
      #expect(spool.status.refusedFull == 1 && spool.status.refusedStorageLow == 1)
      let left = [2, 3].map { SpoolSegment.Item.record(SpoolSegmentTests.record($0)) }
      #expect(try await Self.drained(spool) == left)
      await spool.close()
    }
  }

  @Test("A folder belongs to one spool at a time, and a closed spool takes nothing")
  func ownership() async throws {
    try await withTemporaryFolder { parent in
      let folder = parent.appendingPathComponent("spool")
      let first = try await Self.open(folder)
      let second = Spool(folder: folder, logger: Fixture.quiet)
      await #expect(throws: SpoolError.inUse(folder: folder.path)) { try await second.open() }
      #expect(second.status.problem?.contains("another process") == true)
      await #expect(throws: SpoolError.closed) { try await second.append(SpoolSegmentTests.record(1)) }
      await first.close()
      try await second.open()
      try await second.append(SpoolSegmentTests.record(1))
      #expect(second.status.problem == nil && second.status.records == 1)
      await second.close()
    }
  }

  @Test("When files cannot be made, requests are refused with what the system said, and taken when they can")
  func folderGone() async throws {
    try await withTemporaryFolder { parent in
      let folder = parent.appendingPathComponent("spool")
      let spool = try await Self.open(folder, SpoolSettings(reserveBytes: 0, segmentBytes: 1))
      try FileManager.default.removeItem(at: folder)
      let error = await #expect(throws: SpoolError.self) {
        try await spool.append(SpoolSegmentTests.record(1))
      }
      #expect(error?.description.contains("No such file") == true)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
      try await spool.append(SpoolSegmentTests.record(2))
      #expect(try await Self.drained(spool) == [.record(SpoolSegmentTests.record(2))])
      await spool.close()
    }
  }
}
