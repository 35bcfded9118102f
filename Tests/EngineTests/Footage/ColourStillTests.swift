import Foundation
import Testing

@testable import Engine

@Suite struct ColourStillTests {
  private func open(_ bytes: Data) async throws -> (bitmap: Bitmap, remarks: [String]) {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a").path
      try bytes.write(to: URL(fileURLWithPath: path))
      guard case .pixels(let bitmap, let remarks) = try PictureAsset("a", from: AssetResolver(["a": path]))
      else { throw EngineError.assetMissing(asset: "a") }
      return (bitmap, remarks)
    }
  }

  private func expect(
    _ bitmap: Bitmap, at x: Int, _ wanted: [Int], within slack: Int = 2,
    _ place: SourceLocation = #_sourceLocation
  ) {
    let got = FootageFixtures.colour(bitmap, x, bitmap.height / 2)
    let isNear = zip([got.0, got.1, got.2], wanted).allSatisfy { abs($0 - $1) <= slack }
    #expect(isNear, "\(got), not \(wanted)", sourceLocation: place)
  }

  static let patches: [[UInt8]] = [
    [200, 80, 60], [60, 160, 90], [70, 90, 190], [128, 128, 128], [230, 200, 120],
  ]

  @Test func picturesWithAProfileAreBroughtToSRGB() async throws {
    let p3 = try ColourFixtures.profile(primaries: ColourFixtures.displayP3, gamma: 2.2)
    let adobe = try ColourFixtures.profile(primaries: ColourFixtures.adobeRGB, gamma: 563.0 / 256)
    for (profile, wanted) in [(p3, Self.p3), (adobe, Self.adobe)] {
      let (bitmap, remarks) = try await open(
        ColourFixtures.png(Self.patches, chunks: ColourFixtures.iccChunk(profile)))
      #expect(remarks.isEmpty)
      for (x, colour) in wanted.enumerated() { expect(bitmap, at: x, colour) }
    }
  }

  /// What Pillow's ImageCms (Little CMS) makes of `patches`, relative colorimetric with black point compensation.
  private static let p3 = [[218, 67, 46], [0, 164, 81], [62, 90, 198], [129, 129, 129], [237, 200, 107]]
  private static let adobe = [
    [230, 79, 56], [0, 161, 85], [57, 90, 194], [129, 129, 129], [241, 201, 116],
  ]

  @Test(arguments: ["jpg", "webp"]) func profilesAreFoundInJPEGAndWebP(format: String) async throws {
    let profile = try ColourFixtures.profile(primaries: ColourFixtures.adobeRGB, gamma: 563.0 / 256)
    let plain = try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.\(format)").path
      let coding = format == "jpg" ? ["-q:v", "1", "-pix_fmt", "yuvj444p"] : ["-lossless", "1"]
      try FootageFixtures.make(
        ["-f", "lavfi", "-i", "color=0x3CA05A:s=32x32", "-frames:v", "1"] + coding, at: path)
      return try Data(contentsOf: URL(fileURLWithPath: path))
    }
    let bytes =
      format == "jpg"
      ? ColourFixtures.jpeg(plain, segments: [ColourFixtures.iccSegment(profile)])
      : ColourFixtures.webp(plain, width: 32, height: 32, profile: profile)
    expect(try await open(plain).bitmap, at: 8, [60, 160, 90], within: 3)
    expect(try await open(bytes).bitmap, at: 8, Self.adobe[1], within: 4)
  }

  @Test func aProfileThatIsSRGBChangesNothing() async throws {
    // The sRGB curve is no plain power, so the nearest plain profile is not this one.
    let (tagged, _) = try await open(
      ColourFixtures.png(Self.patches, chunks: ColourFixtures.pngChunk("sRGB", [0])))
    for (x, patch) in Self.patches.enumerated() { expect(tagged, at: x, patch.map { Int($0) }, within: 0) }
  }

  @Test func aDamagedProfileIsSaidToBe() async throws {
    let (bitmap, remarks) = try await open(
      ColourFixtures.png(
        Self.patches, chunks: ColourFixtures.iccChunk([UInt8](repeating: 7, count: 300))))
    #expect(remarks.contains { $0.contains("colour profile that cannot be used") })
    expect(bitmap, at: 0, [200, 80, 60], within: 0)
  }

  @Test func aPNGsOwnGammaAndPrimariesCount() async throws {
    func gamma(_ value: Int) -> [UInt8] { ColourFixtures.pngChunk("gAMA", ColourFixtures.big(value, 4)) }
    // What most programs write for "sRGB" leaves every number as it is.
    let (usual, _) = try await open(ColourFixtures.png(Self.patches, chunks: gamma(45455)))
    expect(usual, at: 0, [200, 80, 60], within: 0)
    // Linear light: 128 is half of it, 188 in sRGB (IEC 61966-2-1).
    let (linear, _) = try await open(ColourFixtures.png(Self.patches, chunks: gamma(100_000)))
    expect(linear, at: 3, [188, 188, 188])
    let p3 = [0.3127, 0.329] + ColourFixtures.displayP3
    let chromaticities = ColourFixtures.pngChunk(
      "cHRM", p3.flatMap { ColourFixtures.big(Int(($0 * 100_000).rounded()), 4) })
    let (wide, _) = try await open(ColourFixtures.png(Self.patches, chunks: gamma(45455) + chromaticities))
    for (x, colour) in Self.p3.enumerated() { expect(wide, at: x, colour) }
  }

  @Test(arguments: 1...8) func photosStandAsTheCameraWasHeld(orientation: Int) async throws {
    let plain = try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.jpg").path
      try FootageFixtures.make(
        [
          "-f", "lavfi", "-i",
          "color=0xE02020:s=32x24[a];color=0x20C040:s=32x24[b];color=0x2040E0:s=64x24[c];[a][b]hstack[t];[t][c]vstack",
          "-frames:v", "1", "-q:v", "1", "-pix_fmt", "yuvj444p",
        ], at: path)
      return try Data(contentsOf: URL(fileURLWithPath: path))
    }
    let block =
      [0xE1] + Array("Exif\0\0".utf8) + ColourFixtures.exif(orientation, isLittle: orientation % 2 == 0)
    let (bitmap, _) = try await open(ColourFixtures.jpeg(plain, segments: [block]))
    let isSideways = orientation >= 5
    #expect(bitmap.width == (isSideways ? 48 : 64) && bitmap.height == (isSideways ? 64 : 48))
    let letters = [(0, 0), (1, 0), (0, 1), (1, 1)].map { x, y in
      let (r, g, _, _) = FootageFixtures.colour(
        bitmap, bitmap.width / 4 + x * bitmap.width / 2, bitmap.height / 4 + y * bitmap.height / 2)
      return r > 150 ? "R" : g > 150 ? "G" : "B"
    }
    // Exif 2.32, tag 0x0112: where the first row and the first column of the file are seen.
    let wanted = ["RGBB", "GRBB", "BBGR", "BBRG", "RBGB", "BRBG", "BGBR", "GBRB"]
    #expect(letters.joined() == wanted[orientation - 1])
  }

  @Test func inksAreMixedByTheirProfile() async throws {
    let profile = try ColourFixtures.inkProfile()
    let bytes = try #require(Data(base64Encoded: Self.inks))
    // The file was made by Pillow, with Adobe's marker: quarters of C, M, Y and K in four stripes.
    let tagged = ColourFixtures.jpeg(bytes, segments: [ColourFixtures.iccSegment(profile)])
    let (bitmap, remarks) = try await open(tagged)
    #expect(remarks.isEmpty)
    for (stripe, inks) in Self.stripes.enumerated() {
      let wanted = (0..<3).map { Int(((1 - inks[$0]) * (1 - inks[3]) * 255).rounded()) }
      expect(bitmap, at: stripe * 8 + 4, wanted, within: 3)
    }
    let guessed = try await open(bytes)
    #expect(guessed.remarks.contains { $0.contains("CMYK without a usable colour profile") })
    expect(guessed.bitmap, at: 4, [0, 191, 255], within: 4)
  }

  private static let stripes = [[1.0, 0.25, 0, 0], [0, 0.75, 0.5, 0], [0.25, 0, 1, 0.25], [0, 0, 0, 0.5]]
  private static let inks = [
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwABAQEBAQEBAQEBAQEBAQECAQEBAQECAQEBAgICAgICAgICAwMEAwMDAwMCAgMEAwMEBAQE",
    "BAIDBQUEBAUEBAQE/8AAFAgAEAAgBEMRAE0RAFkRAEsRAP/EABcAAQEBAQAAAAAAAAAAAAAAAAoLAAn/xAAUEAEAAAAAAAAAAAAA",
    "AAAAAAAA/9oADgRDAE0AWQBLAAA/AJ/7vwfwfwv8ADp/7D/q/AA4/wCQAy/wP+gDj/soAL/AA6f+w/6vwAOP+QAy/wAD/v/Z",
  ].joined()

  @Test func picturesBeyondTheLimitAreRefusedBeforeTheyAreDecoded() async throws {
    for (width, height) in [(20_000, 20_000), (30_000, 10), (10_001, 10_000)] {
      let bytes = Data(ColourFixtures.pngHeader(width: width, height: height))
      let error = await #expect(throws: EngineError.self) { try await open(bytes) }
      #expect(error?.description.contains("\(width)x\(height)") == true)
      #expect(error?.description.contains("100 million pixels") == true)
    }
  }
}
