import CDrawing
import Foundation
import Testing

@testable import Engine

/// Pictures with colour profiles, put together byte by byte.
enum ColourFixtures {
  /// An ICC profile of RGB with these primaries, a white of D65 and a plain curve.
  static func profile(primaries c: [Double], gamma: Double) throws -> [UInt8] {
    var white = cmsCIExyY(x: 0.3127, y: 0.329, Y: 1)
    var triple = cmsCIExyYTRIPLE(
      Red: cmsCIExyY(x: c[0], y: c[1], Y: 1), Green: cmsCIExyY(x: c[2], y: c[3], Y: 1),
      Blue: cmsCIExyY(x: c[4], y: c[5], Y: 1))
    let curve = try #require(cmsBuildGamma(nil, gamma))
    let curves: [OpaquePointer?] = [curve, curve, curve]
    let profile = try #require(cmsCreateRGBProfile(&white, &triple, curves))
    return try saved(profile)
  }

  static let displayP3 = [0.68, 0.32, 0.265, 0.69, 0.15, 0.06]
  static let adobeRGB = [0.64, 0.33, 0.21, 0.71, 0.15, 0.06]

  /// A profile of inks whose colour is (1 - C)(1 - K) and so on, in sRGB: exact where inks are quarters.
  static func inkProfile() throws -> [UInt8] {
    let profile = try #require(cmsCreateProfilePlaceholder(nil))
    cmsSetProfileVersion(profile, 4.2)
    cmsSetDeviceClass(profile, cmsSigOutputClass)
    cmsSetColorSpace(profile, cmsSigCmykData)
    cmsSetPCS(profile, cmsSigLabData)
    let (rgb, lab) = (try #require(cmsCreate_sRGBProfile()), try #require(cmsCreateLab4Profile(nil)))
    // 16 bits, as a table in a profile has them: no alpha, red first.
    let (rgb16, lab16) = (cmsUInt32Number(4 << 16 | 3 << 3 | 2), cmsUInt32Number(10 << 16 | 3 << 3 | 2))
    let transform = try #require(
      cmsCreateTransform(rgb, rgb16, lab, lab16, cmsUInt32Number(INTENT_RELATIVE_COLORIMETRIC), 0))
    var table: [UInt16] = []
    for node in 0..<625 {
      let inks = [125, 25, 5, 1].map { Double(node / $0 % 5) / 4 }
      let light = (0..<3).map { UInt16(((1 - inks[$0]) * (1 - inks[3]) * 65535).rounded()) }
      var entry: [UInt16] = [0, 0, 0]
      cmsDoTransform(transform, light, &entry, 1)
      table += entry
    }
    cmsDeleteTransform(transform)
    cmsCloseProfile(rgb)
    cmsCloseProfile(lab)
    let pipeline = try #require(cmsPipelineAlloc(nil, 4, 3))
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nil, 4, nil))
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocCLut16bit(nil, 5, 4, 3, table))
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nil, 3, nil))
    try #require(cmsWriteTag(profile, cmsSigAToB0Tag, UnsafeRawPointer(pipeline)) != 0)
    try #require(cmsWriteTag(profile, cmsSigAToB1Tag, UnsafeRawPointer(pipeline)) != 0)
    cmsPipelineFree(pipeline)
    return try saved(profile)
  }

  private static func saved(_ profile: cmsHPROFILE) throws -> [UInt8] {
    defer { cmsCloseProfile(profile) }
    var size = cmsUInt32Number(0)
    try #require(cmsSaveProfileToMem(profile, nil, &size) != 0)
    var bytes = [UInt8](repeating: 0, count: Int(size))
    try #require(cmsSaveProfileToMem(profile, &bytes, &size) != 0)
    return bytes
  }

  // MARK: Containers

  static func big(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  static func little(_ value: Int, _ size: Int) -> [UInt8] { big(value, size).reversed() }

  static func pngChunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
    let content = Array(kind.utf8) + body
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in content {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 != 0 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return big(body.count, 4) + content + big(Int(~crc), 4)
  }

  /// A zlib stream (RFC 1950) of stored blocks.
  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    var at = 0
    repeat {
      let count = min(65535, bytes.count - at)
      result += [at + count == bytes.count ? 1 : 0] + little(count, 2) + little(count ^ 0xFFFF, 2)
      result += bytes[at..<at + count]
      at += count
    } while at < bytes.count
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return result + big(b << 16 | a, 4)
  }

  static func pngHeader(width: Int, height: Int) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + pngChunk("IHDR", big(width, 4) + big(height, 4) + [8, 2, 0, 0, 0])
  }

  /// An RGB PNG of one row of pixels, repeated, with chunks of its own.
  static func png(_ pixels: [[UInt8]], rows: Int = 4, chunks: [UInt8] = []) -> Data {
    let row = [UInt8(0)] + pixels.flatMap(\.self)
    let data = Array(repeating: row, count: rows).flatMap(\.self)
    return Data(
      pngHeader(width: pixels.count, height: rows) + chunks + pngChunk("IDAT", zlib(data))
        + pngChunk("IEND", []))
  }

  static func iccChunk(_ profile: [UInt8]) -> [UInt8] {
    pngChunk("iCCP", Array("a".utf8) + [0, 0] + zlib(profile))
  }

  /// A JPEG with segments put in after its first marker.
  static func jpeg(_ bytes: Data, segments: [[UInt8]]) -> Data {
    var result = Data(bytes.prefix(2))
    for segment in segments {
      result += Data([0xFF, segment[0]] + big(segment.count + 1, 2) + segment.dropFirst())
    }
    return result + bytes.dropFirst(2)
  }

  static func iccSegment(_ profile: [UInt8]) -> [UInt8] {
    [0xE2] + Array("ICC_PROFILE\0".utf8) + [1, 1] + profile
  }

  static func exif(_ orientation: Int, isLittle: Bool) -> [UInt8] {
    func n(_ value: Int, _ size: Int) -> [UInt8] { isLittle ? little(value, size) : big(value, size) }
    let head: [UInt8] = isLittle ? [0x49, 0x49] : [0x4D, 0x4D]
    return head + n(42, 2) + n(8, 4) + n(1, 2) + n(0x0112, 2) + n(3, 2) + n(1, 4) + n(orientation, 2) + [
      0, 0,
    ]
      + n(0, 4)
  }

  /// A WebP file with a chunk of colours in front of its pixels.
  static func webp(_ bytes: Data, width: Int, height: Int, profile: [UInt8]) -> Data {
    func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
      Array(kind.utf8) + little(body.count, 4) + body + (body.count % 2 == 1 ? [0] : [])
    }
    let header = chunk("VP8X", [0x20, 0, 0, 0] + little(width - 1, 3) + little(height - 1, 3))
    let body = Array("WEBP".utf8) + header + chunk("ICCP", profile) + Array(bytes.dropFirst(12))
    return Data(Array("RIFF".utf8) + little(body.count, 4) + body)
  }
}
