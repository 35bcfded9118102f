import CDrawing
import CMedia
import Foundation

/// PNG, JPEG and WebP files -> pixels, through libavcodec and libswscale.
enum PhotoDecoder {
  /// Larger pictures are refused: 20,000 pixels a side, 100 million in all.
  private static let sideLimit = 20_000
  static let pixelLimit = 100_000_000

  /// The decoder for a file that begins with `bytes`, or nil when it is none of ours.
  static func codec(of bytes: Data) -> AVCodecID? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return AV_CODEC_ID_PNG }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return AV_CODEC_ID_MJPEG }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return AV_CODEC_ID_WEBP
    }
    return nil
  }

  /// - Returns: the picture upright, in sRGB.
  static func decode(_ bytes: Data, codec id: AVCodecID) throws(PictureFault) -> Photo {
    _ = MediaLog.isQuiet
    let header = PictureHeader(bytes)
    guard header.width <= sideLimit, header.height <= sideLimit,
      header.width * header.height <= pixelLimit
    else {
      throw PictureFault(
        reason:
          "is \(header.width)x\(header.height); at most 100 million pixels, \(sideLimit) a side, are taken")
    }
    let isCMYK = id == AV_CODEC_ID_MJPEG && header.components == 4
    let still = try StillDecoder(isCMYK ? plainInks(bytes, header) : bytes, codec: id)
    let photo =
      isCMYK ? try inks(still.frame, header) : try colours(still.frame, header)
    guard header.orientation != 1 else { return photo }
    do throws(EngineError) {
      return Photo(bitmap: try photo.bitmap.upright(header.orientation), remarks: photo.remarks)
    } catch {
      throw PictureFault(reason: "cannot be turned: \(error)")
    }
  }

  /// RGB, YCbCr and grey, brought to sRGB by what the file says of its colours.
  private static func colours(
    _ frame: UnsafeMutablePointer<AVFrame>, _ header: PictureHeader
  ) throws(PictureFault) -> Photo {
    let photo = Photo(
      bitmap: try convert(frame, width: Int(frame.pointee.width), height: Int(frame.pointee.height)))
    let bitmap = photo.bitmap
    var (transform, remarks) = (ColourTransform?.none, [String]())
    if let profile = profile(of: frame) {
      transform = ColourTransform(profile: profile, isCMYK: false)
      if transform == nil { remarks = ["has a colour profile that cannot be used; it is taken for sRGB"] }
    } else if !header.png.isSRGB, let gamma = header.png.gamma {
      transform = ColourTransform(chromaticities: header.png.chromaticities ?? sRGB, gamma: gamma)
    }
    _ = bitmap.withPixels { pixels in
      // What is sRGB already, or as near as a PNG's one number for the curve comes to it, stays as it is.
      let isNear = header.png.gamma.map { abs($0 - 0.45455) < 0.012 } ?? false
      let isUsual = isNear && profile(of: frame) == nil && isClose(header.png.chromaticities ?? sRGB)
      if let transform, !isUsual, !transform.changesNothing {
        transform.apply(to: pixels, stride: bitmap.stride, width: bitmap.width, height: bitmap.height)
      }
      if bitmap.hasAlpha {
        premultiply(pixels, stride: bitmap.stride, width: bitmap.width, height: bitmap.height)
      }
    }
    return Photo(bitmap: bitmap, remarks: remarks)
  }

  /// ITU-R BT.709: white, red, green, blue.
  private static let sRGB = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06]

  private static func isClose(_ chromaticities: [Double]) -> Bool {
    zip(chromaticities, sRGB).allSatisfy { abs($0 - $1) < 0.005 }
  }

  static func profile(of frame: UnsafeMutablePointer<AVFrame>) -> Data? {
    guard let side = av_frame_get_side_data(frame, AV_FRAME_DATA_ICC_PROFILE)?.pointee, let data = side.data,
      side.size > 0
    else { return nil }
    return Data(bytes: data, count: side.size)
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
      }
      return bitmap
    } catch {
      throw PictureFault(reason: "cannot be converted: \(error)")
    }
  }

  static func premultiply(
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
