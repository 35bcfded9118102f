import HTTPTypes
import Hummingbird
import Ingestion

/// CloudEvents' HTTP protocol binding 1.0.2: which of its modes a request is in, and all of them made into one.
enum CloudEventRequest {
  private static let prefix = "ce-"

  /// Whether a request to a door for any events is one for CloudEvents.
  static func isOne(_ request: Request) -> Bool {
    mediaType(of: request).hasPrefix("application/cloudevents") || isBinary(request)
  }

  /// The events in structured or batch form.
  static func structured(_ body: [UInt8], of request: Request) throws(Problem) -> [UInt8] {
    let type = mediaType(of: request)
    if type.hasPrefix("application/cloudevents") {
      guard type.hasSuffix("+json") else {
        throw Problem(
          .unsupportedMediaType, "content_type_unknown",
          "Content-Type is \"\(type)\"; CloudEvents are read as application/cloudevents+json or "
            + "application/cloudevents-batch+json.")
      }
      return body
    }
    // Without attributes in headers it can only be meant as an event in JSON.
    guard isBinary(request) else { return body }
    var attributes: [(String, String)] = []
    for field in request.headers where field.name.canonicalName.hasPrefix(prefix) {
      attributes.append((String(field.name.canonicalName.dropFirst(prefix.count)), field.value))
    }
    do {
      return try CloudEventBinding.structured(
        attributes: attributes, contentType: request.headers[.contentType], data: body)
    } catch {
      throw Problem(.body(error))
    }
  }

  private static func isBinary(_ request: Request) -> Bool {
    request.headers.contains { $0.name.canonicalName == prefix + "specversion" }
  }

  private static func mediaType(of request: Request) -> String {
    let type = request.headers[.contentType] ?? ""
    return String(type.prefix { $0 != ";" && $0 != " " }).lowercased()
  }
}
