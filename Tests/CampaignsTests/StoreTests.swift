import Campaigns
import FoundationEssentials
import Postgres
import TestKit
import Testing

@Suite struct StoreTests {
  @Test func `what is stored comes back as it was`() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      let scope = fixture.scope
      #expect(
        try await CampaignStore(database).find(key: "launch", workspace: fixture.workspace.id)
          == fixture.campaign)
      #expect(try await CampaignStore(database).running() == [fixture.campaign])
      #expect(try await SegmentStore(database).list(in: scope) == fixture.segments)
      #expect(try await VariantStore(database).list(in: scope) == fixture.variants)
      let storyboard = try await VariantStore(database).storyboard(of: fixture.variants[0].id, in: scope)
      #expect(storyboard == JSONB(text: #"{"scenes": []}"#))
    }
  }

  @Test func `nothing of one workspace is found from another`() async throws {
    try await withTestDatabase { database in
      let ours = try await Fixture.make(in: database, name: "ours", seed: 1)
      let theirs = try await Fixture.make(in: database, name: "theirs", seed: 2)
      let experiment = theirs.experiment()
      try await ExperimentStore(database).start(experiment)
      let smuggled = CampaignScope(workspace: ours.workspace.id, campaign: theirs.campaign.id)

      await expectNotFound {
        try await CampaignStore(database).find(theirs.campaign.id, workspace: ours.workspace.id)
      }
      await expectNotFound { try await SegmentStore(database).find(theirs.segments[0].id, in: smuggled) }
      await expectNotFound { try await SegmentStore(database).find(theirs.segments[0].id, in: ours.scope) }
      await expectNotFound { try await VariantStore(database).find(theirs.variants[0].id, in: smuggled) }
      await expectNotFound {
        try await VariantStore(database).find(theirs.variants[0].id, workspace: ours.workspace.id)
      }
      await expectNotFound {
        try await VariantStore(database).storyboard(of: theirs.variants[0].id, in: smuggled)
      }
      await expectNotFound { try await ExperimentStore(database).find(experiment.id, in: smuggled) }
      await expectNotFound {
        try await ExperimentStore(database).end(experiment.id, in: smuggled, at: Fixture.moment)
      }
      await expectNotFound {
        try await VariantStore(database)
          .setStatus(.retired, of: theirs.variants[0].id, in: smuggled, at: Fixture.moment)
      }
      await expectNotFound { try await CampaignStore(database).setStatus(.paused, of: smuggled) }
      #expect(try await SegmentStore(database).list(in: smuggled).isEmpty)
      #expect(try await VariantStore(database).list(in: smuggled).isEmpty)
      #expect(try await ExperimentStore(database).list(in: smuggled).isEmpty)
      #expect(
        try await ExperimentStore(database).running(segment: theirs.segments[0].id, in: smuggled) == nil)
      let routes = try await VariantStore(database)
        .campaigns(of: (ours.variants + theirs.variants).map(\.id), workspace: ours.workspace.id)
      #expect(Set(routes.keys) == Set(ours.variants.map(\.id)))
    }
  }

  @Test func `a campaign's key and a variant's name are taken once`() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      await #expect(throws: CampaignsError.alreadyExists(what: "campaign", name: "launch")) {
        try await CampaignStore(database).insert(fixture.campaign)
      }
      await #expect(throws: CampaignsError.alreadyExists(what: "variant", name: "A")) {
        var randomness = SeededGenerator(seed: 9)
        let twin = Variant(
          id: .new(at: Fixture.moment, using: &randomness), campaign: fixture.campaign.id,
          segment: fixture.segments[0].id, name: "A", origin: .designed, generation: 1, parent: nil,
          levels: [:],
          status: .rendering, createdAt: Fixture.moment)
        try await VariantStore(database).insert(twin, storyboard: JSONB(text: "{}"))
      }
    }
  }

  @Test func `a variant keeps the moment it was first active and loses its retirement when it comes back`()
    async throws
  {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      let store = VariantStore(database)
      let id = fixture.variants[0].id
      let later = Fixture.moment.addingTimeInterval(3600)
      try await store.setStatus(.retired, of: id, in: fixture.scope, at: later)
      #expect(try await store.find(id, in: fixture.scope).retiredAt == later)
      try await store.setStatus(.active, of: id, in: fixture.scope, at: later.addingTimeInterval(60))
      let variant = try await store.find(id, in: fixture.scope)
      #expect(variant.retiredAt == nil)
      #expect(variant.activatedAt == Fixture.moment)
    }
  }

  @Test func `a rendition of the same bytes keeps its row and one of other bytes takes its place`()
    async throws
  {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      let store = RenditionStore(database)
      var rendition = Rendition(
        campaign: fixture.campaign.id, variant: fixture.variants[0].id, placement: "tiktok.infeed",
        fileName: "a.mp4", sha256: String(repeating: "ab", count: 32), width: 1080, height: 1920,
        durationMs: 6000, sizeBytes: 10, engineVersion: "1", renderedAt: Fixture.moment)
      let first = rendition
      try await store.save(rendition)
      rendition.renderedAt += 60
      try await store.save(rendition)
      #expect(try await store.list(in: fixture.scope) == [first])
      rendition.sha256 = String(repeating: "cd", count: 32)
      try await store.save(rendition)
      #expect(try await store.list(in: fixture.scope) == [rendition])
    }
  }
}

/// Fails unless the body says that there is no such thing.
func expectNotFound<Value>(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
) async {
  do {
    _ = try await body()
    Issue.record("found what belongs to another workspace", sourceLocation: sourceLocation)
  } catch CampaignsError.notFound {
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
}
