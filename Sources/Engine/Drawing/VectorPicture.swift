import CDrawing
import Foundation

/// An SVG document, drawn by librsvg at any size. References to other files are not followed.
final class VectorPicture {
  private let handle: UnsafeMutablePointer<RsvgHandle>
  /// In the document's own units.
  let width: Double
  let height: Double

  static func looksLikeSVG(_ bytes: Data) -> Bool {
    String(decoding: bytes.prefix(4096), as: UTF8.self).contains("<svg") || bytes.starts(with: [0x1F, 0x8B])
  }

  init(_ bytes: Data) throws(PictureFault) {
    var error: UnsafeMutablePointer<GError>?
    let opened = bytes.withUnsafeBytes { buffer in
      rsvg_handle_new_from_data(buffer.bindMemory(to: UInt8.self).baseAddress, gsize(buffer.count), &error)
    }
    guard let opened else {
      throw PictureFault(reason: "is not a valid SVG: " + Self.take(error))
    }
    handle = opened
    var size = (width: 0.0, height: 0.0)
    if rsvg_handle_get_intrinsic_size_in_pixels(opened, &size.width, &size.height) == 0 || size.width <= 0 {
      var (hasWidth, hasHeight, hasBox) = (gboolean(0), gboolean(0), gboolean(0))
      var (w, h, box) = (RsvgLength(), RsvgLength(), RsvgRectangle())
      rsvg_handle_get_intrinsic_dimensions(opened, &hasWidth, &w, &hasHeight, &h, &hasBox, &box)
      size = hasBox != 0 ? (box.width, box.height) : (0, 0)
    }
    (width, height) = size
    guard width > 0, height > 0 else {
      throw PictureFault(reason: "is an SVG without size: give it width and height, or a viewBox")
    }
  }

  deinit { g_object_unref(handle) }

  func rasterised(width: Int, height: Int) throws(EngineError) -> Bitmap {
    let bitmap = try Bitmap(width: width, height: height)
    try bitmap.draw { (context) throws(EngineError) in
      var viewport = RsvgRectangle(x: 0, y: 0, width: Double(width), height: Double(height))
      var error: UnsafeMutablePointer<GError>?
      // It may hold text.
      guard FontRoom.enter({ rsvg_handle_render_document(handle, context, &viewport, &error) }) != 0 else {
        throw .libraryFailed(operation: "drawing SVG", reason: Self.take(error))
      }
    }
    return bitmap
  }

  private static func take(_ error: UnsafeMutablePointer<GError>?) -> String {
    guard let error else { return "unknown reason" }
    defer { g_error_free(error) }
    return String(cString: error.pointee.message)
  }
}
