import CMedia
import Foundation

/// One picture's bytes -> one frame, alive as long as this value. Belongs to one thread.
final class StillDecoder {
  let frame: UnsafeMutablePointer<AVFrame>

  /// - Throws: `PictureFault` where the bytes are damaged or cut off.
  init(_ bytes: Data, codec id: AVCodecID) throws(PictureFault) {
    guard let codec = avcodec_find_decoder(id), let context = avcodec_alloc_context3(codec),
      let packet = av_packet_alloc(), let frame = av_frame_alloc()
    else { throw PictureFault(reason: "cannot be decoded: libavcodec lacks its decoder") }
    var (heldContext, heldPacket, heldFrame) = (Optional(context), Optional(packet), Optional(frame))
    defer {
      avcodec_free_context(&heldContext)
      av_packet_free(&heldPacket)
    }
    // One thread and an error for damage: the same file gives the same pixels or none.
    context.pointee.thread_count = 1
    context.pointee.err_recognition = AV_EF_EXPLODE
    context.pointee.max_pixels = Int64(PhotoDecoder.pixelLimit)
    guard avcodec_open2(context, codec, nil) >= 0, av_new_packet(packet, Int32(bytes.count)) >= 0 else {
      av_frame_free(&heldFrame)
      throw PictureFault(reason: "cannot be decoded: out of memory")
    }
    bytes.withUnsafeBytes { buffer in
      if let source = buffer.baseAddress {
        packet.pointee.data.update(from: source.assumingMemoryBound(to: UInt8.self), count: buffer.count)
      }
    }
    var code = avcodec_send_packet(context, packet)
    if code >= 0 { code = avcodec_send_packet(context, nil) }
    if code >= 0 { code = avcodec_receive_frame(context, frame) }
    guard code >= 0 else {
      av_frame_free(&heldFrame)
      throw PictureFault(reason: "is damaged or cut off: \(libavMessage(code))")
    }
    let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
    guard width > 0, height > 0 else {
      av_frame_free(&heldFrame)
      throw PictureFault(reason: "has no pixels")
    }
    self.frame = frame
  }

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&frame)
  }
}
