import Documents
import Engine

/// Where in a document stands what an error of the engine tells of: a storyboard forgets its lines when it is read.
struct DocumentPlaces {
  let document: Document

  /// `error` with document, line and key where they can be found; else as it is.
  func locate(_ error: EngineError) -> any Error {
    let found: DocumentError.Problem?
    switch error {
    case .assetMissing(let asset), .assetUnreadable(let asset, _, _):
      found = place { Self.scalar(asset, below: $0) }.map { problem($0, error) }
    case .textDoesNotFit(let scene, _, _, _):
      found = place { root in
        let scenes = root.mapping().optional("scenes")?.list { $0 } ?? []
        return scenes.indices.contains(scene - 1) ? scenes[scene - 1] : nil
      }.map { problem($0, error) }
    case .invalidStoryboard, .placementUnfit:
      found = DocumentError.Problem(
        file: document.name, line: 0, column: 0, path: "", message: error.description)
    default: found = nil
    }
    return found.map { DocumentError(problems: [$0]) as any Error } ?? error
  }

  private typealias Place = (line: Int, column: Int, path: String)

  private func problem(_ place: Place, _ error: EngineError) -> DocumentError.Problem {
    DocumentError.Problem(
      file: document.name, line: place.line, column: place.column, path: place.path,
      message: error.description)
  }

  /// A document that was read before is read again without a problem; were there one, the error would be told
  /// without its place.
  private func place(_ find: (DocumentNode) -> DocumentNode?) -> Place? {
    do {
      return try document.read { root in find(root).map { ($0.line, $0.column, $0.path) } }
    } catch {
      return nil
    }
  }

  /// The first place at which `text` stands alone.
  private static func scalar(_ text: String, below node: DocumentNode) -> DocumentNode? {
    if node.isMapping {
      return node.mapping().entries.lazy.compactMap { scalar(text, below: $0.node) }.first
    }
    if node.isList { return node.list { $0 }.lazy.compactMap { scalar(text, below: $0) }.first }
    return node.isScalar && !node.isNull && node.string(length: 0...10_000) == text ? node : nil
  }
}
