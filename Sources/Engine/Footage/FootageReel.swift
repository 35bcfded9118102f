import CDrawing
import CMedia

/// A clip's frames as pixels: decoded, deinterlaced, turned, cut, scaled and brought to the engine's colours.
/// Belongs to one thread.
final class FootageReel: FrameSource {
  private let clip: FootageClip
  private let decoder: FootageDecoder
  private var converter: (key: ConverterKey, filters: FilterGraph)?

  private struct ConverterKey: Hashable {
    var form: FilterGraph.Form
    var colours: FootageColours
  }

  init(_ clip: FootageClip) {
    self.clip = clip
    decoder = FootageDecoder(clip.footage)
  }

  func draw(_ moment: Int, on bitmap: Bitmap) throws(EngineError) {
    do throws(PictureFault) {
      try fill(bitmap, with: try decoder.frame(Int64(moment)))
    } catch {
      throw .assetUnreadable(asset: clip.asset, path: clip.footage.index.path, reason: error.reason)
    }
    if clip.view.cornerRadius > 0 { try round(bitmap) }
  }

  private func fill(_ bitmap: Bitmap, with frame: UnsafeMutablePointer<AVFrame>) throws(PictureFault) {
    let colours = FootageColours(frame)
    if let twin = FootageColours.fullRangeTwins[frame.pointee.format] {
      frame.pointee.format = twin.rawValue
      frame.pointee.color_range = AVCOL_RANGE_JPEG
    }
    let key = ConverterKey(form: FilterGraph.Form(frame), colours: colours)
    if converter?.key != key { converter = (key, try FilterGraph(chain(frame, colours), for: key.form)) }
    try converter?.filters.push(frame)
    guard let made = try converter?.filters.pull() else {
      throw PictureFault(reason: "has a frame that cannot be converted")
    }
    try take(made, into: bitmap)
  }

  /// Scaling waits for transparency to be multiplied in: colours of what cannot be seen must not bleed.
  private func chain(_ frame: UnsafeMutablePointer<AVFrame>, _ colours: FootageColours) -> String {
    let turn = clip.footage.index.turn
    var (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
    var filters: [String] = []
    if let filter = turn.filter { filters.append(filter) }
    if turn.isSideways { swap(&width, &height) }
    if let crop = clip.view.crop(width, height) { filters.append(crop) }
    let descriptor = av_pix_fmt_desc_get(AVPixelFormat(frame.pointee.format))
    let alpha = clip.footage.hasAlpha
    let isDeep = (descriptor?.pointee.comp.0.depth ?? 8) > 8
    let size = alpha ? nil : "w=\(clip.view.columns):h=\(clip.view.rows)"
    if !(alpha && colours.arePlain) {
      filters.append(
        FootageColours.hasZimg
          ? colours.filters(size: size, isDeep: isDeep, alpha: alpha)
          : colours.plainFilters(size: size, alpha: alpha))
    }
    if alpha, FootageColours.hasZimg {
      filters += ["format=gbrap", "premultiply=inplace=1"]
      // A filter without overshoot: no colour may come out denser than its own coverage.
      let size = "w=\(clip.view.columns):h=\(clip.view.rows)"
      filters.append("zscale=filter=bilinear:\(size):matrixin=0:rangein=1:matrix=0:range=1,format=gbrap")
    }
    filters.append("format=bgra")
    return filters.joined(separator: ",")
  }

  private func take(_ frame: UnsafeMutablePointer<AVFrame>, into bitmap: Bitmap) throws(PictureFault) {
    let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
    guard let pixels = frame.pointee.data.0 else {
      throw PictureFault(reason: "has a frame without pixels")
    }
    let stride = Int(frame.pointee.linesize.0)
    func copy(to target: Bitmap) {
      let rowBytes = target.stride
      _ = target.withPixels { bytes in
        for row in 0..<min(height, target.height) {
          (bytes + row * rowBytes).update(from: pixels + row * stride, count: min(width, target.width) * 4)
        }
        if clip.footage.hasAlpha, !FootageColours.hasZimg {
          PhotoDecoder.premultiply(bytes, stride: rowBytes, width: target.width, height: target.height)
        }
      }
    }
    guard width != bitmap.width || height != bitmap.height else { return copy(to: bitmap) }
    do throws(EngineError) {
      let native = try Bitmap(width: width, height: height)
      copy(to: native)
      try native.resized(to: bitmap)
    } catch {
      throw PictureFault(reason: "cannot be scaled: \(error)")
    }
  }

  private func round(_ bitmap: Bitmap) throws(EngineError) {
    try bitmap.draw { context in
      cairo_set_operator(context, CAIRO_OPERATOR_DEST_IN)
      addRoundedRectangle(
        context, x: 0, y: 0, width: Double(bitmap.width), height: Double(bitmap.height),
        radius: clip.view.cornerRadius)
      cairo_fill(context)
    }
  }
}
