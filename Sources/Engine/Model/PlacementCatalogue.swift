public import Documents

/// The placements the program knows, from a file such as `config/placements.yaml`.
public struct PlacementCatalogue: Sendable, Hashable {
  public static let schema = "retake.placements/1"

  /// In the file's order.
  public let placements: [Placement]

  public init(placements: [Placement]) {
    self.placements = placements
  }

  /// - Throws: `DocumentError`.
  public init(path: String) throws {
    try self.init(document: Document(path: path))
  }

  /// - Throws: `DocumentError`.
  public init(document: Document) throws {
    placements = try document.read { root in
      let map = root.mapping(allowed: ["schema", "sources", "defaults", "placements"])
      _ = map.require("schema").known(in: [Self.schema], what: "schema")
      let sources = map.optional("sources")?.mapping().entries.map(\.key) ?? []
      let defaults = map.optionalMapping("defaults", allowed: PlacementRules.keys)
        .map { PlacementRules($0, over: PlacementRules()) }
      return map.list("placements", count: 1...500) {
        Placement($0, sources: sources, defaults: defaults ?? PlacementRules())
      }
    }
  }

  public var ids: [String] { placements.map(\.id) }

  public subscript(id: String) -> Placement? {
    placements.first { $0.id == id }
  }
}

extension Placement {
  init(_ node: DocumentNode, sources: [String], defaults: PlacementRules) {
    let map = node.mapping(
      allowed: [
        "id", "name", "width", "height", "safe_zone", "duration", "max_bytes", "codecs", "sources", "note",
      ] + PlacementRules.keys)
    let zone = map.optional("safe_zone")?.mapping(allowed: ["top", "bottom", "left", "right"])
    let length = map.optional("duration")?.mapping(allowed: ["min", "max"])
    let pixels = 0...8192
    let (width, height) = (map.int("width", in: 64...8192), map.int("height", in: 64...8192))
    let safeZone = SafeZone(
      top: zone?.optionalInt("top", in: pixels) ?? 0, bottom: zone?.optionalInt("bottom", in: pixels) ?? 0,
      left: zone?.optionalInt("left", in: pixels) ?? 0, right: zone?.optionalInt("right", in: pixels) ?? 0)
    if width % 2 != 0 || height % 2 != 0 { map.problem("width and height must be even") }
    if safeZone.left + safeZone.right >= width || safeZone.top + safeZone.bottom >= height {
      map.require("safe_zone").problem("leaves no room: its margins reach across the picture")
    }
    for source in map.optional("sources")?.list(of: { $0 }) ?? [] {
      _ = source.known(in: sources, what: "source")
    }
    _ = map.optionalString("note")
    self.init(
      id: map.string("id", length: 1...80), name: map.optionalString("name", length: 1...80),
      width: width, height: height, safeZone: safeZone,
      minimumDuration: length?.optionalDuration("min").map { TimeSpan($0) },
      maximumDuration: length?.optionalDuration("max").map { TimeSpan($0) },
      maximumBytes: map.optionalInt("max_bytes", in: 1...Int.max),
      codecs: map.optional("codecs").map { $0.list(count: 1...10) { $0.string() } } ?? ["h264"],
      rules: PlacementRules(map, over: defaults))
    guard let codec = rules.form.videoCodec?.rawValue else { return }
    if !codecs.contains(codec) {
      map.problem(
        "its output is \(codec), which is none of its codecs: \(codecs.joined(separator: ", ")); "
          + "say output: {codec: …}")
    }
    if !rules.containers.contains(rules.form.container) {
      map.problem(
        "its output is \(rules.form.container), which is none of its containers: "
          + "\(rules.containers.joined(separator: ", ")); say output: {codec: …}")
    }
  }
}
