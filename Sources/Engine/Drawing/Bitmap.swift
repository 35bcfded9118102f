import CDrawing

/// Premultiplied pixels in memory that cairo draws into and from. Belongs to one rendering thread.
final class Bitmap {
  let surface: OpaquePointer
  let width: Int
  let height: Int
  /// False where every pixel covers what lies beneath (the alpha byte is then unused).
  let hasAlpha: Bool
  /// Whose pixels these are, when they are not this bitmap's own.
  private let owner: Bitmap?

  /// - Throws: `EngineError.libraryFailed` when there is no memory for it.
  init(width: Int, height: Int, hasAlpha: Bool = true) throws(EngineError) {
    self.width = max(1, width)
    self.height = max(1, height)
    self.hasAlpha = hasAlpha
    owner = nil
    let format = hasAlpha ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24
    guard let surface = cairo_image_surface_create(format, Int32(self.width), Int32(self.height)) else {
      throw .libraryFailed(operation: "making a picture of \(width)x\(height)", reason: "out of memory")
    }
    self.surface = surface
    let status = cairo_surface_status(surface)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw .libraryFailed(
        operation: "making a picture of \(width)x\(height)",
        reason: String(cString: cairo_status_to_string(status)))
    }
  }

  /// Another surface over the pixels of `raster`: cairo counts and marks its surfaces without locks, so every
  /// thread that draws from the same pixels needs one of its own. Not to be drawn into.
  init(viewing raster: Raster) throws(EngineError) {
    let rows = raster.rows
    (width, height) = (rows.width, rows.height)
    hasAlpha = raster.bitmap.hasAlpha
    owner = raster.bitmap
    let format = hasAlpha ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24
    guard
      let surface = cairo_image_surface_create_for_data(
        rows.base.assumingMemoryBound(to: UInt8.self), format, Int32(width), Int32(height),
        Int32(rows.stride))
    else {
      throw .libraryFailed(operation: "viewing a picture", reason: "out of memory")
    }
    self.surface = surface
  }

  deinit { cairo_surface_destroy(surface) }

  /// Bytes from one row to the next.
  var stride: Int { Int(cairo_image_surface_get_stride(surface)) }

  /// Runs `body` with a fresh cairo context on this bitmap.
  func draw(_ body: (OpaquePointer) throws(EngineError) -> Void) throws(EngineError) {
    guard let context = cairo_create(surface) else {
      throw .libraryFailed(operation: "drawing", reason: "out of memory")
    }
    defer { cairo_destroy(context) }
    try body(context)
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw .libraryFailed(operation: "drawing", reason: String(cString: cairo_status_to_string(status)))
    }
  }

  /// The pixels as bytes B, G, R, A, rows `stride` apart; cairo is told before and after.
  func withPixels<R>(_ body: (UnsafeMutablePointer<UInt8>) -> R) -> R? {
    cairo_surface_flush(surface)
    defer { cairo_surface_mark_dirty(surface) }
    return cairo_image_surface_get_data(surface).map(body)
  }

  /// This picture at another size, filtered well in both directions.
  func resized(width: Int, height: Int) throws(EngineError) -> Bitmap {
    let result = try Bitmap(width: width, height: height, hasAlpha: hasAlpha)
    try resized(to: result)
    return result
  }

  /// Fills `result` with this picture at its size.
  func resized(to result: Bitmap) throws(EngineError) {
    let (width, height) = (result.width, result.height)
    try result.draw { context in
      cairo_scale(context, Double(width) / Double(self.width), Double(height) / Double(self.height))
      cairo_set_source_surface(context, surface, 0, 0)
      // Cairo's best filter is made for shrinking; enlarged, it shows squares.
      let isShrunk = width <= self.width && height <= self.height
      cairo_pattern_set_filter(
        cairo_get_source(context), isShrunk ? CAIRO_FILTER_BEST : CAIRO_FILTER_BILINEAR)
      cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
      cairo_set_operator(context, CAIRO_OPERATOR_SOURCE)
      cairo_paint(context)
    }
  }

  /// Without transparency: itself, or a copy laid over `colour`.
  func opaque(over colour: Colour) throws(EngineError) -> Bitmap {
    guard hasAlpha else { return self }
    let ground = try Bitmap(width: width, height: height, hasAlpha: false)
    try ground.draw { context in
      setSource(context, colour)
      cairo_paint(context)
      cairo_set_source_surface(context, surface, 0, 0)
      cairo_paint(context)
    }
    return ground
  }

  /// A PNG file's bytes.
  func png() throws(EngineError) -> [UInt8] {
    final class Sink { var bytes: [UInt8] = [] }
    let sink = Sink()
    let status = cairo_surface_write_to_png_stream(
      surface,
      { closure, data, length in
        guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
        Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().bytes
          .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
        return CAIRO_STATUS_SUCCESS
      }, Unmanaged.passUnretained(sink).toOpaque())
    guard status == CAIRO_STATUS_SUCCESS else {
      throw .libraryFailed(operation: "writing PNG", reason: String(cString: cairo_status_to_string(status)))
    }
    return withExtendedLifetime(sink) { sink.bytes }
  }
}

/// Sets the source colour of a cairo context.
func setSource(_ context: OpaquePointer, _ colour: Colour, alpha: Double = 1) {
  cairo_set_source_rgba(
    context, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255,
    Double(colour.alpha) / 255 * alpha)
}

/// Adds a rectangle with round corners to the path.
func addRoundedRectangle(
  _ context: OpaquePointer, x: Double, y: Double, width: Double, height: Double, radius: Double
) {
  let r = min(radius, width / 2, height / 2)
  cairo_new_sub_path(context)
  cairo_arc(context, x + width - r, y + r, r, -.pi / 2, 0)
  cairo_arc(context, x + width - r, y + height - r, r, 0, .pi / 2)
  cairo_arc(context, x + r, y + height - r, r, .pi / 2, .pi)
  cairo_arc(context, x + r, y + r, r, .pi, .pi * 1.5)
  cairo_close_path(context)
}
