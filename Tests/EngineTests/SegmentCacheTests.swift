import Foundation
import Testing

@testable import Engine

@Suite struct SegmentCacheTests {
  private func payload(_ number: Int, count: Int = 1000) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
  }

  private func files(_ cache: SegmentCache) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: cache.folder).sorted()
  }

  @Test func whatIsStoredIsReadBackAlsoByAnother() async throws {
    try await Fixtures.withFolder { folder in
      let cache = try SegmentCache(folder: folder.path)
      cache.write(payload(1), as: "one")
      #expect(cache.read("one") == .success(payload(1)))
      #expect(cache.read("two") == .failure(.unknown))
      let other = try SegmentCache(folder: folder.path)
      #expect(other.read("one") == .success(payload(1)))
      #expect(other.statistics.entries == 1 && other.statistics.bytes == 1040)
      #expect(cache.statistics.hits == 1 && cache.statistics.misses == 1)
    }
  }

  @Test func theLeastRecentlyUsedGoFirstAndTheLimitHolds() async throws {
    try await Fixtures.withFolder { folder in
      let cache = try SegmentCache(folder: folder.path, limitBytes: 10 * (1040 + 4096))
      for number in 0..<10 {
        cache.write(payload(number), as: "\(number)")
        // Times of use a second apart, without waiting for them.
        let date = Date(timeIntervalSince1970: 1_000_000 + Double(number))
        try FileManager.default.setAttributes(
          [.modificationDate: date], ofItemAtPath: "\(folder.path)/\(number).seg")
      }
      #expect(try files(cache).count == 10)
      #expect(cache.read("0") == .success(payload(0)))
      cache.write(payload(10), as: "10")
      let left = try files(cache)
      #expect(left.contains("0.seg") && left.contains("10.seg") && !left.contains("1.seg"))
      #expect(left.count <= 10 && cache.statistics.evicted >= 1)
      let bytes = try left.reduce(0) { sum, name in
        let facts = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")
        return sum + (facts[.size] as? Int ?? 0)
      }
      #expect(bytes == cache.statistics.bytes && bytes <= cache.limitBytes)
      // What alone is larger than the limit is not kept at all.
      cache.write(payload(0, count: cache.limitBytes), as: "huge")
      #expect(cache.read("huge") == .failure(.unknown))
    }
  }

  @Test(arguments: [0, 7, 8, 39, 40, 600, 1039]) func aDamagedEntryIsNeverUsedAndGoes(place: Int) async throws
  {
    try await Fixtures.withFolder { folder in
      let cache = try SegmentCache(folder: folder.path)
      cache.write(payload(1), as: "one")
      let path = "\(folder.path)/one.seg"
      var bytes = try Data(contentsOf: URL(filePath: path))
      bytes[place] ^= 1
      try bytes.write(to: URL(filePath: path))
      #expect(cache.read("one") == .failure(.damaged))
      #expect(cache.read("one") == .failure(.unknown))
      cache.write(payload(1), as: "one")
      try (try Data(contentsOf: URL(filePath: path))).prefix(place).write(to: URL(filePath: path))
      #expect(cache.read("one") == .failure(.damaged))
    }
  }

  @Test func whatACrashLeftBehindIsClearedAwayButNotWhatIsBeingWritten() async throws {
    try await Fixtures.withFolder { folder in
      let cache = try SegmentCache(folder: folder.path)
      cache.write(payload(1), as: "one")
      try Data([1]).write(to: folder.appending(path: ".two.ABCD.part"))
      _ = try SegmentCache(folder: folder.path)
      #expect(try files(cache) == [".two.ABCD.part", "one.seg"])
      _ = try SegmentCache(folder: folder.path, at: Date(timeIntervalSinceNow: 7200))
      #expect(try files(cache) == ["one.seg"])
    }
  }

  @Test func manyWritersReadersAndEvictionsAtOnceNeverGiveWrongBytes() async throws {
    try await Fixtures.withFolder { folder in
      let payloads = (0..<6).map { payload($0) }
      let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<6 {
          group.addTask {
            // Each its own, as separate processes would.
            let cache = try SegmentCache(folder: folder.path, limitBytes: 4 * (1040 + 4096))
            var wrong = 0
            for round in 0..<60 {
              let number = round % payloads.count
              cache.write(payloads[number], as: "\(number)")
              if case .success(let bytes) = cache.read("\(number)"), bytes != payloads[number] { wrong += 1 }
            }
            return wrong + cache.statistics.damaged
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(wrong == 0)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { $0.hasSuffix(".seg") })
    }
  }

  @Test func aCacheThatCannotBeWrittenToDoesNotStopARendering() async throws {
    try await Fixtures.withFolder { folder in
      let cache = try SegmentCache(folder: folder.appending(path: "cache").path)
      try FileManager.default.removeItem(atPath: cache.folder)
      let placement = Placement(id: "t", width: 90, height: 160)
      let hello = try Fixtures.hello()
      let info = try await Renderer(workers: 1, cache: cache, gate: Fixtures.openGate).render(
        hello, for: placement, assets: .none, to: folder.appending(path: "a.mp4").path)
      #expect(info.frames == hello.duration.frames)
    }
  }
}
