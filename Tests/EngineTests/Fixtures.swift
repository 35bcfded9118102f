import Documents
import Engine
import Foundation
import Testing

enum Fixtures {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let palette = Palette(
    primary: Colour(red: 11, green: 74, blue: 85), secondary: Colour(red: 143, green: 220, blue: 201),
    accent: Colour(red: 255, green: 126, blue: 95), dark: Colour(red: 7, green: 36, blue: 43))

  static let tall = Placement(
    id: "test.tall", width: 270, height: 480, safeZone: .init(top: 38, bottom: 134, right: 40))

  /// The real shapes, with the harshest margins platforms ask for.
  static let shapes = [
    Placement(
      id: "test.reels", width: 1080, height: 1920, safeZone: .init(top: 269, bottom: 672, left: 65, right: 65)
    ),
    Placement(id: "test.square", width: 1080, height: 1080),
    Placement(id: "test.wide", width: 1920, height: 1080),
  ]

  /// Lets everything pass, for films that are not made to be seen.
  static let openGate: Gate = {
    var rules = GateRules.standard
    for kind in Finding.Kind.allCases { rules.severities[kind] = .off }
    return Gate(rules: rules)
  }()

  static func hello() throws -> Storyboard {
    try Storyboard(document: Document(path: root.appending(path: "examples/storyboards/hello.yaml").path))
  }

  /// Two scenes, two seconds, everything the engine draws.
  static func storyboard(
    text: String = "A headline that says something", language: String = "en", music: Music? = nil
  ) -> Storyboard {
    Storyboard(
      duration: .seconds(2), language: language, palette: palette,
      scenes: [
        Scene(
          duration: .milliseconds(900), background: .photo(PhotoBackground(asset: "photo")),
          layers: [.text(TextLayer(role: .headline, text: text, anchor: .bottomStart))]),
        Scene(
          duration: .milliseconds(1100), transition: .crossfade(.milliseconds(300)),
          background: .gradient(GradientBackground(from: .primary, to: .dark, glow: .secondary)),
          arrangement: .split,
          layers: [
            .image(ImageLayer(purpose: .logo, asset: "logo", anchor: .topStart, size: 0.2)),
            .image(
              ImageLayer(purpose: .product, asset: "logo", anchor: .centre, size: 0.6, floats: true)),
            .text(TextLayer(role: .headline, text: text, anchor: .start)),
            .button(ButtonLayer(text: "Buy now", anchor: .start)),
            .text(TextLayer(role: .legal, text: "Terms apply.", anchor: .bottom, entrance: .none)),
          ]),
      ], music: music)
  }

  /// Calls `body` with a folder that is gone afterwards.
  static func withFolder<R>(_ body: (URL) async throws -> R) async throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "engine-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    do {
      let result = try await body(folder)
      try FileManager.default.removeItem(at: folder)
      return result
    } catch {
      try FileManager.default.removeItem(at: folder)
      throw error
    }
  }

  /// A photo (PNG made by the engine itself) and a logo (SVG) in `folder`.
  static func assets(in folder: URL) async throws -> AssetResolver {
    let svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 200">
        <circle cx="50" cy="100" r="45" fill="#FF7E5F"/></svg>
      """
    let logo = folder.appending(path: "logo.svg")
    try Data(svg.utf8).write(to: logo)
    let photo = folder.appending(path: "photo.png")
    let plain = Storyboard(
      duration: .seconds(1), palette: palette,
      scenes: [
        Scene(
          duration: .seconds(1),
          background: .gradient(GradientBackground(from: .light, to: .primary, angle: 40, glow: .accent)),
          layers: [])
      ])
    let placement = Placement(id: "photo", width: 640, height: 640)
    let png = try await Renderer().still(of: plain, for: placement, assets: .none, at: .zero)
    try Data(png).write(to: photo)
    return AssetResolver(["logo": logo.path, "photo": photo.path])
  }

  /// Runs a program and gives what it wrote to both outputs together.
  static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
