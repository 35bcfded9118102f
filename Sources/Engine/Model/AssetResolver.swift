/// Finds the file behind an asset's id. The engine reads SVG, PNG, JPEG and WebP, and
/// footage in whatever libavformat knows.
public struct AssetResolver: Sendable {
  private let find: @Sendable (String) -> String?

  public init(_ find: @escaping @Sendable (String) -> String?) {
    self.find = find
  }

  public init(_ paths: [String: String]) {
    self.init { paths[$0] }
  }

  public static let none = AssetResolver([:])

  /// - Throws: `EngineError.assetMissing`.
  func path(of asset: String) throws(EngineError) -> String {
    guard let path = find(asset) else { throw .assetMissing(asset: asset) }
    return path
  }
}
