import Cryptography

/// Footage as one layer shows it: what stands in the place of a bitmap whose pixels change.
struct FootageClip: Sendable, Hashable {
  let asset: String
  let footage: Footage
  let view: FootageView

  /// True where anything beneath may show through.
  var hasAlpha: Bool { footage.hasAlpha || view.cornerRadius > 0 }

  /// The hash of what shapes its frames besides their time.
  var digest: SHA256Digest {
    SHA256.hash(
      fields: [
        "clip/1", footage.index.sha256, String(reflecting: view), "\(footage.isInterlaced) \(hasAlpha)",
        "\(FootageColours.hasZimg)",
      ])
  }

  /// A blank bitmap of its size.
  func blank() throws(EngineError) -> Bitmap {
    try Bitmap(width: view.columns, height: view.rows, hasAlpha: hasAlpha)
  }
}
