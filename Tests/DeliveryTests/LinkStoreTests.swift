import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Delivery

@Suite("Links and the database")
struct LinkStoreTests {
  private static let now = FixedClock.monday

  private func link() -> SignedLink {
    SignedLink(
      workspace: Identifier(UUID()), variant: Identifier(UUID()), placement: nil,
      issuedAtMs: Int64(Self.now.timeIntervalSince1970 * 1000), nonce: 1)
  }

  @Test("Two processes sign with one secret; a rotation is met by the other at the first link it brings")
  func rings() async throws {
    try await withTestDatabase { database in
      let store = LinkSecretStore(database)
      let first = LinkKeyRing(store: store, lifetime: 1000)
      let second = LinkKeyRing(store: store, lifetime: 1000)
      let link = link()
      let token = try await first.token(of: link, at: Self.now)
      #expect(try await second.link(of: token, at: Self.now) == link)

      try await store.rotate(at: Self.now, grace: 1000)
      let later = Self.now.addingTimeInterval(2)
      let third = LinkKeyRing(store: store, lifetime: 1000)
      let newer = try await third.token(of: link, at: later)
      #expect(newer != token)
      #expect(try await second.link(of: newer, at: later) == link)
      #expect(try await third.link(of: token, at: later) == link)
    }
  }

  @Test("A rotation without grace lets no earlier link be believed")
  func revocation() async throws {
    try await withTestDatabase { database in
      let store = LinkSecretStore(database)
      let link = link()
      let token = try await LinkKeyRing(store: store, lifetime: 1000).token(of: link, at: Self.now)
      try await store.rotate(at: Self.now, grace: 0)
      await #expect(throws: LinkError.unknown) {
        try await LinkKeyRing(store: store, lifetime: 1000).link(of: token, at: Self.now)
      }
      let left = try await database.first("SELECT count(*) FROM link_secret", as: Int.self)
      #expect(left == 1)
    }
  }

  @Test("A viewer without a name is the same within a day and another on the next, and the salt is gone")
  func anonymousViewers() async throws {
    try await withTestDatabase { database in
      let viewers = AnonymousViewers(database)
      let others = AnonymousViewers(database)
      let name = try await viewers.name(address: "192.0.2.1", userAgent: "UA", at: Self.now)
      #expect(try await others.name(address: "192.0.2.1", userAgent: "UA", at: Self.now) == name)
      #expect(try await viewers.name(address: "192.0.2.2", userAgent: "UA", at: Self.now) != name)
      #expect(try await viewers.name(address: "192.0.2.1", userAgent: "UB", at: Self.now) != name)
      #expect(!name.contains("192.0.2.1"))
      let tomorrow = Self.now.addingTimeInterval(86_400)
      #expect(try await viewers.name(address: "192.0.2.1", userAgent: "UA", at: tomorrow) != name)
      let days = try await database.first("SELECT count(*) FROM viewer_salt", as: Int.self)
      #expect(days == 1)
    }
  }
}
