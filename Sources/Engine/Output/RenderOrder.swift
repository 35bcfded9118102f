import CDrawing
import CMedia
import Cryptography
import Foundation

/// Something to be rendered, whatever document it comes from.
struct RenderOrder: Sendable {
  var placement: Placement
  /// Everything the document says of what is seen, in a form that is equal for equal documents.
  var identity: [String]
  /// The same of what is heard.
  var soundIdentity: [String]
  /// The assets the document names.
  var assetNames: [String]
  var assets: AssetResolver
  /// Those of the assets that are heard.
  var soundAssets: [String]
  /// Lays out and rasterises, and says what the gate is to find. Called on a rendering thread.
  var film: @Sendable () throws(EngineError) -> Film
  /// Called at most once, on a rendering thread. Throws `EngineError` or `CancellationError`.
  var sound: @Sendable (CancellationFlag) throws -> StereoSound

  /// Under which the cache remembers what the order came to: the whole film, its pictures alone and its sound
  /// alone.
  struct Keys: Sendable, Hashable {
    var film: String
    var look: String
    var sound: String
  }

  /// nil where an asset cannot be read: what is wrong with it is told by whoever opens it.
  func keys(encoder: SHA256Digest, _ codec: AudioCodec) -> Keys? {
    guard let look = lookDigest(encoder: encoder) else { return nil }
    let loudness = placement.rules.loudness.map { "\($0)" } ?? "usual"
    var heard = ["sound/1", Engine.version, "\(avcodec_version())", codec.rawValue, loudness] + soundIdentity
    // A recording may change under its name.
    do {
      for name in soundAssets { heard.append(try SHA256.hash(fileAt: try assets.path(of: name)).hex) }
    } catch {
      return nil
    }
    let sound = SHA256.hash(fields: heard)
    return Keys(
      film: "film-\(SHA256.hash(fields: ["film/2", look.hex, sound.hex]).hex)", look: "look-\(look.hex)",
      sound: "sound-\(sound.hex)")
  }

  /// The hash of everything the pictures follow from.
  private func lookDigest(encoder: SHA256Digest) -> SHA256Digest? {
    var fields = ["look/1", Engine.version, encoder.hex, FontState.text]
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

/// Which fonts there are and how they are chosen: text follows from them as much as from the document.
enum FontState {
  /// Fontconfig's own places. Pango, too, looks at the fonts once per process.
  static let text: String = {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? "/nonexistent"
    let data = environment["XDG_DATA_HOME"] ?? "\(home)/.local/share"
    let configuration = environment["XDG_CONFIG_HOME"] ?? "\(home)/.config"
    var lines: [String] = []
    for folder in [
      "/usr/share/fonts", "/usr/local/share/fonts", "\(data)/fonts", "\(home)/.fonts", "/etc/fonts",
      "\(configuration)/fontconfig",
    ] {
      guard let files = FileManager.default.enumerator(atPath: folder) else { continue }
      for case let file as String in files {
        let facts = files.fileAttributes
        let time = (facts?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        lines.append("\(folder)/\(file) \(facts?[.size] as? Int ?? 0) \(time)")
      }
    }
    let settings = ["FONTCONFIG_FILE", "FONTCONFIG_PATH"].map { environment[$0] ?? "" }
    return SHA256.hash(fields: lines.sorted() + settings + [String(cString: pango_version_string())]).hex
  }()
}
