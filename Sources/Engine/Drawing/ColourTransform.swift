import CDrawing
import Foundation

/// From a picture's own colours to sRGB, by Little CMS: relative to the paper's white, black on black. Belongs to
/// one thread.
final class ColourTransform {
  enum Space {
    case rgb
    case grey
    /// `inverted`: 0 is full ink, as Adobe writes it.
    case cmyk(inverted: Bool)
  }

  private let transform: cmsHTRANSFORM
  let space: Space

  /// nil where the profile is damaged, or is for other colours than the picture has.
  ///
  /// - Parameters:
  ///   - profile: an ICC profile (ICC.1:2022).
  ///   - isCMYK: the picture's numbers are inks; `inverted`: 0 is full ink.
  init?(profile: Data, isCMYK: Bool, inverted: Bool = false) {
    let opened = profile.withUnsafeBytes { cmsOpenProfileFromMem($0.baseAddress, UInt32($0.count)) }
    guard let source = opened else { return nil }
    defer { cmsCloseProfile(source) }
    switch cmsGetColorSpace(source) {
    case cmsSigRgbData where !isCMYK: space = .rgb
    case cmsSigGrayData where !isCMYK: space = .grey
    case cmsSigCmykData where isCMYK: space = .cmyk(inverted: inverted)
    default: return nil
    }
    guard let made = Self.transform(source, space) else { return nil }
    transform = made
  }

  /// For RGB told by its white, its primaries (x and y of each) and the exponent of its numbers.
  init?(chromaticities c: [Double], gamma: Double) {
    guard c.count == 8, gamma > 0.1, gamma < 10 else { return nil }
    var white = cmsCIExyY(x: c[0], y: c[1], Y: 1)
    var primaries = cmsCIExyYTRIPLE(
      Red: cmsCIExyY(x: c[2], y: c[3], Y: 1), Green: cmsCIExyY(x: c[4], y: c[5], Y: 1),
      Blue: cmsCIExyY(x: c[6], y: c[7], Y: 1))
    guard let curve = cmsBuildGamma(nil, 1 / gamma) else { return nil }
    defer { cmsFreeToneCurve(curve) }
    let curves: [OpaquePointer?] = [curve, curve, curve]
    guard let source = cmsCreateRGBProfile(&white, &primaries, curves) else { return nil }
    defer { cmsCloseProfile(source) }
    space = .rgb
    guard let made = Self.transform(source, .rgb) else { return nil }
    transform = made
  }

  deinit { cmsDeleteTransform(transform) }

  private static func transform(_ source: cmsHPROFILE, _ space: Space) -> cmsHTRANSFORM? {
    guard let target = cmsCreate_sRGBProfile() else { return nil }
    defer { cmsCloseProfile(target) }
    let format: cmsUInt32Number
    var flags = cmsUInt32Number(cmsFLAGS_BLACKPOINTCOMPENSATION)
    switch space {
    case .rgb:
      format = retake_type_bgra()
      flags |= cmsUInt32Number(cmsFLAGS_COPY_ALPHA)
    case .grey: format = retake_type_grey()
    case .cmyk(let inverted): format = inverted ? retake_type_inverted_cmyk() : retake_type_cmyk()
    }
    return cmsCreateTransform(
      source, format, target, retake_type_bgra(), cmsUInt32Number(INTENT_RELATIVE_COLORIMETRIC), flags)
  }

  /// True where no colour changes by more than what rounding does: sRGB under another name.
  var changesNothing: Bool {
    guard case .rgb = space else { return false }
    var pixels: [UInt8] = []
    for step in 0..<125 {
      pixels += [UInt8(step % 5 * 63), UInt8(step / 5 % 5 * 63), UInt8(step / 25 * 63), 255]
    }
    var changed = pixels
    cmsDoTransform(transform, pixels, &changed, 125)
    return zip(pixels, changed).allSatisfy { abs(Int($0) - Int($1)) <= 1 }
  }

  /// Changes pixels (bytes B, G, R, A, not premultiplied) in place; not for CMYK.
  func apply(to pixels: UnsafeMutablePointer<UInt8>, stride: Int, width: Int, height: Int) {
    var greys = [UInt8](repeating: 0, count: width)
    var alphas = greys
    for row in 0..<height {
      let line = pixels + row * stride
      guard case .grey = space else {
        cmsDoTransform(transform, line, line, UInt32(width))
        continue
      }
      for column in 0..<width {
        greys[column] = line[column * 4 + 1]
        alphas[column] = line[column * 4 + 3]
      }
      cmsDoTransform(transform, greys, line, UInt32(width))
      for column in 0..<width { line[column * 4 + 3] = alphas[column] }
    }
  }

  /// Turns a row of inks (bytes C, M, Y, K) into pixels.
  func convert(inks: [UInt8], to line: UnsafeMutablePointer<UInt8>, count: Int) {
    cmsDoTransform(transform, inks, line, UInt32(count))
    for column in 0..<count { line[column * 4 + 3] = 255 }
  }
}
