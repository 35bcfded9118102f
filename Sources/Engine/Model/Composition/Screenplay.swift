public import Documents

/// What the engine can render: a storyboard, or a composition.
public enum Screenplay: Sendable, Hashable {
  case storyboard(Storyboard)
  case composition(Composition)

  /// Reads either, by what its `schema` names.
  ///
  /// - Throws: `DocumentError`.
  public init(document: Document) throws {
    let schema = try document.read { root in
      root.mapping().require("schema").known(in: [Storyboard.schema, Composition.schema], what: "schema")
    }
    self =
      schema == Composition.schema
      ? .composition(try Composition(document: document)) : .storyboard(try Storyboard(document: document))
  }

  public var duration: TimeSpan {
    switch self {
    case .storyboard(let board): board.duration
    case .composition(let composition): composition.duration
    }
  }

  public var music: Music? {
    switch self {
    case .storyboard(let board): board.music
    case .composition(let composition): composition.music
    }
  }

  /// Every asset that is shown, each once, in order of appearance.
  public var assets: [String] {
    switch self {
    case .storyboard(let board): board.assets
    case .composition(let composition): composition.assets
    }
  }

  /// - Throws: `EngineError`.
  func stage(for placement: Placement, assets: AssetResolver) throws(EngineError) -> Stage {
    switch self {
    case .storyboard(let board): try Stage(board, placement: placement, assets: assets)
    case .composition(let composition): try Stage(composition, placement: placement, assets: assets)
    }
  }
}
