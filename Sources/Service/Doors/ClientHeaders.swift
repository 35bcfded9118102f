import HTTPTypes
import Hummingbird
import Ingestion

/// What the headers of a request made by a viewer's own browser or player say.
enum ClientHeaders {
  static func context(_ request: Request) -> ClientContext {
    ClientContext(
      isViewer: true, userAgent: request.headers[.userAgent], isMobile: isMobile(request.headers),
      isPrefetch: isPrefetch(request.headers), consent: consent(request))
  }

  /// Of a request with a body of events. Browsers send `Origin` with each of these (Fetch standard, "append a request
  /// Origin header") and servers do not: then the user agent is the viewer's, else it is a program's and says nothing.
  static func sender(_ headers: HTTPFields) -> ClientContext {
    guard headers[.origin] != nil else { return .server }
    return ClientContext(isViewer: false, userAgent: headers[.userAgent], isMobile: isMobile(headers))
  }

  /// User-Agent Client Hints, section 3.5: a boolean of structured fields (RFC 9651).
  private static func isMobile(_ headers: HTTPFields) -> Bool? {
    guard let name = HTTPField.Name("Sec-CH-UA-Mobile") else { return nil }
    return switch headers[name] {
    case "?1": true
    case "?0": false
    default: nil
    }
  }

  /// Fetched ahead of need: `Sec-Purpose` of the Fetch standard, and what came before it.
  static func isPrefetch(_ headers: HTTPFields) -> Bool {
    ["sec-purpose", "purpose", "x-purpose", "x-moz"].contains { name in
      guard let name = HTTPField.Name(name), let value = headers[name]?.lowercased() else { return false }
      return value.contains("prefetch") || value.contains("prerender") || value.contains("preview")
    }
  }

  /// The link's own `consent=true` or `consent=false`; anything else in its place is a no.
  ///
  /// `Sec-GPC: 1` (Global Privacy Control) and `DNT: 1` say nothing here: GPC opts out of sale and sharing, not of an
  /// advertiser's own measuring, and DNT has no agreed meaning. A deployment that reads them as a no puts
  /// `&consent=false` on the links it serves to such viewers, or refuses here.
  static func consent(_ request: Request) -> ConsentStatement {
    switch request.uri.queryParameters.get("consent") {
    case nil: .unstated
    case "true", "1": .granted
    default: .denied
    }
  }

  /// The viewer's address: the connection's other end, or what the nearest proxy saw when that end is a machine of ours
  /// (loopback, private and link-local addresses), for others could claim anything.
  static func address(_ request: Request, peer: String?) -> String {
    let peer = peer ?? ""
    guard peer.isEmpty || isOurs(peer), let name = HTTPField.Name("X-Forwarded-For"),
      let last = request.headers[name]?.split(separator: ",").last
    else { return peer }
    return last.filter { $0 != " " }
  }

  static func isOurs(_ address: String) -> Bool {
    let parts = address.split(separator: ".").compactMap { UInt8($0) }
    guard parts.count == 4 else {
      let address = address.lowercased()
      if address.hasPrefix("::ffff:") { return isOurs(String(address.dropFirst(7))) }
      return address == "::1" || address.hasPrefix("fc") || address.hasPrefix("fd")
        || address.hasPrefix("fe80:")
    }
    return switch (parts[0], parts[1]) {
    case (10, _), (127, _), (192, 168), (169, 254), (172, 16...31): true
    default: false
    }
  }
}
