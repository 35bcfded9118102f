import Dispatch
import Foundation
import Synchronization

/// Notices when one of some files was written, replaced, removed or made, by whatever way an editor saves (inotify(7)
/// on their folders; many editors write a new file and rename it).
final class FileWatch: Sendable {
  /// What changes when a file does.
  private struct Print: Hashable {
    var inode: UInt = 0
    var size = 0
    var seconds = 0
    var nanoseconds = 0

    static let none = Print()
  }

  /// Saving takes several steps: what they leave is looked at when nothing has changed for so long.
  private static let quiet = Duration.milliseconds(60)
  /// A file that is gone may be about to be replaced: so many times more is waited for it.
  private static let patience = 8
  private static let events = UInt32(
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF)

  private let descriptor: Int32
  private let wakes: AsyncStream<Void>
  private let prints = Mutex<[String: Print]>([:])

  private init(_ descriptor: Int32, _ wakes: AsyncStream<Void>) {
    self.descriptor = descriptor
    self.wakes = wakes
  }

  /// Runs `body` with a watch, which ends with it.
  /// - Throws: `CommandFailure` when the system gives no watch; what `body` throws.
  static func watching(_ body: (FileWatch) async throws -> Void) async throws {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    guard descriptor >= 0 else { throw Self.failure("files") }
    let (wakes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
    source.setEventHandler {
      // Which file it was is seen by looking at the files.
      var buffer = [UInt8](repeating: 0, count: 4096)
      while read(descriptor, &buffer, buffer.count) > 0 {}
      continuation.yield()
    }
    source.setCancelHandler { close(descriptor) }
    source.activate()
    defer {
      source.cancel()
      continuation.finish()
    }
    try await body(FileWatch(descriptor, wakes))
  }

  /// From now on these files are watched, and no others. Those watched already are compared with how they were when
  /// `change` last returned: what happened to them since is noticed.
  /// - Throws: `CommandFailure` when a folder cannot be watched.
  func follow(_ files: [String]) throws {
    let paths = files.map { URL(filePath: $0).standardizedFileURL.path }
    try arm(paths)
    prints.withLock { prints in
      let known = prints
      prints = [:]
      for path in paths { prints[path] = known[path] ?? Self.look(at: path) }
    }
  }

  /// Returns when a file is not as it was, and all of them have come to rest.
  /// - Throws: `CancellationError`; `CommandFailure` when a folder cannot be watched.
  func change() async throws {
    for await _ in wakes {
      if try await hasChanged() { return }
    }
    throw CancellationError()
  }

  private func hasChanged() async throws -> Bool {
    let before = prints.withLock { $0 }
    // A folder may have been replaced, or made.
    try arm(Array(before.keys))
    var now = Self.look(at: before.keys)
    guard now != before else { return false }
    var rounds = 0
    while true {
      try await Task.sleep(for: Self.quiet)
      let next = Self.look(at: before.keys)
      let isMissing = next.contains { $0.value == .none && before[$0.key] != Print.none }
      rounds += 1
      if next == now, !isMissing || rounds > Self.patience { break }
      now = next
    }
    prints.withLock { [now] in $0 = now }
    return now != before
  }

  /// Watches the folders of `paths`, or what there is of the way to them; those of links and of what they lead to.
  private func arm(_ paths: [String]) throws {
    var folders: Set<String> = []
    for path in paths {
      for file in [URL(filePath: path), URL(filePath: path).resolvingSymlinksInPath()] {
        var folder = file.deletingLastPathComponent()
        while folder.path != "/", access(folder.path, F_OK) != 0 {
          folder = folder.deletingLastPathComponent()
        }
        folders.insert(folder.path)
      }
    }
    for folder in folders where inotify_add_watch(descriptor, folder, Self.events) < 0 {
      // Gone again: what is missing is told by whoever needs it.
      guard errno != ENOENT else { continue }
      throw Self.failure(folder)
    }
  }

  private static func look(at paths: some Sequence<String>) -> [String: Print] {
    Dictionary(paths.map { ($0, look(at: $0)) }) { first, _ in first }
  }

  private static func look(at path: String) -> Print {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return .none }
    return Print(
      inode: UInt(facts.st_ino), size: Int(facts.st_size), seconds: facts.st_mtim.tv_sec,
      nanoseconds: facts.st_mtim.tv_nsec)
  }

  private static func failure(_ what: String) -> CommandFailure {
    let reason =
      switch errno {
      case ENOSPC: "too many folders are watched on this system (raise fs.inotify.max_user_watches)"
      case EMFILE: "too many programs watch files (raise fs.inotify.max_user_instances)"
      default: String(cString: strerror(errno))
      }
    return CommandFailure("\(what) cannot be watched: \(reason).")
  }
}
