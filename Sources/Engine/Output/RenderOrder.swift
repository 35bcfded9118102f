import CDrawing
import Cryptography
import Foundation

/// Something to be rendered, whatever document it comes from.
struct RenderOrder: Sendable {
  var placement: Placement
  /// Everything the document says, in a form that is equal for equal documents.
  var identity: [String]
  /// The assets the document names.
  var assetNames: [String]
  var assets: AssetResolver
  /// Lays out and rasterises. Called at most once, on a rendering thread.
  var film: @Sendable () throws(EngineError) -> Film
  /// Called at most once, on a rendering thread.
  var sound: @Sendable () throws(EngineError) -> StereoSound

  /// The hash of everything the film follows from, or nil where an asset cannot be read (what is wrong with
  /// it is told by whoever opens it).
  func digest(encoder: SHA256Digest) -> SHA256Digest? {
    var fields = ["film/1", Engine.version, encoder.hex, FontState.text]
    let json = JSONEncoder()
    json.outputFormatting = [.sortedKeys]
    do {
      fields.append(String(decoding: try json.encode(placement), as: UTF8.self))
      fields += identity
      for name in assetNames {
        fields += [name, try SHA256.hash(fileAt: try assets.path(of: name)).hex]
      }
    } catch {
      return nil
    }
    return SHA256.hash(fields: fields)
  }
}

/// Which fonts there are: text follows from them as much as from the document.
enum FontState {
  /// Pango, too, looks at the fonts once per process.
  static let text: String = FontRoom.enter {
    FcInit()
    guard let set = FcConfigGetFonts(nil, FcSetSystem) else { return "none" }
    var lines: Set<String> = []
    for index in 0..<Int(set.pointee.nfont) {
      var file: UnsafeMutablePointer<FcChar8>?
      guard FcPatternGetString(set.pointee.fonts[index], FC_FILE, 0, &file) == FcResultMatch, let file
      else { continue }
      let path = String(cString: file)
      var facts = stat()
      guard stat(path, &facts) == 0 else { continue }
      lines.insert("\(path) \(facts.st_size) \(facts.st_mtim.tv_sec)")
    }
    return SHA256.hash(fields: lines.sorted() + [String(cString: pango_version_string())]).hex
  }
}
