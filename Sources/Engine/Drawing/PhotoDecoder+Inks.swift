import CMedia
import Foundation

/// A photo upright in sRGB, and what is to be told of it.
struct Photo {
  var bitmap: Bitmap
  var remarks: [String] = []
}

extension PhotoDecoder {
  /// The file without what makes libavcodec guess at red, green and blue of its inks (Adobe's marker, numbers
  /// called C, M, Y and K): it hands them out as they are, then.
  static func plainInks(_ bytes: Data, _ header: PictureHeader) -> Data {
    var plain = Data(bytes)
    func rename(_ at: Int) {
      guard plain.indices.contains(at), let name = Array("CMYK".utf8).firstIndex(of: plain[at]) else {
        return
      }
      plain[at] = UInt8(name + 1)
    }
    for index in 0..<4 { rename(header.componentNames + index * 3) }
    // Every scan names its numbers again; within a scan's own bytes the marker cannot stand (ITU-T T.81, B.1.1.5).
    var at = header.componentNames
    while at + 4 < plain.count {
      guard plain[at] == 0xFF, plain[at + 1] == 0xDA else {
        at += 1
        continue
      }
      for index in 0..<min(4, Int(plain[at + 4])) { rename(at + 5 + index * 2) }
      at += 2
    }
    return header.adobe.map { plain.without($0.range) } ?? plain
  }

  /// A JPEG of four inks, by its profile; without one by the plainest formula, and with a remark.
  static func inks(
    _ frame: UnsafeMutablePointer<AVFrame>, _ header: PictureHeader
  ) throws(PictureFault) -> Photo {
    let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
    let flags = SWS_BICUBIC | Int32(bitPattern: UInt32(SWS_ACCURATE_RND)) | SWS_FULL_CHR_H_INT | SWS_BITEXACT
    // Whatever the planes are called, they hold the file's four numbers; only their sizes are made equal.
    let twin = AVPixelFormat(frame.pointee.format)
    var planes = av_frame_alloc()
    defer { av_frame_free(&planes) }
    planes?.pointee.width = frame.pointee.width
    planes?.pointee.height = frame.pointee.height
    planes?.pointee.format = AV_PIX_FMT_YUVA444P.rawValue
    guard
      let scaler = sws_getContext(
        frame.pointee.width, frame.pointee.height, twin, frame.pointee.width, frame.pointee.height,
        AV_PIX_FMT_YUVA444P, flags, nil, nil, nil), let planes, av_frame_get_buffer(planes, 0) >= 0
    else { throw PictureFault(reason: "has inks of a kind that cannot be converted") }
    defer { sws_freeContext(scaler) }
    let matrix = sws_getCoefficients(SWS_CS_ITU601)
    sws_setColorspaceDetails(scaler, matrix, 1, matrix, 1, 0, 1 << 16, 1 << 16)
    guard sws_scale_frame(scaler, planes, frame) >= 0, let c = planes.pointee.data.0,
      let m = planes.pointee.data.1, let y = planes.pointee.data.2, let k = planes.pointee.data.3
    else { throw PictureFault(reason: "has inks of a kind that cannot be converted") }
    let isInverted = header.adobe != nil
    let transform = profile(of: frame).flatMap {
      ColourTransform(profile: $0, isCMYK: true, inverted: isInverted)
    }
    let bitmap: Bitmap
    do throws(EngineError) {
      bitmap = try Bitmap(width: width, height: height, hasAlpha: false)
    } catch {
      throw PictureFault(reason: "cannot be converted: \(error)")
    }
    let strides = planes.pointee.linesize
    let isYCC = header.adobe?.transform == 2
    var row = [UInt8](repeating: 0, count: width * 4)
    _ = bitmap.withPixels { pixels in
      for line in 0..<height {
        for column in 0..<width {
          var inks = (
            c[line * Int(strides.0) + column], m[line * Int(strides.1) + column],
            y[line * Int(strides.2) + column]
          )
          if isYCC { inks = fromYCC(inks) }
          row[column * 4] = inks.0
          row[column * 4 + 1] = inks.1
          row[column * 4 + 2] = inks.2
          row[column * 4 + 3] = k[line * Int(strides.3) + column]
        }
        let target = pixels + line * bitmap.stride
        if let transform {
          transform.convert(inks: row, to: target, count: width)
        } else {
          mix(row, isInverted: isInverted, to: target, count: width)
        }
      }
    }
    return Photo(
      bitmap: bitmap,
      remarks: transform == nil
        ? ["is CMYK without a usable colour profile: its colours are guessed; save it as RGB"] : [])
  }

  /// JFIF 1.02 gives red, green and blue; the file's inks are what they lack.
  private static func fromYCC(_ value: (UInt8, UInt8, UInt8)) -> (UInt8, UInt8, UInt8) {
    let (y, cb, cr) = (Double(value.0), Double(value.1) - 128, Double(value.2) - 128)
    func ink(_ light: Double) -> UInt8 { UInt8(min(255, max(0, 255 - light)).rounded()) }
    return (ink(y + 1.402 * cr), ink(y - 0.344136 * cb - 0.714136 * cr), ink(y + 1.772 * cb))
  }

  private static func mix(
    _ inks: [UInt8], isInverted: Bool, to line: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    for column in 0..<count {
      func light(_ ink: Int) -> Int {
        let value = Int(inks[column * 4 + ink])
        return isInverted ? value : 255 - value
      }
      for ink in 0..<3 {
        line[column * 4 + 2 - ink] = UInt8((light(ink) * light(3) + 127) / 255)
      }
      line[column * 4 + 3] = 255
    }
  }
}

extension Data {
  /// All but a stretch.
  func without(_ range: Range<Int>) -> Data {
    guard range.lowerBound >= 0, range.upperBound <= count else { return self }
    return self[startIndex..<startIndex + range.lowerBound] + self[(startIndex + range.upperBound)...]
  }
}

extension Bitmap {
  /// This picture turned and mirrored as Exif's orientation says (Exif 2.32, tag 0x0112).
  func upright(_ orientation: Int) throws(EngineError) -> Bitmap {
    let isSideways = orientation >= 5
    let result = try Bitmap(
      width: isSideways ? height : width, height: isSideways ? width : height, hasAlpha: hasAlpha)
    let (from, to) = (try rows(), try result.rows())
    let (right, bottom) = (width - 1, height - 1)
    for y in 0..<to.height {
      let line = to.at(0, y).assumingMemoryBound(to: UInt32.self)
      for x in 0..<to.width {
        let place =
          switch orientation {
          case 2: (right - x, y)
          case 3: (right - x, bottom - y)
          case 4: (x, bottom - y)
          case 5: (y, x)
          case 6: (y, bottom - x)
          case 7: (right - y, bottom - x)
          case 8: (right - y, x)
          default: (x, y)
          }
        line[x] = from.at(place.0, place.1).load(as: UInt32.self)
      }
    }
    _ = result.withPixels { _ in }
    return result
  }
}
