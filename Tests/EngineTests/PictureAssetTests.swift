import CDrawing
import Foundation
import Testing

@testable import Engine

@Suite struct PictureAssetTests {
  private func open(_ bytes: Data, name: String = "a") async throws -> PictureAsset {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: name).path
      try bytes.write(to: URL(fileURLWithPath: path))
      return try PictureAsset("a", from: AssetResolver(["a": path]))
    }
  }

  private func reason(_ bytes: Data) async throws -> String {
    do {
      _ = try await open(bytes)
      return "opened"
    } catch EngineError.assetUnreadable(_, _, let reason) {
      return reason
    }
  }

  @Test(arguments: ["png", "jpg", "webp"])
  func photosKeepTheirSizeAndColour(format: String) async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.\(format)").path
      let made = try Fixtures.run(
        "ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "color=c=0x336699:s=62x48", "-frames:v", "1", path])
      try #require(made.status == 0, "\(made.output)")
      guard case .pixels(let bitmap, _) = try PictureAsset("a", from: AssetResolver(["a": path])) else {
        Issue.record("a photo must be pixels")
        return
      }
      #expect(bitmap.width == 62 && bitmap.height == 48)
      let pixel = bitmap.withPixels { p in (0..<3).map { Int(p[bitmap.stride * 20 + 80 + $0]) } } ?? []
      for (got, wish) in zip(pixel, [0x99, 0x66, 0x33]) { #expect(abs(got - wish) <= 4, "\(pixel)") }
    }
  }

  @Test func transparencyIsPremultiplied() async throws {
    let bitmap = try Bitmap(width: 8, height: 8)
    try bitmap.draw { context in
      setSource(context, Colour(red: 255, green: 0, blue: 0), alpha: 0.5)
      cairo_paint(context)
    }
    guard case .pixels(let read, _) = try await open(Data(try bitmap.png())) else { return }
    #expect(read.hasAlpha)
    let pixel = read.withPixels { p in (0..<4).map { Int(p[$0]) } } ?? []
    #expect(abs(pixel[2] - 128) <= 1 && abs(pixel[3] - 128) <= 1 && pixel[0] == 0)
  }

  @Test func brokenFilesSayWhatIsWrongWithThem() async throws {
    let bitmap = try Bitmap(width: 64, height: 64)
    let png = Data(try bitmap.png())
    #expect(try await reason(png.prefix(60)).contains("damaged or cut off"))
    #expect(try await reason(Data("hello".utf8)).contains("neither SVG, PNG, JPEG nor WebP"))
    #expect(try await reason(Data()).contains("neither SVG"))
    #expect(
      try await reason(Data("<svg xmlns='http://www.w3.org/2000/svg'".utf8)).contains("not a valid SVG"))
    #expect(throws: EngineError.self) { try PictureAsset("a", from: AssetResolver(["a": "/nowhere.png"])) }
    #expect(throws: EngineError.assetMissing(asset: "b")) { try PictureAsset("b", from: .none) }
  }

  @Test func aPictureOfOnePixelStillFillsABackground() async throws {
    let dot = try Bitmap(width: 1, height: 1, hasAlpha: false)
    guard case .pixels(let read, _) = try await open(Data(try dot.png())) else { return }
    let large = try read.resized(width: 300, height: 200)
    #expect(large.width == 300 && large.height == 200)
  }
}
