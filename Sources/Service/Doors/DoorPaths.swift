/// The addresses at which events come in.
enum DoorPaths {
  /// Whether bodies of events are taken at this path, which ends before the query.
  static func takesBodies(_ path: some StringProtocol) -> Bool {
    bodies.contains(String(path.hasSuffix("/") ? path.dropLast() : path[...]))
  }

  /// Whether this is the path of a signed link.
  static func isLink(_ path: some StringProtocol) -> Bool {
    path.hasPrefix("/b/") || path.hasPrefix("/c/")
  }

  private static let bodies = Set(
    PostHogSDKRoutes.paths.map { "/\($0)" } + SegmentSDKRoutes.paths.map { "/v1/\($0)" }
      + ["/v1/events", "/v1/cloudevents"])
}
