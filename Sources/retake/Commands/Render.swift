import ArgumentParser
import Campaigns
import Documents
import Engine
import Foundation

struct Render: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Render a storyboard or composition to films or pictures.",
    discussion: """
      Needs no database. Assets are named by their path, relative to the document, or by the SHA-256 they have in the \
      data folder. A file appears under its name only when it is whole and the gate has passed it (docs/gate.md). \
      What was encoded is kept in the data folder, so that only what changed is encoded the next time.
      """)

  @Argument(
    help: "The storyboard or composition, YAML or JSON.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var document: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where to write; its ending says what: .mp4, .webm, .av1.mp4, .gif, .webp, .png (docs/outputs.md). A folder for several placements.",
      valueName: "path"))
  var output: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A placement of config/placements.yaml; may be given several times; all for all of them. (default: tiktok.infeed)",
      valueName: "id"))
  var placement: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("One frame at this time (1.5s) instead of the film.", valueName: "time"))
  var still: String?

  @Flag(help: "A contact sheet, evenly spaced frames on one PNG picture, instead of the film.")
  var sheet = false

  @Flag(help: "Half the size, quickly encoded, not looked at by the gate: for yourself, not for publishing.")
  var preview = false

  @Flag(help: "Lay out and tell what is wrong; draw and write nothing.")
  var check = false

  @Flag(help: "Tell which segments came from the cache, and why the others did not.")
  var explain = false

  @Flag(help: "Render again whenever the document or one of its assets is saved, until Ctrl-C.")
  var watch = false

  @Flag(help: "Neither look into the cache nor keep anything there.")
  var noCache = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Data folder: the cache, and assets named by their SHA-256.", valueName: "folder"))
  var data: String?

  func validate() throws {
    if check, still != nil || sheet || explain || preview {
      throw ValidationError("--check draws nothing: leave --still, --sheet, --preview and --explain away.")
    }
    if still != nil, sheet { throw ValidationError("--still is one frame, --sheet many: which?") }
    if still != nil || sheet, explain {
      throw ValidationError("--explain tells of films; a picture has no segments.")
    }
    if output == nil, !check { throw ValidationError("Name where to write: -o FILE.mp4, or -o FOLDER/.") }
    _ = try work()
  }

  func run() async throws {
    Engine.keepNoFreedPictures()
    let environment = ProcessInfo.processInfo.environment
    let installation = try Installation.find(environment: environment)
    let targets = try RenderTargets(
      placement.isEmpty ? ["tiktok.infeed"] : placement,
      in: try PlacementCatalogue(path: installation.placements.path), file: installation.placements.path)
    var settings = try Settings.load(file: nil, installation: installation, environment: environment)
    if let data { settings.dataFolder = URL(filePath: data) }
    let work = try work()
    let pass = RenderPass(
      document: document, targets: targets, work: work,
      output: try check ? nil : output.map { try RenderOutput($0, isMany: targets.placements.count > 1) },
      isPreview: preview, renderer: try renderer(work, settings, installation),
      finder: AssetFinder(document: document, vault: AssetVault(dataFolder: settings.dataFolder.path)),
      display: ProgressDisplay())
    try await watch ? RenderWatch(pass: pass).run() : pass.run()
  }

  private func renderer(
    _ work: RenderPass.Work, _ settings: Settings, _ installation: Installation
  ) throws -> Renderer {
    var cache: SegmentCache?
    var gate = Gate()
    if case .film = work {
      if !noCache { cache = SegmentCache.open(settings) { Console.note("warning: \($0)") } }
      gate = Gate(rules: try GateRules(path: installation.gate.path))
    }
    return Renderer(
      workers: settings.engine.workers, cache: cache, gate: gate, sound: settings.sound,
      quality: preview ? .preview : .full)
  }

  private func work() throws -> RenderPass.Work {
    if check { return .check }
    if sheet { return .sheet }
    guard let still else { return .film(explained: explain) }
    do {
      return .still(
        try Document(text: "time: \(still)", name: "--still").read { root in
          root.mapping(allowed: ["time"]).timeSpan("time", in: .zero ... .seconds(3600))
        })
    } catch {
      throw ValidationError("--still must be a length of time with its unit, such as 1.5s or 500ms.")
    }
  }
}
