import CDrawing
import CMedia
import Foundation

/// PNG, JPEG and WebP files -> pixels, through libavcodec and libswscale.
enum PhotoDecoder {
  /// Larger pictures are refused: 20,000 pixels a side, 100 million in all.
  private static let sideLimit = 20_000
  private static let pixelLimit = 100_000_000

  /// The decoder for a file that begins with `bytes`, or nil when it is none of ours.
  static func codec(of bytes: Data) -> AVCodecID? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return AV_CODEC_ID_PNG }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return AV_CODEC_ID_MJPEG }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return AV_CODEC_ID_WEBP
    }
    return nil
  }

  static func decode(_ bytes: Data, codec id: AVCodecID) throws(PictureFault) -> Bitmap {
    guard let codec = avcodec_find_decoder(id), let context = avcodec_alloc_context3(codec),
      let packet = av_packet_alloc(), let frame = av_frame_alloc()
    else { throw PictureFault(reason: "cannot be decoded: libavcodec lacks its decoder") }
    var (heldContext, heldPacket, heldFrame) = (Optional(context), Optional(packet), Optional(frame))
    defer {
      avcodec_free_context(&heldContext)
      av_packet_free(&heldPacket)
      av_frame_free(&heldFrame)
    }
    // One thread and an error for damage: the same file gives the same pixels or none.
    context.pointee.thread_count = 1
    context.pointee.err_recognition = AV_EF_EXPLODE
    context.pointee.max_pixels = Int64(pixelLimit)
    guard avcodec_open2(context, codec, nil) >= 0, av_new_packet(packet, Int32(bytes.count)) >= 0 else {
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
      throw PictureFault(reason: "is damaged or cut off: \(libavMessage(code))")
    }
    let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
    guard (1...sideLimit).contains(width), (1...sideLimit).contains(height) else {
      throw PictureFault(reason: "is \(width)x\(height); at most \(sideLimit) pixels a side are taken")
    }
    return try convert(frame, width: width, height: height)
  }

  private static func convert(
    _ frame: UnsafeMutablePointer<AVFrame>, width: Int, height: Int
  ) throws(PictureFault) -> Bitmap {
    let format = AVPixelFormat(frame.pointee.format)
    let descriptor = av_pix_fmt_desc_get(format)
    let isRGB = (descriptor?.pointee.flags ?? 0) & UInt64(AV_PIX_FMT_FLAG_RGB) != 0
    let hasAlpha =
      (descriptor?.pointee.flags ?? 0) & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0 || format == AV_PIX_FMT_PAL8
    let flags = SWS_BICUBIC | Int32(bitPattern: UInt32(SWS_ACCURATE_RND)) | SWS_FULL_CHR_H_INT | SWS_BITEXACT
    guard
      let scaler = sws_getContext(
        Int32(width), Int32(height), format, Int32(width), Int32(height), AV_PIX_FMT_BGRA, flags, nil, nil,
        nil)
    else { throw PictureFault(reason: "has a pixel format that cannot be converted") }
    defer { sws_freeContext(scaler) }
    if !isRGB {
      // JPEG is BT.601 in full range (JFIF 1.02); WebP is BT.601 in limited range.
      let isFull = frame.pointee.color_range == AVCOL_RANGE_JPEG
      let matrix = sws_getCoefficients(SWS_CS_ITU601)
      sws_setColorspaceDetails(scaler, matrix, isFull ? 1 : 0, matrix, 1, 0, 1 << 16, 1 << 16)
    }
    do throws(EngineError) {
      let bitmap = try Bitmap(width: width, height: height, hasAlpha: hasAlpha)
      let stride = bitmap.stride
      _ = bitmap.withPixels { pixels in
        var planes: [UnsafeMutablePointer<UInt8>?] = [pixels, nil, nil, nil]
        var strides: [Int32] = [Int32(stride), 0, 0, 0]
        withUnsafeBytes(of: &frame.pointee.data) { data in
          withUnsafeBytes(of: &frame.pointee.linesize) { lines in
            let source = data.bindMemory(to: UnsafePointer<UInt8>?.self).baseAddress
            let sourceStrides = lines.bindMemory(to: Int32.self).baseAddress
            sws_scale(scaler, source, sourceStrides, 0, Int32(height), &planes, &strides)
          }
        }
        if hasAlpha { premultiply(pixels, stride: stride, width: width, height: height) }
      }
      return bitmap
    } catch {
      throw PictureFault(reason: "cannot be converted: \(error)")
    }
  }

  private static func premultiply(
    _ pixels: UnsafeMutablePointer<UInt8>, stride: Int, width: Int, height: Int
  ) {
    for row in 0..<height {
      var pixel = pixels + row &* stride
      for _ in 0..<width {
        let alpha = UInt32(pixel[3])
        if alpha != 255 {
          for channel in 0..<3 {
            let product = UInt32(pixel[channel]) &* alpha &+ 128
            pixel[channel] = UInt8(truncatingIfNeeded: (product &+ product &>> 8) &>> 8)
          }
        }
        pixel += 4
      }
    }
  }
}

/// What libav says of an error code.
func libavMessage(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 128)
  av_strerror(code, &buffer, buffer.count)
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
