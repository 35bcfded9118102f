internal import Cryptography
internal import Foundation

/// The data folder's `assets/<ab>/<sha256>`: files named by their content, written once, never changed.
///
/// Blocks the calling thread while it reads and writes.
public struct AssetVault: Sendable {
  public static let defaultLimitBytes: Int64 = 256 << 20

  /// What a file turned out to be.
  public struct Inspection: Hashable, Sendable {
    /// Lower-case hexadecimal.
    public let sha256: String
    public let mediaType: String
    public let sizeBytes: Int64
  }

  private let folder: URL
  private let limitBytes: Int64

  /// - Parameter dataFolder: made, with `assets` in it, when the first file is stored.
  public init(dataFolder: String, limitBytes: Int64 = AssetVault.defaultLimitBytes) {
    folder = URL(filePath: dataFolder, directoryHint: .isDirectory)
      .appending(component: "assets", directoryHint: .isDirectory)
    self.limitBytes = limitBytes
  }

  /// Where the asset of that hash lies, whether or not it is there.
  public func path(of sha256: String) -> String {
    folder.appending(component: String(sha256.prefix(2))).appending(component: sha256).path
  }

  /// Where the asset lies, after its bytes were held against its name.
  public func verifiedPath(of sha256: String) throws(AssetError) -> String {
    let path = path(of: sha256)
    guard Self.isIntact(path, sha256: sha256) else { throw .damaged(sha256: sha256, path: path) }
    return path
  }

  /// What the file is, if it may be an asset of that kind. Stores nothing.
  public static func inspect(
    fileAt path: String, kind: BrandAsset.Kind, limitBytes: Int64 = AssetVault.defaultLimitBytes
  ) throws(AssetError) -> Inspection {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing(path: path)
    }
    guard !isFolder.boolValue else { throw .notAFile(path: path) }
    let head: [UInt8]
    let sizeBytes: Int64
    do {
      let file = try FileHandle(forReadingFrom: URL(filePath: path))
      head = [UInt8](try file.read(upToCount: 512) ?? Data())
      sizeBytes = Int64(try file.seekToEnd())
      try file.close()
    } catch {
      throw .unreadable(path: path, reason: "check its permissions")
    }
    guard sizeBytes > 0 else { throw .empty(path: path) }
    guard sizeBytes <= limitBytes else {
      throw .tooLarge(path: path, sizeBytes: sizeBytes, limitBytes: limitBytes)
    }
    let allowed = MediaType.allowed(for: kind)
    let mediaType = MediaType.sniff(head)
    guard let mediaType, allowed.contains(mediaType) else {
      throw .wrongType(path: path, found: mediaType, kind: kind, allowed: allowed)
    }
    do {
      let digest = try SHA256.hash(fileAt: path)
      return Inspection(sha256: digest.hex, mediaType: mediaType, sizeBytes: sizeBytes)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }

  /// Copies a file in under its hash: written beside its final name, synchronised to the disk, renamed. A file
  /// that is there already and intact stays as it is.
  /// - Throws: `AssetError.damaged` when the file's bytes are no longer those of `sha256`.
  public func store(fileAt source: String, sha256: String) throws(AssetError) {
    let target = path(of: sha256)
    if Self.isIntact(target, sha256: sha256) { return }
    let shelf = folder.appending(component: String(sha256.prefix(2)), directoryHint: .isDirectory)
    let temporary = shelf.appending(component: ".\(sha256).\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: shelf, withIntermediateDirectories: true)
      try Self.copy(source, to: temporary)
    } catch {
      remove(temporary)
      throw .cannotStore(path: target, reason: error.localizedDescription)
    }
    guard Self.isIntact(temporary.path, sha256: sha256) else {
      remove(temporary)
      throw .damaged(sha256: sha256, path: source)
    }
    guard rename(temporary.path, target) == 0 else {
      let reason = String(cString: strerror(errno))
      remove(temporary)
      throw .cannotStore(path: target, reason: reason)
    }
  }

  private static func copy(_ source: String, to target: URL) throws {
    let input = try FileHandle(forReadingFrom: URL(filePath: source))
    defer { input.closeFile() }
    try Data().write(to: target, options: .withoutOverwriting)
    let output = try FileHandle(forWritingTo: target)
    defer { output.closeFile() }
    while let piece = try input.read(upToCount: 1 << 20), !piece.isEmpty {
      try output.write(contentsOf: piece)
    }
    try output.synchronize()
  }

  /// Takes away what a failed copy left; there may be nothing, and the failure that led here is the one to tell.
  private func remove(_ temporary: URL) {
    do { try FileManager.default.removeItem(at: temporary) } catch {}
  }

  private static func isIntact(_ path: String, sha256: String) -> Bool {
    do { return try SHA256.hash(fileAt: path).hex == sha256 } catch { return false }
  }
}
