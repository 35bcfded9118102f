import CMedia

/// What a frame's numbers mean: ITU-T H.273 codes, with nothing left unsaid.
struct FootageColours: Sendable, Hashable {
  var matrix: Int
  var isFullRange: Bool
  var primaries: Int
  var transfer: Int

  /// What the file says; what it does not say, by size, as players do (mpv, and Annex D of its manual): standard
  /// definition is BT.601, larger is BT.709.
  init(_ frame: UnsafeMutablePointer<AVFrame>) {
    let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
    let format = AVPixelFormat(frame.pointee.format)
    let descriptor = av_pix_fmt_desc_get(format)?.pointee
    let flags = descriptor?.flags ?? 0
    // Grey without a word comes from computers, which use all of the range.
    let isFullGrey = (descriptor?.nb_components ?? 3) < 3 && frame.pointee.color_range != AVCOL_RANGE_MPEG
    let isRGB = flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0 || format == AV_PIX_FMT_PAL8
    let isSmall = width < 1280 && height <= 576
    func code(_ value: UInt32) -> Int { Int(value) }
    func said(_ value: Int) -> Int? { value == 2 || value == 3 || value == 0 ? nil : value }

    let matrixCode = code(frame.pointee.colorspace.rawValue)
    let told = matrixCode == 2 || matrixCode == 3 || matrixCode == 0 ? nil : matrixCode
    matrix = isRGB ? 0 : told ?? (isSmall ? 6 : 1)
    isFullRange =
      isRGB || isFullGrey || frame.pointee.color_range == AVCOL_RANGE_JPEG
      || Self.fullRangeTwins[format.rawValue] != nil
    // 480 and 576 lines are the two television standards; other small pictures come from computers.
    let guess = isSmall && [480, 486, 488].contains(height) ? 6 : isSmall && height == 576 ? 5 : 1
    primaries = said(code(frame.pointee.color_primaries.rawValue)) ?? (told == 9 || told == 10 ? 9 : guess)
    transfer = said(code(frame.pointee.color_trc.rawValue)) ?? 1
  }

  /// Formats that mean "the same in full range" and hide it from filters, by the format without that meaning.
  static let fullRangeTwins: [Int32: AVPixelFormat] = [
    AV_PIX_FMT_YUVJ420P.rawValue: AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ422P.rawValue: AV_PIX_FMT_YUV422P,
    AV_PIX_FMT_YUVJ444P.rawValue: AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ440P.rawValue: AV_PIX_FMT_YUV440P,
  ]

  /// PQ or HLG: light beyond what a screen's white is.
  var isHighDynamicRange: Bool { transfer == 16 || transfer == 18 }

  /// Curves made for a screen's light, all of which players show alike; the engine's numbers are such ones too.
  var isForScreens: Bool { [1, 4, 5, 6, 7, 11, 13, 14, 15].contains(transfer) }

  /// True where the numbers are what the engine paints with already.
  var arePlain: Bool { matrix == 0 && primaries == 1 && isForScreens && isFullRange }

  /// What zscale's names for its input say.
  private var input: String {
    "matrixin=\(matrix):rangein=\(isFullRange ? 1 : 0):primariesin=\(primaries):transferin=\(isForScreens ? 1 : transfer)"
  }

  private static let output = "matrix=0:range=1:primaries=1:transfer=1"

  /// Filters that make planar RGB with BT.709 primaries of it, at another size.
  ///
  /// High dynamic range is taken to a white of 203 cd/m² (ITU-R BT.2408) and what is brighter, up to
  /// 1,000 cd/m², is bent into the last third.
  func filters(size: String?, isDeep: Bool, alpha: Bool) -> String {
    let planar = alpha ? "gbrap" : "gbrp"
    let scale = size.map { "filter=bicubic:\($0):" } ?? ""
    let dither = isDeep ? ":dither=ordered" : ""
    guard isHighDynamicRange else {
      return "zscale=\(scale)\(input):\(Self.output)\(dither),format=\(planar)"
    }
    return "zscale=\(scale)\(input):npl=203:matrix=0:range=1:primaries=1:transfer=8,format=gbrpf32le,"
      + "tonemap=mobius:param=0.3:desat=0:peak=4.93,"
      + "zscale=matrixin=0:rangein=1:primariesin=1:transferin=8:\(Self.output):dither=ordered,format=\(planar)"
  }

  /// Without libzimg: matrix and range alone, by libswscale.
  func plainFilters(size: String?, alpha: Bool) -> String {
    let names = [1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020", 10: "bt2020"]
    let matrix = names[matrix].map { ":in_color_matrix=\($0)" } ?? ""
    let range = self.matrix == 0 ? "" : ":in_range=\(isFullRange ? "full" : "limited"):out_range=full"
    let scale = size.map { ":\($0)" } ?? ""
    return "scale=flags=bicubic+accurate_rnd+full_chroma_int+bitexact\(scale)\(matrix)\(range),"
      + "format=\(alpha ? "gbrap" : "gbrp")"
  }

  /// Whether libavfilter here was built with libzimg.
  static let hasZimg = avfilter_get_by_name("zscale") != nil && avfilter_get_by_name("tonemap") != nil
}
