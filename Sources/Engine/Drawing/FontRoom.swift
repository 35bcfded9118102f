import CDrawing
import Foundation

/// The one place where fonts are touched, one thread at a time.
///
/// Cairo keeps at most ten font files open and closes the others under the hands of whoever draws with them
/// (cairo 1.16, MAX_OPEN_FACES): with many scripts on several threads that ends the process now and then.
/// Text is set and rasterised once for a whole rendering, so waiting for each other costs little.
enum FontRoom {
  // Recursive, because what is done inside may free a layout, which comes here again.
  private static let lock = NSRecursiveLock()

  /// Shared by all threads and never freed: a map of each thread's own would be torn down when the thread
  /// ends, outside the lock. A `GObject` pointer, used inside `lock` only.
  private nonisolated(unsafe) static let map: UnsafeMutablePointer<PangoFontMap>? = {
    pango_cairo_font_map_new()
  }()

  static func enter<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    // librsvg asks for the thread's default map; let that be the shared one.
    pango_cairo_font_map_set_default(map.map { OpaquePointer($0) })
    return try body()
  }

  /// A context for setting text. Call inside `enter`.
  static func makeContext() -> OpaquePointer? {
    map.flatMap { pango_font_map_create_context($0) }
  }

  /// Lets go of a Pango object.
  static func release(_ object: OpaquePointer) {
    enter { g_object_unref(UnsafeMutableRawPointer(object)) }
  }
}
