/// What a file is by its first bytes; names and extensions lie.
enum MediaType {
  /// - Parameter head: the first bytes of the file, 512 are enough.
  /// - Returns: an IANA media type, nil for what Retake does not use.
  static func sniff(_ head: [UInt8]) -> String? {
    if let (_, type) = signatures.first(where: { head.starts(with: $0.bytes) }) { return type }
    if head.count >= 12 {
      let fourth = String(decoding: head[4..<8], as: UTF8.self)
      let brand = String(decoding: head[8..<12], as: UTF8.self)
      if head.starts(with: "RIFF".utf8) {
        switch brand {
        case "WEBP": return "image/webp"
        case "WAVE": return "audio/wav"
        default: return nil
        }
      }
      if fourth == "ftyp" {
        if brand == "qt  " { return "video/quicktime" }
        return brand.hasPrefix("M4A") ? "audio/mp4" : "video/mp4"
      }
    }
    // MPEG audio without tags: eleven set bits, then a layer that is not reserved.
    if head.count >= 2, head[0] == 0xff, head[1] & 0xe0 == 0xe0, head[1] & 0x06 != 0 { return "audio/mpeg" }
    return isSVG(head) ? "image/svg+xml" : nil
  }

  private static let signatures: [(bytes: [UInt8], type: String)] = [
    ([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "image/png"),
    ([0xff, 0xd8, 0xff], "image/jpeg"),
    ([0x1a, 0x45, 0xdf, 0xa3], "video/webm"),
    (Array("fLaC".utf8), "audio/flac"),
    (Array("OggS".utf8), "audio/ogg"),
    (Array("ID3".utf8), "audio/mpeg"),
    (Array("OTTO".utf8), "font/otf"),
    ([0x00, 0x01, 0x00, 0x00], "font/ttf"),
    (Array("wOF2".utf8), "font/woff2"),
  ]

  /// SVG begins with its root element, perhaps after a byte order mark, an XML declaration and comments.
  private static func isSVG(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head, as: UTF8.self)
    guard let first = text.first(where: { !$0.isWhitespace && $0 != "\u{feff}" }), first == "<" else {
      return false
    }
    return text.contains("<svg")
  }

  /// What an asset of a kind may be.
  static func allowed(for kind: BrandAsset.Kind) -> [String] {
    switch kind {
    case .logo, .product: ["image/svg+xml", "image/png", "image/webp"]
    case .photo: ["image/jpeg", "image/png", "image/webp"]
    case .footage: ["video/mp4", "video/quicktime", "video/webm"]
    case .font: ["font/ttf", "font/otf"]
    case .music, .voice: ["audio/wav", "audio/mpeg", "audio/mp4", "audio/flac", "audio/ogg"]
    }
  }
}
