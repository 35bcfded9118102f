import Campaigns
import Foundation
import TestKit
import Testing

@Suite struct AssetVaultTests {
  static let svg = #"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>"#

  private func write(_ bytes: [UInt8], to name: String, in folder: URL) throws -> String {
    let file = folder.appending(component: name)
    try Data(bytes).write(to: file)
    return file.path
  }

  @Test func `a stored file lies under its hash and damage to it is noticed and repaired`() async throws {
    try await withTemporaryFolder { folder in
      let source = try write(Array(Self.svg.utf8), to: "logo.svg", in: folder)
      let vault = AssetVault(dataFolder: folder.path + "/data")
      let found = try AssetVault.inspect(fileAt: source, kind: .logo)
      #expect(found.mediaType == "image/svg+xml")
      #expect(found.sizeBytes == Int64(Self.svg.utf8.count))
      try vault.store(fileAt: source, sha256: found.sha256)
      try vault.store(fileAt: source, sha256: found.sha256)
      let path = try vault.verifiedPath(of: found.sha256)
      #expect(path.hasSuffix("/assets/\(found.sha256.prefix(2))/\(found.sha256)"))
      let shelf = URL(filePath: path).deletingLastPathComponent().path
      #expect(try FileManager.default.contentsOfDirectory(atPath: shelf) == [found.sha256])

      try Data("other".utf8).write(to: URL(filePath: path))
      #expect(throws: AssetError.damaged(sha256: found.sha256, path: path)) {
        try vault.verifiedPath(of: found.sha256)
      }
      try vault.store(fileAt: source, sha256: found.sha256)
      #expect(try vault.verifiedPath(of: found.sha256) == path)
    }
  }

  @Test func `a file that changed since it was looked at is not stored`() async throws {
    try await withTemporaryFolder { folder in
      let source = try write(Array(Self.svg.utf8), to: "logo.svg", in: folder)
      let found = try AssetVault.inspect(fileAt: source, kind: .logo)
      _ = try write(Array("<svg>another</svg>".utf8), to: "logo.svg", in: folder)
      let vault = AssetVault(dataFolder: folder.path)
      #expect(throws: AssetError.damaged(sha256: found.sha256, path: source)) {
        try vault.store(fileAt: source, sha256: found.sha256)
      }
      let shelf = URL(filePath: vault.path(of: found.sha256)).deletingLastPathComponent().path
      #expect(try FileManager.default.contentsOfDirectory(atPath: shelf).isEmpty)
    }
  }

  @Test func `what is missing, empty, a folder, too large or of the wrong kind is refused with its reason`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let empty = try write([], to: "empty.svg", in: folder)
      let text = try write(Array("hello".utf8), to: "hello.svg", in: folder)
      let svg = try write(Array(Self.svg.utf8), to: "logo.svg", in: folder)
      let nowhere = folder.path + "/nowhere.svg"
      #expect(throws: AssetError.missing(path: nowhere)) {
        try AssetVault.inspect(fileAt: nowhere, kind: .logo)
      }
      #expect(throws: AssetError.empty(path: empty)) { try AssetVault.inspect(fileAt: empty, kind: .logo) }
      #expect(throws: AssetError.notAFile(path: folder.path)) {
        try AssetVault.inspect(fileAt: folder.path, kind: .logo)
      }
      #expect(throws: AssetError.tooLarge(path: svg, sizeBytes: Int64(Self.svg.utf8.count), limitBytes: 10)) {
        try AssetVault.inspect(fileAt: svg, kind: .logo, limitBytes: 10)
      }
      let allowed = ["image/jpeg", "image/png", "image/webp"]
      #expect(
        throws: AssetError.wrongType(path: svg, found: "image/svg+xml", kind: .photo, allowed: allowed)
      ) {
        try AssetVault.inspect(fileAt: svg, kind: .photo)
      }
      #expect(throws: AssetError.self) { try AssetVault.inspect(fileAt: text, kind: .logo) }
    }
  }

  @Test(
    "Files are known by their first bytes",
    arguments: [
      ([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], BrandAsset.Kind.photo, "image/png"),
      ([0xff, 0xd8, 0xff, 0xe0], .photo, "image/jpeg"),
      (Array("RIFF....WEBPVP8 ".utf8), .photo, "image/webp"),
      (Array("RIFF....WAVEfmt ".utf8), .music, "audio/wav"),
      (Array("ID3".utf8), .voice, "audio/mpeg"),
      ([0xff, 0xfb, 0x90, 0x00], .music, "audio/mpeg"),
      ([0, 0, 0, 0x20] + Array("ftypisom".utf8), .footage, "video/mp4"),
      ([0, 0, 0, 0x20] + Array("ftypM4A ".utf8), .music, "audio/mp4"),
      ([0x00, 0x01, 0x00, 0x00, 0x00], .font, "font/ttf"),
    ])
  func sniffing(head: [UInt8], kind: BrandAsset.Kind, mediaType: String) async throws {
    try await withTemporaryFolder { folder in
      let path = try write(head, to: "file", in: folder)
      #expect(try AssetVault.inspect(fileAt: path, kind: kind).mediaType == mediaType)
    }
  }
}
