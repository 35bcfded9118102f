import FoundationEssentials
import Glibc

/// The spool's files: `<number>.spool`, read in order of number, and `<number>.spool.damaged`, set aside for a person
/// to look at. One process at a time owns the folder.
struct SpoolFolder {
  let path: String
  private var lock: Int32 = -1

  init(path: String) { self.path = path }

  /// Makes the folder where there is none and takes it for this process.
  mutating func take() throws(SpoolError) {
    guard lock < 0 else { return }
    if mkdir(path, 0o700) == 0 {
      try Self.sync(path + "/..")
    } else if errno != EEXIST {
      throw failure("cannot make the folder \(path)")
    }
    let file = Glibc.open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("cannot open \(path)/lock") }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      Glibc.close(file)
      throw .inUse(folder: path)
    }
    lock = file
  }

  mutating func leave() {
    guard lock >= 0 else { return }
    // Closing alone would leave the lock with a child process that is about to be started.
    flock(lock, LOCK_UN)
    Glibc.close(lock)
    lock = -1
  }

  struct Content {
    /// In order.
    var segments: [Int] = []
    /// Names of files that were set aside.
    var damaged: [String] = []
  }

  func content() throws(SpoolError) -> Content {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw .system(doing: "cannot read the folder \(path)", code: 0, reason: "\(error)")
    }
    var content = Content()
    content.segments = names.compactMap(Self.number).sorted()
    content.damaged = names.filter { $0.hasSuffix(".damaged") }.sorted()
    return content
  }

  /// Digits in front, so that `ls` shows segments in their order.
  func file(_ number: Int) -> String {
    let digits = String(number)
    return "\(path)/\(String(repeating: "0", count: max(0, 12 - digits.count)))\(digits).spool"
  }

  private static func number(of name: String) -> Int? {
    guard name.hasSuffix(".spool") else { return nil }
    return Int(name.dropLast(6))
  }

  /// A new segment, open for appending; its name is on the disk when this returns.
  func create(_ number: Int) throws(SpoolError) -> Int32 {
    let file = Glibc.open(file(number), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("cannot make \(self.file(number))") }
    do {
      try sync()
    } catch {
      Glibc.close(file)
      throw error
    }
    return file
  }

  func read(_ number: Int) throws(SpoolError) -> [UInt8] { try Self.read(path: file(number)) }

  static func read(path: String) throws(SpoolError) -> [UInt8] {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure("cannot open \(path)") }
    defer { Glibc.close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure("cannot look at \(path)") }
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      while count < buffer.count {
        let got = Glibc.read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
        if got > 0 {
          count += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          code = errno
          break
        }
      }
    }
    if code != 0 {
      throw .system(doing: "cannot read \(path)", code: code, reason: String(cString: strerror(code)))
    }
    return bytes
  }

  /// Takes a torn tail off.
  func cut(_ number: Int, to bytes: Int) throws(SpoolError) {
    guard truncate(file(number), bytes) == 0 else { throw failure("cannot cut \(file(number))") }
  }

  func remove(_ number: Int) throws(SpoolError) {
    guard unlink(file(number)) == 0 || errno == ENOENT else { throw failure("cannot remove \(file(number))") }
  }

  /// Keeps a segment under a name that is never read again.
  func setAside(_ number: Int) throws(SpoolError) -> String {
    let name = file(number) + ".damaged"
    guard rename(file(number), name) == 0 else { throw failure("cannot rename \(file(number))") }
    try sync()
    return name
  }

  private func sync() throws(SpoolError) { try Self.sync(path) }

  /// Brings the names in a folder to the disk.
  private static func sync(_ path: String) throws(SpoolError) {
    let folder = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw failure("cannot open \(path)") }
    defer { Glibc.close(folder) }
    guard fsync(folder) == 0 else { throw failure("cannot sync \(path)") }
  }

  /// Bytes an unprivileged user may still write beside this path; nil when the system does not say.
  static func freeBytes(at path: String) -> Int? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return Int(clamping: status.f_bavail) * Int(clamping: status.f_frsize)
  }

  private func failure(_ doing: String) -> SpoolError { Self.failure(doing) }

  static func failure(_ doing: String) -> SpoolError {
    let code = errno
    return .system(doing: doing, code: code, reason: String(cString: strerror(code)))
  }
}
