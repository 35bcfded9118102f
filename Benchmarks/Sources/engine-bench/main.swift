import Foundation

@testable import Engine

// Measures the engine's parts and prints one line of JSON. Built with -enable-testing: it paints the reference
// ad with the engine's own types.
//
//   engine-bench kernels
//   engine-bench pictures ASSETS FOLDER             the ad's pictures, for other programs to compose
//   engine-bench raw ASSETS FILE.yuv                its frames in I420
//   engine-bench still ASSETS FRAME FILE.png
//   engine-bench paint ASSETS                       time a frame takes without encoding, stretch by stretch
//   engine-bench render ASSETS FILE.mp4 [--size WxH] [--workers N] [--version K] [--mood M] [--cache FOLDER]
//   engine-bench campaign ASSETS FOLDER [--versions N] [--workers N] [--mood M] [--cache FOLDER]
//                                                  N versions in three shapes, two films at a time
//   engine-bench first DOCUMENT FILE.png           the first frame of a document's preview
//   engine-bench preview DOCUMENT FILE.mp4         the whole of it

func number(_ value: Double) -> String { String(format: "%.4f", value) }

func report(_ figures: [String: Double]) {
  let fields = figures.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \(number($0.value))" }
  print("{\(fields.joined(separator: ", "))}")
}

/// The highest resident set of this process so far.
func peakMegabytes() -> Double {
  var usage = rusage()
  getrusage(0, &usage)
  return Double(usage.ru_maxrss) / 1024
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    "engine-bench kernels | pictures | raw | still | paint | render | campaign | first | preview: see main.swift"
  }
}

var arguments = Array(CommandLine.arguments.dropFirst())
@MainActor func option(_ name: String) -> String? {
  guard let at = arguments.firstIndex(of: name), at + 1 < arguments.count else { return nil }
  let value = arguments[at + 1]
  arguments.removeSubrange(at...at + 1)
  return value
}
let size = (option("--size") ?? "1080x1920").split(separator: "x").compactMap { Int($0) }
let workers = option("--workers").flatMap { Int($0) }
let version = option("--version").flatMap { Int($0) } ?? 0
let versions = option("--versions").flatMap { Int($0) } ?? 1
let mood = option("--mood").flatMap { Music.Mood(rawValue: $0) } ?? .pulse
let cacheFolder = option("--cache")
guard let mode = arguments.first, size.count == 2 else { throw Usage() }
@MainActor func argument(_ index: Int) throws -> String {
  guard index < arguments.count else { throw Usage() }
  return arguments[index]
}

// As `retake render` does.
Engine.keepNoFreedPictures()
switch mode {
case "kernels":
  report(try Kernels.measure())
case "pictures":
  let folder = try argument(2)
  let ad = try ReferenceAd(width: size[0], height: size[1], version: version, assets: try argument(1))
  for (name, bitmap) in ad.pictures {
    try Data(try bitmap.png()).write(to: URL(filePath: "\(folder)/\(name).png"))
  }
case "still":
  let frame = Int(try argument(2)) ?? 0
  let ad = try ReferenceAd(
    width: size[0], height: size[1], version: version, assets: try argument(1), only: frame)
  let painter = try FramePainter(ad.film, frames: 0..<1)
  _ = try painter.paint(0)
  try Data(try painter.canvas.png()).write(to: URL(filePath: try argument(3)))
case "raw":
  let ad = try ReferenceAd(width: size[0], height: size[1], version: version, assets: try argument(1))
  let painter = try FramePainter(ad.film, frames: 0..<ad.film.frames.count)
  let path = try argument(2)
  _ = FileManager.default.createFile(atPath: path, contents: nil)
  let file = try FileHandle(forWritingTo: URL(filePath: path))
  for frame in ad.film.frames.indices {
    let rows = try painter.planes(frame).rows
    var bytes = Data(capacity: rows.width * rows.height * 3 / 2)
    for row in 0..<rows.height { bytes.append(rows.luma + row * rows.lumaStride, count: rows.width) }
    for plane in [rows.blueness, rows.redness] {
      for row in 0..<rows.height / 2 { bytes.append(plane + row * rows.chromaStride, count: rows.width / 2) }
    }
    try file.write(contentsOf: bytes)
  }
  try file.close()
case "paint":
  let ad = try ReferenceAd(width: size[0], height: size[1], version: version, assets: try argument(1))
  let clock = ContinuousClock()
  for (first, end) in zip(ad.film.cuts, ad.film.cuts.dropFirst()) {
    let spent = try clock.measure {
      let painter = try FramePainter(ad.film, frames: first..<end)
      for frame in first..<end { _ = try painter.planes(frame) }
    }
    print("\(first)..<\(end): \(spent / (end - first)) a frame")
  }
case "render":
  let clock = ContinuousClock()
  let start = clock.now
  let campaign = try ReferenceCampaign(
    assets: try argument(1), mood: mood, cacheFolder: cacheFolder, workers: workers)
  let (info, told) = try await campaign.render(
    ReferenceCampaign.Film(width: size[0], height: size[1], version: version, path: try argument(2)))
  let spent = start.duration(to: clock.now)
  let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
  report([
    "seconds": seconds, "peak_rss_mb": peakMegabytes(), "bytes": Double(info.bytes),
    "cached_frames": Double(told.cachedFrames.cached),
  ])
case "campaign":
  let folder = try argument(2)
  let campaign = try ReferenceCampaign(
    assets: try argument(1), mood: mood, cacheFolder: cacheFolder, workers: workers)
  try await campaign.render(
    [(1080, 1920), (1080, 1080), (1920, 1080)].flatMap { width, height in
      (0..<versions).map { version in
        ReferenceCampaign.Film(
          width: width, height: height, version: version, path: "\(folder)/\(width)x\(height)-\(version).mp4")
      }
    })
case "first", "preview":
  let (document, path) = (try argument(1), try argument(2))
  let screenplay = try Screenplay(path: document)
  let folder = URL(filePath: document).deletingLastPathComponent()
  let assets = AssetResolver { folder.appending(path: $0).path }
  let placement = Placement(id: "bench.\(size[0])x\(size[1])", width: size[0], height: size[1])
  let renderer = Renderer(workers: workers, quality: .preview)
  if mode == "first" {
    let png = try await renderer.still(of: screenplay, for: placement, assets: assets, at: .zero)
    try Data(png).write(to: URL(filePath: path))
  } else {
    _ = try await renderer.render(screenplay, for: placement, assets: assets, to: path)
  }
default: throw Usage()
}
