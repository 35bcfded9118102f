import Campaigns
import FoundationEssentials
import Postgres
import TestKit
import Testing

@Suite struct KeyStoreTests {
  private func create(
    _ database: Database, scopes: Set<Scope>, workspace: Identifier<Workspace>, seed: UInt64 = 7
  ) async throws -> (key: APIKey, secret: APIKeySecret) {
    var randomness = SeededGenerator(seed: seed)
    return try await KeyStore(database).create(
      id: .new(at: Fixture.moment, using: &randomness), name: "pixel", scopes: scopes, workspace: workspace,
      at: Fixture.moment)
  }

  @Test func `a secret opens its own key until it is revoked, and is stored nowhere`() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      let store = KeyStore(database)
      let (key, secret) = try await create(database, scopes: [.ingest], workspace: fixture.workspace.id)
      #expect(secret.text.wholeMatch(of: #/rtk_ingest_[A-Za-z0-9_-]{43}/#) != nil)
      #expect(secret.text.hasPrefix(key.hint))
      #expect(try await store.authenticate(secret) == key)
      #expect(key.opens(.ingest))
      #expect(!key.opens(.admin))
      let found = try await database.query(
        "SELECT count(*) FROM api_key WHERE api_key::text LIKE '%' || \(secret.text) || '%'"
      ).decode(Int64.self)
      #expect(found == [0])

      let other = try #require(APIKeySecret(secret.text + "x"))
      #expect(try await store.authenticate(other) == nil)
      _ = try await store.revoke(key.id, workspace: fixture.workspace.id, at: Fixture.moment + 60)
      let again = try await store.revoke(key.id, workspace: fixture.workspace.id, at: Fixture.moment + 120)
      #expect(again.revokedAt == Fixture.moment + 60)
      #expect(try await store.authenticate(secret) == nil)
    }
  }

  @Test func `a key of another workspace is neither listed nor revoked`() async throws {
    try await withTestDatabase { database in
      let ours = try await Fixture.make(in: database, name: "ours", seed: 1)
      let theirs = try await Fixture.make(in: database, name: "theirs", seed: 2)
      let (key, secret) = try await create(database, scopes: [.admin], workspace: theirs.workspace.id)
      await expectNotFound {
        try await KeyStore(database).revoke(key.id, workspace: ours.workspace.id, at: Fixture.moment)
      }
      #expect(try await KeyStore(database).list(workspace: ours.workspace.id).isEmpty)
      #expect(try await KeyStore(database).authenticate(secret)?.workspace == theirs.workspace.id)
      #expect(key.opens(.ingest))
    }
  }

  @Test func `a key without a scope is refused, naming the scopes there are`() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      await #expect(
        throws: CampaignsError.refused("a key needs at least one scope: ingest, read, admin")
      ) {
        try await create(database, scopes: [], workspace: fixture.workspace.id)
      }
    }
  }

  @Test(
    "Text that is no secret of ours is not looked up",
    arguments: ["", "Bearer", "sk_live_1", String(repeating: "rtk_", count: 40)])
  func foreignSecret(text: String) {
    #expect(APIKeySecret(text) == nil)
  }
}
