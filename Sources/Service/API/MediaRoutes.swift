import Campaigns
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// Where a rendition's file is served.
enum MediaPath {
  static func url(of rendition: Rendition) -> String {
    "/media/\(rendition.variant)/\(rendition.placement).mp4"
  }
}

/// `/media/{variant}/{placement}.mp4`: the files themselves, with byte ranges (RFC 9110, section 14) so that
/// players can seek. A file is found through its row, so nobody reaches another workspace's.
struct MediaRoutes {
  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let reading = router.group().add(middleware: RequireScope(scope: .read))
    reading.get("media/:variant/:file", use: file)
    reading.head("media/:variant/:file", use: file)
  }

  @Sendable private func file(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let identity = try context.requireIdentity()
    let name = try context.parameters.require("file")
    guard name.hasSuffix(".mp4") else { throw Problem.notFound("file \(name)") }
    let variant = try await backend.variants.find(
      try context.identifier("variant"), workspace: identity.workspace.id)
    let scope = CampaignScope(workspace: identity.workspace.id, campaign: variant.campaign)
    let rendition = try await backend.renditions.find(
      variant: variant.id, placement: String(name.dropLast(4)), in: scope)

    let entityTag = "\"\(rendition.sha256)\""
    var headers: HTTPFields = [
      .contentType: "video/mp4", .eTag: entityTag, .acceptRanges: "bytes",
      .cacheControl: "private, max-age=300",
    ]
    if request.headers[.ifNoneMatch] == entityTag { return Response(status: .notModified, headers: headers) }

    let path = backend.renditionsFolder.appending(path: rendition.fileName).path
    let files = FileIO()
    let size = Int(rendition.sizeBytes)
    guard let range = try ByteRange.requested(by: request, entityTag: entityTag, size: size) else {
      headers[.contentLength] = String(size)
      let body =
        request.method == .head ? ResponseBody() : try await files.loadFile(path: path, context: context)
      return Response(status: .ok, headers: headers, body: body)
    }
    headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
    headers[.contentLength] = String(range.count)
    let body =
      request.method == .head
      ? ResponseBody() : try await files.loadFile(path: path, range: range, context: context)
    return Response(status: .partialContent, headers: headers, body: body)
  }
}

/// One byte range of a request (RFC 9110, section 14.1.2). Several ranges at once are answered with the whole file.
enum ByteRange {
  /// - Returns: nil where the whole file is to be sent.
  /// - Throws: `Problem` 416 for a range that lies outside the file.
  static func requested(
    by request: Request, entityTag: String, size: Int
  ) throws(Problem) -> ClosedRange<Int>? {
    guard let header = request.headers[.range], header.hasPrefix("bytes="), !header.contains(",") else {
      return nil
    }
    if let condition = request.headers[.ifRange], condition != entityTag { return nil }
    let bounds = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard bounds.count == 2 else { return nil }
    let (first, last) = (Int(bounds[0]), Int(bounds[1]))
    switch (first, last) {
    case (let first?, let last?) where first <= last && first < size: return first...min(last, size - 1)
    case (let first?, nil) where bounds[1].isEmpty && first < size: return first...(size - 1)
    case (nil, let count?) where bounds[0].isEmpty && count > 0 && size > 0:
      return max(0, size - count)...(size - 1)
    case (nil, nil): return nil
    default:
      throw Problem(
        .rangeNotSatisfiable, "range_outside_file", "The file has \(size) bytes; \(header) lies outside.")
    }
  }
}
