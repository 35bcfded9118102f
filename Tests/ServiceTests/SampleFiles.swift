import Foundation
import TestKit

/// The sample campaign's folder, as the API takes it.
enum SampleFiles {
  static let folder = Repository.file("examples/perlune")

  /// `{"files": {…}}` with text as text and pictures as base64; `changing` may replace a file's text.
  static func upload(changing edits: [String: String] = [:]) throws -> Data {
    var files: [String: Any] = [:]
    for name in ["campaign.yaml", "brand.yaml", "segments.yaml"] {
      files[name] = try edits[name] ?? String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    let assets = folder.appending(path: "assets")
    for file in try FileManager.default.contentsOfDirectory(atPath: assets.path)
    where file.hasSuffix(".svg") || file.hasSuffix(".jpg") {
      let bytes = try Data(contentsOf: assets.appending(path: file))
      files["assets/\(file)"] = ["base64": bytes.base64EncodedString()]
    }
    return try JSONSerialization.data(withJSONObject: ["files": files])
  }

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }
}
