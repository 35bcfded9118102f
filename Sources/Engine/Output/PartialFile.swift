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

  /// The form of a placement's file at `path`, as its ending says.
  ///
  /// - Throws: `EngineError.formUnknown`; `.outputNotWritable` for a folder.
  static func form(of path: String, for placement: Placement) throws(EngineError) -> OutputForm {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw .outputNotWritable(path: path, reason: "it is a folder; name a file in it")
    }
    return try OutputForm(fileName: path, for: placement)
  }

  /// Writes all of the file.
  func fill(_ bytes: [UInt8]) throws(EngineError) {
    let descriptor = open(path, O_WRONLY | O_TRUNC)
    guard descriptor >= 0 else { throw .outputNotWritable(path: finalPath, reason: Self.reason(errno)) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { write(descriptor, $0 + done, buffer.count - done) } ?? 0
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        close(descriptor)
        throw .outputNotWritable(path: finalPath, reason: Self.reason(code))
      }
      done += count
    }
    close(descriptor)
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
