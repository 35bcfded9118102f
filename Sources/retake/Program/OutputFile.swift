import Foundation

/// Files that appear under their name only when they are whole.
enum OutputFile {
  /// Writes beside the destination, synchronises, renames. An existing file is replaced in one step.
  static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    let target = URL(filePath: path)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: target.path, isDirectory: &isFolder), isFolder.boolValue {
      throw CommandFailure("\(path) is a folder; name a file in it.")
    }
    let part = target.deletingLastPathComponent()
      .appending(path: ".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part").path
    let descriptor = open(part, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    do {
      let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try file.write(contentsOf: Data(bytes))
      try file.synchronize()
      try file.close()
    } catch {
      unlink(part)
      throw CommandFailure("\(path) cannot be written: \(error.localizedDescription)")
    }
    guard rename(part, target.path) == 0 else {
      let failure = failure(path)
      unlink(part)
      throw failure
    }
  }

  static func write(_ text: String, to path: String) throws { try write(text.utf8, to: path) }

  /// Tells before long work whether its result could be written at all.
  static func checkWritable(_ path: String) throws {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard access(folder, W_OK) == 0 else { throw failure(path) }
  }

  static func makeFolder(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      let reason =
        switch (error as? CocoaError)?.code {
        case .fileWriteNoPermission?: "you may not write there"
        case .fileWriteVolumeReadOnly?: "the disk is read-only"
        case .fileWriteOutOfSpace?: "the disk is full"
        case .fileWriteFileExists?: "a file of that name is in the way"
        default: error.localizedDescription
        }
      throw CommandFailure("the folder \(folder.path) cannot be made: \(reason). Choose another one.")
    }
  }

  private static func failure(_ path: String) -> CommandFailure {
    let reason =
      switch errno {
      case ENOENT, ENOTDIR: "its folder does not exist"
      case EACCES, EPERM, EROFS: "its folder may not be written to"
      case ENOSPC, EDQUOT: "the disk is full"
      default: String(cString: strerror(errno))
      }
    return CommandFailure("\(path) cannot be written: \(reason).")
  }
}
