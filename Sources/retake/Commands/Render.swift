import ArgumentParser
import Campaigns
import Documents
import Engine
import Foundation

struct Render: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Render a storyboard or composition to an MP4 file, or one frame of it to a PNG file.",
    discussion: """
      Needs no database. Assets are named by their path, relative to the storyboard, or by the SHA-256 they have in \
      the data folder. The file appears under its name only when it is whole and the gate has passed it (docs/gate.md).
      """)

  @Argument(
    help: "The storyboard or composition, YAML or JSON.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var storyboard: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Where to write: .mp4, or .png with --still.", valueName: "file"))
  var output: String

  @Option(name: .long, help: "A placement of config/placements.yaml.")
  var placement: String = "tiktok.infeed"

  @Option(
    name: .long, help: ArgumentHelp("One frame at this time (1.5s) instead of the film.", valueName: "time"))
  var still: String?

  @Option(
    name: .long, help: ArgumentHelp("Data folder to find assets named by SHA-256 in.", valueName: "folder"))
  var data: String?

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let installation = try Installation.find(environment: environment)
    let catalogue = try PlacementCatalogue(path: installation.placements.path)
    guard let target = catalogue[placement] else {
      throw CommandFailure(
        "there is no placement \"\(placement)\" in \(installation.placements.path); "
          + "it has: \(catalogue.ids.joined(separator: ", ")).")
    }
    let settings = try Settings.load(file: nil, installation: installation, environment: environment)
    let dataFolder = data.map { URL(filePath: $0) } ?? settings.dataFolder
    let document = try Document(path: storyboard)
    let screenplay = try Screenplay(document: document)
    let renderer = Renderer(
      gate: Gate(rules: try GateRules(path: installation.gate.path)), sound: settings.sound)
    let assets = AssetFinder(storyboard: storyboard, vault: AssetVault(dataFolder: dataFolder.path)).resolver

    if let still {
      let time = try Self.time(still)
      let png = try await renderer.still(of: screenplay, for: target, assets: assets, at: time)
      try OutputFile.write(png, to: output)
      Console.note("\(output): \(target.width)x\(target.height), frame at \(time)")
      return
    }
    let display = ProgressDisplay()
    let info = try await display.step(
      "Rendering \(target.name), \(target.width)x\(target.height)", unit: "frames",
      total: screenplay.duration.frames
    ) { step in
      do {
        return try await renderer.render(screenplay, for: target, assets: assets, to: output) { done, total in
          step.update(done: done, total: total)
        }
      } catch EngineError.outputNotWritable(_, let reason) {
        // The engine writes under a hidden name first, which is nobody's business.
        throw EngineError.outputNotWritable(path: output, reason: reason)
      }
    }
    Console.print(
      "\(output): \(info.width)x\(info.height), \(TimeSpan(milliseconds: info.durationMilliseconds)), "
        + "\(grouped(info.bytes)) bytes, sha256 \(info.sha256)")
    for warning in info.warnings { Console.note("warning: \(warning)") }
  }

  private static func time(_ text: String) throws -> TimeSpan {
    do {
      return try Document(text: "time: \(text)", name: "--still").read { root in
        root.mapping(allowed: ["time"]).timeSpan("time", in: .zero ... .seconds(3600))
      }
    } catch {
      throw ValidationError("--still must be a length of time with its unit, such as 1.5s or 500ms.")
    }
  }
}

/// Finds a storyboard's assets: files beside it, or content in the vault.
private struct AssetFinder {
  let storyboard: String
  let vault: AssetVault

  var resolver: AssetResolver {
    let folder = URL(filePath: storyboard).deletingLastPathComponent()
    return AssetResolver { asset in
      let file = URL(filePath: asset, relativeTo: folder).path
      if FileManager.default.fileExists(atPath: file) { return file }
      guard asset.wholeMatch(of: #/[0-9a-f]{64}/#) != nil else { return nil }
      let stored = vault.path(of: asset)
      return FileManager.default.fileExists(atPath: stored) ? stored : nil
    }
  }
}
