import CMedia

/// Three planes of 8 bits, as decoders give and encoders take them.
struct Planes {
  let luma: UnsafePointer<UInt8>
  let blue: UnsafePointer<UInt8>
  let red: UnsafePointer<UInt8>
  let lumaStride: Int
  let chromaStride: Int
  let width: Int
  let height: Int
  /// By how many bits the chroma's columns and rows are fewer.
  let chromaShiftX: Int
  let chromaShiftY: Int
  let colours: ColourModel

  /// nil for formats that are not planar Y'CbCr of 8 bits.
  init?(_ frame: UnsafePointer<AVFrame>) {
    let picture = frame.pointee
    guard let format = av_pix_fmt_desc_get(AVPixelFormat(picture.format)) else { return nil }
    let flags = Int32(truncatingIfNeeded: format.pointee.flags)
    guard format.pointee.nb_components >= 3, format.pointee.comp.0.depth == 8,
      flags & AV_PIX_FMT_FLAG_PLANAR != 0, flags & AV_PIX_FMT_FLAG_RGB == 0,
      let luma = picture.data.0, let blue = picture.data.1, let red = picture.data.2,
      format.pointee.comp.2.plane == 2, picture.linesize.0 > 0, picture.linesize.1 == picture.linesize.2
    else { return nil }
    self.luma = UnsafePointer(luma)
    self.blue = UnsafePointer(blue)
    self.red = UnsafePointer(red)
    lumaStride = Int(picture.linesize.0)
    chromaStride = Int(picture.linesize.1)
    width = Int(picture.width)
    height = Int(picture.height)
    chromaShiftX = Int(format.pointee.log2_chroma_w)
    chromaShiftY = Int(format.pointee.log2_chroma_h)
    let isFull =
      picture.color_range == AVCOL_RANGE_JPEG || String(cString: format.pointee.name).hasPrefix("yuvj")
    let isOld =
      picture.colorspace == AVCOL_SPC_SMPTE170M || picture.colorspace == AVCOL_SPC_BT470BG
      || (picture.colorspace == AVCOL_SPC_UNSPECIFIED && min(picture.width, picture.height) < 200)
    colours = ColourModel(isFullRange: isFull, isBT601: isOld)
  }

  /// The means over `grid`'s cells, from eight rows of each.
  func cells(_ grid: CellGrid) -> FrameCells {
    FrameCells(
      luma: Self.means(luma, lumaStride, side: grid.side, rowSide: grid.side, grid),
      blue: Self.means(
        blue, chromaStride, side: grid.side >> chromaShiftX, rowSide: grid.side >> chromaShiftY, grid),
      red: Self.means(
        red, chromaStride, side: grid.side >> chromaShiftX, rowSide: grid.side >> chromaShiftY, grid))
  }

  /// Eight bytes at a time: even and odd bytes are added as four 16-bit numbers each, which hold
  /// 8 rows x 16 groups x 2 x 255 = 65,280 at most.
  private static func means(
    _ plane: UnsafePointer<UInt8>, _ stride: Int, side: Int, rowSide: Int, _ grid: CellGrid
  ) -> [UInt8] {
    let step = max(1, rowSide / 8)
    let taken = rowSide / step
    let evens: UInt64 = 0x00FF_00FF_00FF_00FF
    let raw = UnsafeRawPointer(plane)
    return [UInt8](unsafeUninitializedCapacity: grid.count) { out, count in
      for row in 0..<grid.rows {
        for column in 0..<grid.columns {
          var start = (row &* rowSide) &* stride &+ column &* side
          var total = 0
          if side & 7 == 0 {
            var sums: UInt64 = 0
            for _ in 0..<taken {
              var group = 0
              while group < side {
                let eight = raw.loadUnaligned(fromByteOffset: start &+ group, as: UInt64.self)
                sums = sums &+ (eight & evens) &+ ((eight &>> 8) & evens)
                group &+= 8
              }
              start &+= step &* stride
            }
            total = Int(sums & 0xFFFF) &+ Int((sums &>> 16) & 0xFFFF)
            total = total &+ Int((sums &>> 32) & 0xFFFF) &+ Int(sums &>> 48)
          } else if side & 3 == 0 {
            var sums: UInt32 = 0
            for _ in 0..<taken {
              var group = 0
              while group < side {
                let four = raw.loadUnaligned(fromByteOffset: start &+ group, as: UInt32.self)
                sums = sums &+ (four & 0x00FF_00FF) &+ ((four &>> 8) & 0x00FF_00FF)
                group &+= 4
              }
              start &+= step &* stride
            }
            total = Int(sums & 0xFFFF) &+ Int(sums &>> 16)
          } else {
            for _ in 0..<taken {
              for x in 0..<side { total &+= Int(plane[start &+ x]) }
              start &+= step &* stride
            }
          }
          let pixels = side &* taken
          out[row &* grid.columns &+ column] = UInt8(truncatingIfNeeded: (total &+ pixels / 2) / pixels)
        }
      }
      count = grid.count
    }
  }
}
