import CDrawing
import Foundation

/// An asset's file opened: SVG stays vectors until its size is known, photos are pixels.
enum PictureAsset {
  case vector(VectorPicture)
  /// With what is to be told of it; completes "FILE …".
  case pixels(Bitmap, remarks: [String])

  /// Files above this are refused before they are read.
  private static let byteLimit = 64 << 20

  /// - Throws: `EngineError.assetMissing`, `EngineError.assetUnreadable`.
  init(_ asset: String, from resolver: AssetResolver) throws(EngineError) {
    let path = try resolver.path(of: asset)
    let bytes: Data
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      bytes = try file.read(upToCount: Self.byteLimit + 1) ?? Data()
      try file.close()
    } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw .assetUnreadable(
        asset: asset, path: path,
        reason: exists ? "cannot be opened; check its permissions" : "does not exist")
    }
    guard bytes.count <= Self.byteLimit else {
      throw .assetUnreadable(asset: asset, path: path, reason: "is larger than \(Self.byteLimit >> 20) MiB")
    }
    do throws(PictureFault) {
      if let codec = PhotoDecoder.codec(of: bytes) {
        let photo = try PhotoDecoder.decode(bytes, codec: codec)
        self = .pixels(photo.bitmap, remarks: photo.remarks)
      } else if VectorPicture.looksLikeSVG(bytes) {
        self = .vector(try VectorPicture(bytes))
      } else {
        throw PictureFault(reason: "is neither SVG, PNG, JPEG nor WebP")
      }
    } catch {
      throw .assetUnreadable(asset: asset, path: path, reason: error.reason)
    }
  }

  /// Width by height.
  var aspect: Double {
    switch self {
    case .vector(let picture): picture.width / picture.height
    case .pixels(let bitmap, _): Double(bitmap.width) / Double(bitmap.height)
    }
  }

  var hasAlpha: Bool {
    switch self {
    case .vector: true
    case .pixels(let bitmap, _): bitmap.hasAlpha
    }
  }

  /// What a person should know of the file; completes "FILE …".
  var remarks: [String] { if case .pixels(_, let remarks) = self { remarks } else { [] } }

  func rasterised(width: Int, height: Int) throws(EngineError) -> Bitmap {
    switch self {
    case .vector(let picture): try picture.rasterised(width: width, height: height)
    case .pixels(let bitmap, _): try bitmap.resized(width: width, height: height)
    }
  }
}

/// What is wrong with a picture file; completes "FILE …".
struct PictureFault: Error {
  let reason: String
}
