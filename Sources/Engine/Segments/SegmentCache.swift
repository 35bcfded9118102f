import Cryptography
internal import Foundation
public import FoundationEssentials
import Glibc
import Synchronization

/// Encoded segments and sounds on the disk, named by the hash of what shapes them, bounded in size; the
/// least recently used go first. Several renderings, threads and processes may share a folder: an entry
/// appears whole or not at all, is checked against its own hash when read, and may go at any time.
public final class SegmentCache: Sendable {
  /// What a cache holds and did since it was opened.
  public struct Statistics: Sendable, Hashable {
    public var entries = 0
    public var bytes = 0
    public var hits = 0
    public var misses = 0
    public var evicted = 0
    public var damaged = 0
  }

  /// Why something is not taken from the cache.
  enum Miss: Error, Hashable {
    case unknown
    /// Was there, but not as it had been written.
    case damaged
  }

  public let folder: String
  /// No more bytes than this stay after something was added.
  public let limitBytes: Int
  private let state: Mutex<Statistics>

  /// A page of a file system's, so that many small entries do not take more than they say.
  private static let entryOverhead = 4096
  private static let magic = Array("RTKSEG1\n".utf8)
  /// What a crash may leave behind is older than any write takes.
  private static let abandonedAfter = 3600.0

  /// Opens (or makes) the cache in `folder` and clears away what interrupted writes left there.
  ///
  /// - Throws: `EngineError.outputNotWritable`.
  public init(folder: String, limitBytes: Int = 2 << 30, at moment: Date = Date()) throws(EngineError) {
    self.folder = folder
    self.limitBytes = max(0, limitBytes)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .outputNotWritable(path: folder, reason: "the cache's folder cannot be made")
    }
    state = Mutex(Statistics())
    let found = Self.scan(folder)
    for file in found where file.isPartial {
      if moment.timeIntervalSince1970 - file.used > Self.abandonedAfter { unlink(file.path) }
    }
    let whole = found.filter { !$0.isPartial }
    state.withLock {
      $0.entries = whole.count
      $0.bytes = whole.reduce(0) { $0 + $1.bytes }
    }
  }

  public var statistics: Statistics { state.withLock { $0 } }

  func stream(_ name: String) -> Result<EncodedStream, Miss> {
    read(name).flatMap { bytes in
      EncodedStream(serialised: bytes).map(Result.success) ?? .failure(discard(name))
    }
  }

  /// A failure to store costs time at the next rendering, never this one's file: it is not reported.
  func store(_ stream: EncodedStream, as name: String) { write(stream.serialised(), as: name) }

  /// The payload of an entry, which from now on counts as used.
  func read(_ name: String) -> Result<[UInt8], Miss> {
    let path = path(name)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      state.withLock { $0.misses += 1 }
      return .failure(.unknown)
    }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_size >= 40 else { return .failure(discard(name)) }
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { Glibc.read(descriptor, $0 + done, buffer.count - done) } ?? 0
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return .failure(discard(name)) }
      done += count
    }
    let payload = bytes[40...]
    guard bytes.starts(with: Self.magic),
      payload.withUnsafeBytes({ SHA256.hash($0) }) == SHA256Digest(bytes: Array(bytes[8..<40]))
    else { return .failure(discard(name)) }
    futimens(descriptor, nil)
    state.withLock { $0.hits += 1 }
    return .success(Array(payload))
  }

  func write(_ payload: [UInt8], as name: String) {
    guard payload.count + Self.entryOverhead <= limitBytes else { return }
    let partial = "\(folder)/.\(name).\(UUID().uuidString.prefix(8)).part"
    let digest = payload.withUnsafeBytes { SHA256.hash($0) }
    let digestBytes = Hex.decode(digest.hex) ?? []
    guard Self.write([Self.magic + digestBytes, payload], to: partial) else {
      unlink(partial)
      return
    }
    let path = path(name)
    let isNew = access(path, F_OK) != 0
    guard rename(partial, path) == 0 else {
      unlink(partial)
      return
    }
    let isFull = state.withLock {
      if isNew {
        $0.entries += 1
        $0.bytes += payload.count + 40
      }
      return $0.bytes + $0.entries * Self.entryOverhead > limitBytes
    }
    if isFull { evict() }
  }

  private func path(_ name: String) -> String { "\(folder)/\(name).seg" }

  private func discard(_ name: String) -> Miss {
    unlink(path(name))
    state.withLock {
      $0.misses += 1
      $0.damaged += 1
    }
    return .damaged
  }

  /// Removes what was not used for longest until a tenth is free. What others did meanwhile is counted anew,
  /// so several processes may do this at once.
  private func evict() {
    state.withLock { state in
      var files = Self.scan(folder).filter { !$0.isPartial }.sorted { $0.used < $1.used }
      var bytes = files.reduce(0) { $0 + $1.bytes + Self.entryOverhead }
      let goal = limitBytes - limitBytes / 10
      var removed = 0
      if bytes > limitBytes {
        for file in files where bytes > goal {
          unlink(file.path)
          bytes -= file.bytes + Self.entryOverhead
          removed += 1
        }
        files.removeFirst(removed)
      }
      state.evicted += removed
      state.entries = files.count
      state.bytes = bytes - files.count * Self.entryOverhead
    }
  }

  private struct File {
    var path: String
    var bytes: Int
    /// Seconds since 1970.
    var used: Double
    var isPartial: Bool
  }

  private static func scan(_ folder: String) -> [File] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var files: [File] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let isPartial = name.hasPrefix(".") && name.hasSuffix(".part")
      guard isPartial || name.hasSuffix(".seg") else { continue }
      var facts = stat()
      let path = "\(folder)/\(name)"
      guard stat(path, &facts) == 0 else { continue }
      let used = Double(facts.st_mtim.tv_sec) + Double(facts.st_mtim.tv_nsec) / 1e9
      files.append(File(path: path, bytes: Int(facts.st_size), used: used, isPartial: isPartial))
    }
    return files
  }

  private static func write(_ parts: [[UInt8]], to path: String) -> Bool {
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return false }
    var isWhole = true
    for part in parts {
      var done = 0
      while isWhole, done < part.count {
        let count = part.withUnsafeBytes { buffer in
          buffer.baseAddress.map { Glibc.write(descriptor, $0 + done, buffer.count - done) } ?? 0
        }
        if count < 0, errno == EINTR { continue }
        isWhole = count > 0
        done += max(0, count)
      }
    }
    return close(descriptor) == 0 && isWhole
  }
}
