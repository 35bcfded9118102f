import Foundation
import TestKit
import Testing

/// `retake link` and the service that believes what it printed.
@Suite struct LinkTests {
  @Test func aPrintedLinkReportsAndLeadsToItsTargetUntilItsSecretIsRevoked() async throws {
    try await withTemporaryFolder { folder in
      let data = ["--data", folder.path]
      let export = Repository.file("Tests/EndToEnd/Fixtures/meta-export.csv").path
      let imported = try await Program.run(
        ["import", "insights", export, "--from", "meta", "--campaign", "spring"] + data)
      try #require(imported.status == 0, "\(imported.errors)")
      let service = try await ServiceProcess.start(data: folder)
      let key = try await service.key(["read"])
      let variants = try await service.send("GET", "/v1/campaigns/spring/variants", key: key).json["items"]
      let variant = try #require((variants as? [[String: Any]])?.first?["id"] as? String)

      let bad = try await Program.run(["link", variant, "--target", "http://example.org"] + data)
      #expect(bad.status == 1 && bad.errors.contains("https"), "\(bad.errors)")
      let printed = try await Program.run(
        ["link", variant, "--target", "https://example.org/spring", "--count", "2"] + data)
      try #require(printed.status == 0, "\(printed.errors)")
      let paths = printed.output.split(separator: "\n").compactMap { URL(string: String($0))?.path }
      #expect(paths.count == 4)
      for path in paths {
        let answer = try await service.status(of: path)
        #expect(answer == (path.hasPrefix("/c/") ? 302 : 200), "\(path)")
      }
      let targets = try await Program.run(["link", "targets", "spring"] + data)
      #expect(targets.output.contains("https://example.org/spring"), "\(targets.errors)")
      let revoked = try await Program.run(["link", "rotate", "--revoke"] + data)
      #expect(revoked.status == 0, "\(revoked.errors)")
      #expect(try await service.stop().status == 0)

      let again = try await ServiceProcess.start(data: folder)
      #expect(try await again.status(of: paths[0]) == 404)
      #expect(try await again.stop().status == 0)
    }
  }
}

extension ServiceProcess {
  /// Of a `GET` without a key; redirects are not followed.
  fileprivate func status(of path: String) async throws -> Int {
    let text = try Tool.run("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", base + path])
    return try #require(Int(text))
  }
}
