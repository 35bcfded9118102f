/// The API key that stands in a body, where SDKs send it beside the events: PostHog's `api_key` or `token`, Segment's
/// `writeKey`.
public enum BodyKey {
  /// In order of precedence.
  private static let tree = FieldTree([
    "api_key", "token", "writeKey", "properties.token", "properties.api_key",
  ])

  /// - Parameter body: JSON; of a list, its first element is looked at.
  /// - Returns: nil when there is none, also when the body cannot be read as far as it is looked at: whoever reads it
  ///   for its events will tell where it breaks.
  public static func find(in body: [UInt8], limits: DecodingLimits = DecodingLimits()) -> String? {
    body.withUnsafeBufferPointer { bytes in
      var scanner = JSONScanner(bytes, depthLimit: limits.depth)
      var depth = 0
      if scanner.peek() == .openBracket {
        scanner.position += 1
        depth = 1
      }
      guard scanner.peek() == .openBrace else { return nil }
      var walk = FieldWalk(tree)
      do { try walk.run(&scanner, depth: depth) } catch { return nil }
      for case .text(let text) in walk.values where text.isValid && !text.hasEscapes && !text.range.isEmpty {
        return String(decoding: bytes[text.range], as: UTF8.self)
      }
      return nil
    }
  }
}
