import CDrawing
import Cryptography

/// A finished bitmap that many threads read.
///
/// Unchecked, because a cairo surface is a C pointer: the one thread that builds a stage draws into it, and a
/// raster is made when that is over. From then on its pixels only are read, never through the surface itself,
/// whose counters are not safe to share (`Bitmap.init(viewing:)`).
struct Raster: @unchecked Sendable {
  let bitmap: Bitmap
  let rows: PixelRows
  /// nil for an opaque bitmap.
  let coverage: CoverageRuns?

  init(_ bitmap: Bitmap) throws(EngineError) {
    self.bitmap = bitmap
    rows = try bitmap.rows()
    guard bitmap.hasAlpha else {
      // Cairo leaves the fourth byte open where there is no alpha; kernels and hashes want it defined.
      for row in 0..<rows.height {
        let pixels = rows.at(0, row).assumingMemoryBound(to: UInt32.self)
        var column = 0
        while column < rows.width {
          pixels[column] |= 0xFF00_0000
          column &+= 1
        }
      }
      coverage = nil
      return
    }
    coverage = CoverageRuns(rows)
  }

  var isOpaque: Bool { coverage == nil }

  /// The hash of size and pixels.
  func digest() -> SHA256Digest {
    var hash = SHA256()
    hash.update(field: "\(rows.width)x\(rows.height) \(isOpaque)")
    for row in 0..<rows.height {
      hash.update(UnsafeRawBufferPointer(start: rows.at(0, row), count: rows.width * 4))
    }
    return hash.finalize()
  }
}

extension Bitmap {
  /// The pixels, for as long as this bitmap lives.
  func rows() throws(EngineError) -> PixelRows {
    cairo_surface_flush(surface)
    guard let data = cairo_image_surface_get_data(surface) else {
      throw .libraryFailed(operation: "reading a picture's pixels", reason: "cairo gave none")
    }
    return PixelRows(base: UnsafeMutableRawPointer(data), stride: stride, width: width, height: height)
  }
}
