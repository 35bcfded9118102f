import CMedia

/// A picture in I420, BT.709 limited range, as encoders take it. Belongs to one thread.
final class PlanarPicture {
  let frame: UnsafeMutablePointer<AVFrame>

  init(width: Int, height: Int) throws(EngineError) {
    guard let frame = av_frame_alloc() else { throw Self.outOfMemory }
    self.frame = frame
    frame.pointee.format = AV_PIX_FMT_YUV420P.rawValue
    frame.pointee.width = Int32(width)
    frame.pointee.height = Int32(height)
    frame.pointee.color_range = AVCOL_RANGE_MPEG
    frame.pointee.colorspace = AVCOL_SPC_BT709
    frame.pointee.color_primaries = AVCOL_PRI_BT709
    frame.pointee.color_trc = AVCOL_TRC_BT709
    guard av_frame_get_buffer(frame, 64) >= 0 else { throw Self.outOfMemory }
    guard frame.pointee.data.0 != nil, frame.pointee.data.1 != nil, frame.pointee.data.2 != nil else {
      throw Self.outOfMemory
    }
  }

  deinit {
    var held: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&held)
  }

  private static let outOfMemory = EngineError.libraryFailed(
    operation: "making a picture for the encoder", reason: "out of memory")

  /// The planes, to be read.
  var rows: PlanarRows {
    get throws(EngineError) {
      let data = frame.pointee.data
      guard let luma = data.0, let blueness = data.1, let redness = data.2 else { throw Self.outOfMemory }
      let lines = frame.pointee.linesize
      return PlanarRows(
        luma: luma, blueness: blueness, redness: redness, lumaStride: Int(lines.0),
        chromaStride: Int(lines.1), width: Int(frame.pointee.width), height: Int(frame.pointee.height))
    }
  }

  /// The planes, to be written: a copy when an encoder still holds the old ones.
  func writable() throws(EngineError) -> PlanarRows {
    guard av_frame_make_writable(frame) >= 0 else { throw Self.outOfMemory }
    return try rows
  }
}
