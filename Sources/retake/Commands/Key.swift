public import ArgumentParser
import Campaigns
import Foundation

struct Key: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make, list and revoke the API keys of a workspace.",
    subcommands: [Create.self, List.self, Revoke.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a key and print its secret, which is shown this once.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Who will use it.")
    var name: String

    @Option(name: .long, help: "ingest (send events), read (see results) or admin (all); may be repeated.")
    var scope: [Scope]

    func validate() throws {
      if scope.isEmpty {
        throw ValidationError("A key needs at least one --scope: ingest, read or admin.")
      }
    }

    func run() async throws {
      try await withRuntime(common) { runtime in
        let workspace = try await runtime.workspace()
        let (key, secret) = try await runtime.createKey(name, scopes: Set(scope), in: workspace)
        Console.print(secret.text)
        Console.note(
          "Key \(key.id) opens \(key.scopes.map(\.rawValue).sorted().joined(separator: ", ")) in workspace "
            + "\(workspace.name). Keep it safe: it is not stored and cannot be shown again.")
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List a workspace's keys, without their secrets.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
      try await withRuntime(common) { runtime in
        let keys = try await runtime.keys.list(workspace: try await runtime.workspace().id)
        var table = Table(["id", "name", "begins with", "opens", "made", "revoked"])
        for key in keys {
          table.add([
            "\(key.id)", key.name, key.hint, key.scopes.map(\.rawValue).sorted().joined(separator: ","),
            Moment.text(key.createdAt), key.revokedAt.map(Moment.text) ?? "",
          ])
        }
        Console.print(
          table.isEmpty ? "No keys. Make one with: retake key create NAME --scope ingest" : table.text)
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Close a key for ever.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The key's id, as `retake key list` shows it.")
    var id: String

    func run() async throws {
      guard let uuid = UUID(uuidString: id) else {
        throw ValidationError("\"\(id)\" is not a key's id; `retake key list` shows them.")
      }
      try await withRuntime(common) { runtime in
        let workspace = try await runtime.workspace()
        let key = try await runtime.keys.revoke(Identifier(uuid), workspace: workspace.id, at: Date())
        Console.print("Key \(key.name) (\(key.hint)…) is revoked; the service forgets it within seconds.")
      }
    }
  }
}

extension Scope: ExpressibleByArgument {}

extension Runtime {
  func createKey(
    _ name: String, scopes: Set<Scope>, in workspace: Workspace
  ) async throws -> (key: APIKey, secret: APIKeySecret) {
    let now = Date()
    var randomness = SystemRandomNumberGenerator()
    return try await keys.create(
      id: .new(at: now, using: &randomness), name: name, scopes: scopes, workspace: workspace.id, at: now)
  }
}
