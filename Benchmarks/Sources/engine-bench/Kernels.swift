import CDrawing
import CMedia
import Foundation

@testable import Engine

/// Milliseconds of one thread's CPU time for one picture of 1080x1920, the least of several rounds, ours and
/// beside it cairo's or swscale's for the same task.
struct Kernels {
  static let (width, height) = (1080, 1920)

  static func milliseconds(rounds: Int = 30, _ work: () throws -> Void) rethrows -> Double {
    var least = Double.infinity
    for _ in 0..<rounds {
      let start = Self.now()
      try work()
      least = min(least, Self.now() - start)
    }
    return least
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
  }

  static func measure() throws -> [String: Double] {
    let canvas = try Bitmap(width: width, height: height, hasAlpha: false)
    let layer = try Bitmap(width: width, height: height)
    try canvas.draw { context in
      let pattern = cairo_pattern_create_linear(0, 0, 1080, 1920)
      cairo_pattern_add_color_stop_rgb(pattern, 0, 0.1, 0.2, 0.6)
      cairo_pattern_add_color_stop_rgb(pattern, 1, 0.9, 0.4, 0.2)
      cairo_set_source(context, pattern)
      cairo_paint(context)
      cairo_pattern_destroy(pattern)
    }
    // Every pixel translucent: the worst there is.
    try layer.draw { context in
      let pattern = cairo_pattern_create_linear(0, 0, 1080, 0)
      cairo_pattern_add_color_stop_rgba(pattern, 0, 1, 0.9, 0.2, 0.2)
      cairo_pattern_add_color_stop_rgba(pattern, 1, 0.2, 1, 0.9, 0.8)
      cairo_set_source(context, pattern)
      cairo_paint(context)
      cairo_pattern_destroy(pattern)
    }
    let raster = try Raster(layer)
    let rows = try canvas.rows()
    let scratch = SamplerScratch(columns: width)
    let laying = MarkLaying(Frame.Mark(bitmap: 0, x: 0, y: 0), rasters: [raster], canvas: rows.box)
    var figures: [String: Double] = [:]
    figures["kernel_over_ms"] = milliseconds { laying.lay(raster, on: rows, in: rows.box, scratch) }
    figures["cairo_over_ms"] = try milliseconds { try paint(layer, on: canvas) }

    // What layers mostly are: a line of words and a panel.
    let typical = try Bitmap(width: width, height: height)
    try typical.draw { context in
      cairo_set_source_rgba(context, 0, 0, 0.1, 0.62)
      addRoundedRectangle(context, x: 70, y: 1300, width: 940, height: 340, radius: 44)
      cairo_fill(context)
    }
    let typicalRaster = try Raster(typical)
    figures["kernel_over_panel_ms"] = milliseconds {
      laying.lay(typicalRaster, on: rows, in: rows.box, scratch)
    }
    figures["cairo_over_panel_ms"] = try milliseconds { try paint(typical, on: canvas) }

    let planar = try PlanarPicture(width: width, height: height)
    let planes = try planar.writable()
    figures["kernel_i420_ms"] = milliseconds { PlanarConversion.convert(rows, in: rows.box, to: planes) }
    figures["swscale_i420_ms"] = try swscale(rows, planar)

    let other = try PlanarPicture(width: width, height: height)
    let mixed = try PlanarPicture(width: width, height: height)
    let (second, target) = try (other.writable(), mixed.writable())
    PlanarConversion.convert(rows, in: rows.box, to: second)
    figures["kernel_crossfade_ms"] = milliseconds {
      PlanarMix.planes(planes, second, weight: 100, to: target)
    }
    let field = GradientField(
      stops: [.init(offset: 0, colour: .black), .init(offset: 1, colour: .white)], angle: 1)
    figures["kernel_gradient_ms"] = milliseconds {
      LinearGradient(field, width: width, height: height).fill(rows, in: rows.box)
    }
    figures["cairo_gradient_ms"] = try milliseconds { try cairoGradient(canvas) }
    figures["kernel_zoom_ms"] = try zoom(rows, scratch)
    figures["kernel_turn_ms"] = try turn(rows, scratch)
    return figures
  }

  private static func paint(_ layer: Bitmap, on canvas: Bitmap) throws {
    try canvas.draw { context in
      cairo_set_source_surface(context, layer.surface, 0, 0)
      cairo_paint(context)
    }
  }

  private static func cairoGradient(_ canvas: Bitmap) throws {
    try canvas.draw { context in
      let pattern = cairo_pattern_create_linear(100, 0, 980, 1920)
      cairo_pattern_add_color_stop_rgb(pattern, 0, 0, 0, 0)
      cairo_pattern_add_color_stop_rgb(pattern, 1, 1, 1, 1)
      cairo_set_source(context, pattern)
      cairo_paint(context)
      cairo_pattern_destroy(pattern)
    }
  }

  private static func swscale(_ rows: PixelRows, _ planar: PlanarPicture) throws -> Double {
    let scaler = sws_getContext(
      Int32(width), Int32(height), AV_PIX_FMT_BGR0, Int32(width), Int32(height), AV_PIX_FMT_YUV420P,
      Int32(SWS_BILINEAR.rawValue), nil, nil, nil)
    defer { sws_freeContext(scaler) }
    let matrix = sws_getCoefficients(SWS_CS_ITU709)
    sws_setColorspaceDetails(scaler, matrix, 1, matrix, 0, 0, 1 << 16, 1 << 16)
    return milliseconds {
      var sources: [UnsafePointer<UInt8>?] = [
        UnsafePointer(rows.base.assumingMemoryBound(to: UInt8.self)), nil, nil, nil,
      ]
      var strides: [Int32] = [Int32(rows.stride), 0, 0, 0]
      withUnsafeMutableBytes(of: &planar.frame.pointee.data) { data in
        withUnsafeMutableBytes(of: &planar.frame.pointee.linesize) { lines in
          _ = sws_scale(
            scaler, &sources, &strides, 0, Int32(height),
            data.bindMemory(to: UnsafeMutablePointer<UInt8>?.self).baseAddress,
            lines.bindMemory(to: Int32.self).baseAddress)
        }
      }
    }
  }

  private static func zoom(_ rows: PixelRows, _ scratch: SamplerScratch) throws -> Double {
    let photo = try Raster(try Bitmap(width: 1350, height: 2400, hasAlpha: false))
    let mark = Frame.Mark(bitmap: 0, x: -30.3, y: -40.7, scale: 0.86)
    let laying = MarkLaying(mark, rasters: [photo], canvas: rows.box)
    return milliseconds { laying.lay(photo, on: rows, in: rows.box, scratch) }
  }

  private static func turn(_ rows: PixelRows, _ scratch: SamplerScratch) throws -> Double {
    let photo = try Raster(try Bitmap(width: 800, height: 800, hasAlpha: false))
    var mark = Frame.Mark(bitmap: 0, x: 140, y: 480)
    mark.turn = 0.05
    let laying = MarkLaying(mark, rasters: [photo], canvas: rows.box)
    return milliseconds { laying.lay(photo, on: rows, in: rows.box, scratch) }
  }
}
