import CMedia

/// Finished pictures -> smaller ones in opaque BGRA, always in the same way. Belongs to one thread.
final class PictureScaler {
  let width: Int
  let height: Int
  private let context: OpaquePointer
  private let frame: UnsafeMutablePointer<AVFrame>

  /// - Parameter shorterSide: of the result, in pixels; never more than the source's.
  init(width sourceWidth: Int, height sourceHeight: Int, shorterSide: Int) throws(EngineError) {
    let scale = min(1, Double(shorterSide) / Double(min(sourceWidth, sourceHeight)))
    width = max(2, Int((Double(sourceWidth) * scale).rounded()))
    height = max(2, Int((Double(sourceHeight) * scale).rounded()))
    let flags = SWS_AREA | SWS_ACCURATE_RND | SWS_BITEXACT
    guard
      let context = sws_getContext(
        Int32(sourceWidth), Int32(sourceHeight), AV_PIX_FMT_BGR0, Int32(width), Int32(height),
        AV_PIX_FMT_BGRA, flags, nil, nil, nil), let frame = av_frame_alloc()
    else { throw .libraryFailed(operation: "scaling pictures", reason: "out of memory") }
    self.context = context
    self.frame = frame
    frame.pointee.format = AV_PIX_FMT_BGRA.rawValue
    frame.pointee.width = Int32(width)
    frame.pointee.height = Int32(height)
    frame.pointee.color_range = AVCOL_RANGE_JPEG
    guard av_frame_get_buffer(frame, 64) >= 0 else {
      throw .libraryFailed(operation: "scaling pictures", reason: "out of memory")
    }
  }

  deinit {
    sws_freeContext(context)
    var held: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&held)
  }

  /// `picture` at this scaler's size; to be read before the next call.
  func scaled(_ picture: Bitmap) throws(EngineError) -> UnsafeMutablePointer<AVFrame> {
    guard av_frame_make_writable(frame) >= 0, let target = frame.pointee.data.0 else {
      throw .libraryFailed(operation: "scaling pictures", reason: "out of memory")
    }
    let stride = Int32(picture.stride)
    let done = picture.withPixels { pixels in
      sws_scale(
        context, [UnsafePointer(pixels), nil, nil, nil], [stride, 0, 0, 0], 0, Int32(picture.height),
        [target, nil, nil, nil], [frame.pointee.linesize.0, 0, 0, 0])
    }
    guard done == Int32(height) else {
      throw .libraryFailed(operation: "scaling pictures", reason: "libswscale gave \(done ?? 0) rows")
    }
    return frame
  }
}

/// The rows of a scaler's result.
struct ScaledPicture {
  private let base: UnsafeMutablePointer<UInt8>
  private let stride: Int

  init(_ frame: UnsafeMutablePointer<AVFrame>) throws(EngineError) {
    guard let base = frame.pointee.data.0 else {
      throw .libraryFailed(operation: "scaling pictures", reason: "out of memory")
    }
    self.base = base
    stride = Int(frame.pointee.linesize.0)
  }

  /// Bytes B, G, R, A from the left.
  func row(_ number: Int) -> UnsafePointer<UInt8> { UnsafePointer(base + number * stride) }
}
