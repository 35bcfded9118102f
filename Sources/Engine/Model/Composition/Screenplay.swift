public import Documents
import Foundation

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

  /// Reads either from a file, YAML or JSON.
  ///
  /// - Throws: `DocumentError`, whose description names line and column of every problem.
  public init(path: String) throws { try self.init(document: Document(path: path)) }

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

  /// Every asset that is shown or heard, each once, in order of appearance.
  public var assets: [String] {
    switch self {
    case .storyboard(let board): board.assets
    case .composition(let composition): composition.assets
    }
  }

  /// What it sounds like: its music, with a hit wherever a scene begins, and what is said.
  public var soundtrack: Soundtrack {
    switch self {
    case .storyboard(let board): Soundtrack(board)
    case .composition(let composition):
      composition.sound.soundtrack(
        duration: composition.duration,
        cuts: composition.scenes.dropFirst().map { scene in
          Soundtrack.Cut(at: .seconds(scene.from), isSoft: scene.transition.kind != "cut")
        }
      ).hearing(composition.clipSounds)
    }
  }

  /// Everything that is seen follows from this text, which is equal for equal screenplays. Music is not in it.
  func identity() throws -> String {
    switch self {
    case .storyboard(var board):
      board.music = nil
      let json = JSONEncoder()
      json.outputFormatting = [.sortedKeys]
      return String(decoding: try json.encode(board), as: UTF8.self)
    case .composition(let composition): return composition.identity
    }
  }

  /// - Parameter only: a frame, when no other will be painted.
  /// - Throws: `EngineError`.
  func stage(
    for placement: Placement, assets: AssetResolver, only: Int? = nil
  ) throws(EngineError) -> Stage {
    switch self {
    case .storyboard(let board): try Stage(board, placement: placement, assets: assets, only: only)
    case .composition(let composition):
      try Stage(composition, placement: placement, assets: assets, only: only)
    }
  }
}
