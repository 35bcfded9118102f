import Engine
import Foundation

/// `render-ad DOCUMENT OUTPUT.mp4 [WIDTHxHEIGHT]`: a composition or storyboard as a film, with nothing but the engine.
@main
struct RenderAd {
  static func main() async throws {
    guard Engine.isSupported else {
      print(Engine.requirement)
      exit(69)
    }
    let arguments = CommandLine.arguments.dropFirst()
    guard let document = arguments.first, let output = arguments.dropFirst().first else {
      print("usage: render-ad DOCUMENT OUTPUT.mp4 [WIDTHxHEIGHT]")
      exit(64)
    }
    do {
      try await render(document, to: output, size: arguments.dropFirst(2).first ?? "1080x1920")
    } catch {
      // Every error of the engine says what is wrong, where, and what to do.
      print("error: \(error)")
      exit(1)
    }
  }

  static func render(_ path: String, to output: String, size: String) async throws {
    let sides = size.split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2 else {
      throw EngineError.placementUnfit(placement: size, reason: "is no size such as 1080x1920")
    }
    // Where the film will be shown: its size, and what the platform covers of it.
    let placement = Placement(
      id: "example", width: sides[0], height: sides[1],
      safeZone: .init(top: sides[1] / 10, bottom: sides[1] / 8))

    let screenplay = try Screenplay(path: path)
    let folder = URL(filePath: path).deletingLastPathComponent()
    let assets = AssetResolver { folder.appending(path: $0).path }

    // Keep one renderer: its cache makes the next film that shares a scene with this one cheap.
    let cache = try SegmentCache(folder: NSTemporaryDirectory() + "/render-ad", limitBytes: 256 << 20)
    let renderer = Renderer(cache: cache)
    for warning in try await renderer.check(screenplay, for: placement, assets: assets) {
      print("warning: \(warning)")
    }
    let (info, report) = try await renderer.explainedRender(
      screenplay, for: placement, assets: assets, to: output
    ) { done, total in
      if done == total || done % 60 == 0 { print("\(done) of \(total) frames") }
    }
    print(
      "\(info.path): \(info.frames) frames, \(info.bytes) bytes, \(report.cachedFrames.cached) from the cache"
    )
  }
}
