import Campaigns
import Documents
import Foundation
import TestKit

/// A copy of the sample campaign that a test may change.
struct ExampleFolder {
  static let placements = ["tiktok.infeed", "facebook.feed_square", "youtube.bumper"]

  let url: URL

  init(in folder: URL) throws {
    url = folder.appending(component: "campaign")
    try FileManager.default.copyItem(at: Repository.file("examples/perlune"), to: url)
  }

  func replace(_ old: String, by new: String, in file: String) throws {
    let path = url.appending(component: file)
    let text = try String(contentsOf: path, encoding: .utf8)
    guard let range = text.range(of: old) else { throw NotThere(text: old, file: file) }
    try text.replacingCharacters(in: range, with: new).write(to: path, atomically: true, encoding: .utf8)
  }

  struct NotThere: Error {
    let text: String
    let file: String
  }

  func read() throws -> CampaignFolder {
    try CampaignFolder.read(at: url.path, placements: Self.placements, at: Fixture.moment)
  }

  /// Every problem as `file:line: path: message`, without the folder.
  func problems() throws -> [String] {
    do {
      _ = try read()
      return []
    } catch let error as DocumentError {
      return error.problems.map { $0.description.replacing(url.path + "/", with: "") }
    }
  }
}
