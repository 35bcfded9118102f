import Foundation
import Testing

@testable import Engine

@Suite struct ColourFootageTests {
  static let patches: [(Int, Int, Int)] = [
    (200, 60, 50), (50, 170, 90), (60, 80, 200), (128, 128, 128), (235, 200, 40),
  ]

  /// A clip of these RGB patches, 32 pixels wide each, coded by zscale's words and tagged with x264's.
  private func clip(
    _ folder: URL, zscale: String, tags: [String], height: Int = 64, format: String = "yuv444p10le"
  ) throws -> FootageClip {
    let path = folder.appending(path: "\(UUID().uuidString).mkv").path
    let sources = Self.patches.enumerated().map { index, patch in
      String(
        format: "color=0x%02X%02X%02X:s=32x%d:r=25:d=0.2,format=gbrp[p%d]", patch.0, patch.1, patch.2, height,
        index)
    }
    let stack = Self.patches.indices.map { "[p\($0)]" }.joined() + "hstack=inputs=\(Self.patches.count)"
    try FootageFixtures.make(
      [
        "-f", "lavfi", "-i",
        (sources + [
          "\(stack),zscale=matrixin=gbr:rangein=full:primariesin=709:transferin=709:\(zscale),format=\(format)"
        ])
        .joined(separator: ";"), "-c:v", "libx264", "-qp", "1",
      ] + tags, at: path)
    return try FootageFixtures.clip(path, columns: 32 * Self.patches.count, rows: height)
  }

  private func expectPatches(
    _ clip: FootageClip, _ wanted: [(Int, Int, Int)] = patches, within slack: Int = 3,
    _ place: SourceLocation = #_sourceLocation
  ) throws {
    let bitmap = try clip.blank()
    try FootageReel(clip).draw(Int(clip.footage.frames[1]), on: bitmap)
    for (index, patch) in wanted.enumerated() {
      let got = FootageFixtures.colour(bitmap, index * 32 + 16, bitmap.height / 2)
      let isNear =
        abs(got.0 - patch.0) <= slack && abs(got.1 - patch.1) <= slack && abs(got.2 - patch.2) <= slack
      #expect(isNear, "patch \(index): \(got), not \(patch)", sourceLocation: place)
    }
  }

  /// zscale's words, and the file's tags.
  struct Tagging: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var zscale: String
    var tags: [String]
    var format = "yuv444p10le"
  }

  static let taggings = [
    Tagging(
      testDescription: "BT.709, limited", zscale: "matrix=709:range=limited:primaries=709:transfer=709",
      tags: [
        "-colorspace", "bt709", "-color_range", "tv", "-color_primaries", "bt709", "-color_trc", "bt709",
      ]),
    Tagging(
      testDescription: "BT.709, full, 8 bits", zscale: "matrix=709:range=full:primaries=709:transfer=709",
      tags: [
        "-colorspace", "bt709", "-color_range", "pc", "-color_primaries", "bt709", "-color_trc", "bt709",
      ],
      format: "yuv420p"),
    Tagging(
      testDescription: "BT.601 matrix", zscale: "matrix=170m:range=limited:primaries=709:transfer=709",
      tags: ["-colorspace", "smpte170m", "-color_primaries", "bt709", "-color_trc", "bt709"]),
    Tagging(
      testDescription: "NTSC's primaries", zscale: "matrix=170m:range=limited:primaries=170m:transfer=709",
      tags: [
        "-colorspace", "smpte170m", "-color_primaries", "smpte170m", "-color_trc", "smpte170m",
        "-color_range",
        "tv",
      ]),
    Tagging(
      testDescription: "PAL's primaries", zscale: "matrix=5:range=limited:primaries=5:transfer=709",
      tags: ["-colorspace", "bt470bg", "-color_primaries", "bt470bg", "-color_trc", "gamma28"]),
    Tagging(
      testDescription: "BT.2020", zscale: "matrix=2020_ncl:range=limited:primaries=2020:transfer=709",
      tags: [
        "-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "bt2020-10", "-color_range",
        "tv",
      ]),
    Tagging(
      testDescription: "Display P3", zscale: "matrix=709:range=limited:primaries=smpte432:transfer=709",
      tags: ["-colorspace", "bt709", "-color_primaries", "smpte432", "-color_trc", "bt709"]),
  ]

  @Test(arguments: taggings) func coloursComeBackAsTheyWere(tagging: Tagging) async throws {
    try await Fixtures.withFolder { folder in
      let clip = try clip(folder, zscale: tagging.zscale, tags: tagging.tags, format: tagging.format)
      try expectPatches(clip)
    }
  }

  @Test func untaggedClipsAreJudgedByTheirSize() async throws {
    try await Fixtures.withFolder { folder in
      let small = try clip(
        folder, zscale: "matrix=170m:range=limited:primaries=709:transfer=709", tags: [], height: 120)
      #expect(small.footage.colours.matrix == 6 && small.footage.colours.primaries == 1)
      try expectPatches(small)
      let large = try clip(
        folder, zscale: "matrix=709:range=limited:primaries=709:transfer=709", tags: [], height: 720)
      #expect(large.footage.colours.matrix == 1)
      try expectPatches(large)
      let ntsc = try clip(
        folder, zscale: "matrix=170m:range=limited:primaries=170m:transfer=709", tags: [], height: 480)
      #expect(ntsc.footage.colours.primaries == 6)
      try expectPatches(ntsc)
    }
  }

  /// The code that makes a screen give this share of its white (ITU-R BT.1886, annex 1).
  private func code(_ light: Double) -> Int { Int((pow(light, 1 / 2.4) * 255).rounded()) }

  @Test(arguments: [
    ("smpte2084", "smpte2084"), ("arib-std-b67", "arib-std-b67"),
  ])
  func highDynamicRangeIsBroughtToAScreensWhite(transfer: String, tag: String) async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mkv").path
      // Greys of 10, 20 and 40 cd/m² and a light of 1,000.
      let greys = [10.0, 20, 40, 1000].enumerated().map { index, light in
        let level = transfer == "smpte2084" ? pq(light) : hlg(light)
        // 10 bits, limited range.
        return
          "color=black:s=32x64:r=25:d=0.2,format=yuv444p10le,geq=lum=\(Int((64 + level * 876).rounded())):cb=512:cr=512[p\(index)]"
      }
      try FootageFixtures.make(
        [
          "-f", "lavfi", "-i", (greys + ["[p0][p1][p2][p3]hstack=inputs=4"]).joined(separator: ";"), "-c:v",
          "libx264", "-qp", "1", "-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", tag,
          "-color_range", "tv",
        ], at: path)
      let clip = try FootageFixtures.clip(path, columns: 128, rows: 64)
      #expect(clip.footage.colours.isHighDynamicRange)
      let bitmap = try clip.blank()
      try FootageReel(clip).draw(Int(clip.footage.frames[1]), on: bitmap)
      // Darker than 0.3 of a white of 203 cd/m² (ITU-R BT.2408) nothing is bent.
      for (index, light) in [10.0, 20, 40].enumerated() {
        let got = FootageFixtures.colour(bitmap, index * 32 + 16, 32)
        let wanted = code(light / 203)
        let isNear = [got.0, got.1, got.2].allSatisfy { abs($0 - wanted) <= 4 }
        #expect(isNear, "\(light) cd/m²: \(got), not \(wanted)")
      }
      let white = FootageFixtures.colour(bitmap, 112, 32)
      #expect(white.0 > 240 && white.1 > 240 && white.2 > 240)
    }
  }

  /// ITU-R BT.2100-2, table 4.
  private func pq(_ light: Double) -> Double {
    let y = pow(light / 10_000, 2610.0 / 16384)
    return pow((3424.0 / 4096 + 2413.0 / 128 * y) / (1 + 2392.0 / 128 * y), 2523.0 / 32)
  }

  /// ITU-R BT.2100-2, table 5: of a grey on a screen of 1,000 cd/m².
  private func hlg(_ light: Double) -> Double {
    let scene = pow(light / 1000, 1 / 1.2)
    if scene <= 1.0 / 12 { return (3 * scene).squareRoot() }
    return 0.17883277 * log(12 * scene - 0.28466892) + 0.55991073
  }
}
