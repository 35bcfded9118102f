import Foundation

/// A file that gets its name only when it is whole. Until then it lies beside it under a hidden name, which
/// goes away with this value unless `publish` was called.
final class PartialFile {
  let finalPath: String
  let path: String
  private var isPublished = false

  /// - Throws: `EngineError.outputNotWritable` when the folder is not there or may not be written to.
  init(for finalPath: String) throws(EngineError) {
    let url = URL(fileURLWithPath: finalPath)
    self.finalPath = finalPath
    path =
      url.deletingLastPathComponent()
      .appending(path: ".\(url.lastPathComponent).\(UUID().uuidString.prefix(8)).part").path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: finalPath, isDirectory: &isFolder), isFolder.boolValue {
      throw .outputNotWritable(path: finalPath, reason: "it is a folder; name a file in it")
    }
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY, 0o644)
    guard descriptor >= 0 else {
      throw .outputNotWritable(path: finalPath, reason: Self.reason(errno))
    }
    close(descriptor)
  }

  deinit {
    if !isPublished { unlink(path) }
  }

  /// Brings the bytes to the disk and gives them their name, in one step for everyone who looks.
  func publish() throws(EngineError) {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw .outputNotWritable(path: finalPath, reason: Self.reason(errno)) }
    let synced = fsync(descriptor)
    let code = errno
    close(descriptor)
    guard synced == 0 else { throw .outputNotWritable(path: finalPath, reason: Self.reason(code)) }
    guard rename(path, finalPath) == 0 else {
      throw .outputNotWritable(path: finalPath, reason: Self.reason(errno))
    }
    isPublished = true
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: "the disk is full"
    case ENOENT, ENOTDIR: "its folder does not exist"
    case EACCES, EPERM, EROFS: "its folder may not be written to"
    default: String(cString: strerror(code))
    }
  }
}
