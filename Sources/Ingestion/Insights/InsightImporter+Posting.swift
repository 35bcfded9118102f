public import Campaigns
import Cryptography
public import FoundationEssentials
import Postgres

/// Figures sent as rows, each for itself.
extension InsightImporter {
  public struct Receipt: Hashable, Sendable {
    public var added = 0
    public var changed = 0
    public var unchanged = 0
    /// In the order of their index.
    public var rejected: [InsightRejection] = []
    public var received: Int { added + changed + unchanged + rejected.count }
  }

  /// Writes the good rows in one transaction, by the same rules as files; the others are told.
  /// - Parameters:
  ///   - rows: in the order of the request; what could not even be read says why.
  ///   - body: the request's, whose hash is kept.
  public func post(
    _ rows: [Result<PostedInsight, InsightRejection>], body: [UInt8], workspace: Identifier<Workspace>,
    from origin: Origin, at moment: Date,
    randomness: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) async throws -> Receipt {
    var checked = CheckedPosts(rows)
    let campaigns = try await VariantStore(database).campaigns(of: checked.variants, workspace: workspace)
    checked.keep { campaigns[$0] }
    var owners: [Identifier<Campaign>: Campaign] = [:]
    for id in Set(campaigns.values) { owners[id] = try await CampaignStore(database).load(id) }
    let sha256 = body.withUnsafeBytes { SHA256.hash($0).bytes }
    let (groups, rejected) = (checked.groups, checked.rejected)
    return try await database.transaction { connection in
      var receipt = Receipt(rejected: rejected)
      var randomness = randomness
      try await InsightStore.lock(Set(owners.values.map(\.key)), in: workspace, on: connection)
      let store = InsightStore(connection: connection, moment: moment)
      for group in groups {
        guard let campaign = owners[group.campaign] else { continue }
        let kept = try await kept(of: group, campaign, store, &receipt)
        guard !kept.batch.insights.isEmpty else { continue }
        let written = try await store.write(
          kept.batch, ids: kept.ids, campaign: campaign, id: .version7(at: moment, using: &randomness),
          origin: origin, sha256: sha256)
        receipt.added += written.added
        receipt.changed += written.changed
        receipt.unchanged += kept.batch.insights.count - written.added - written.changed
      }
      receipt.rejected.sort { $0.index < $1.index }
      return receipt
    }
  }

  /// Without the rows that what stands in the database forbids.
  private func kept(
    of group: CheckedPosts.Group, _ campaign: Campaign, _ store: InsightStore, _ receipt: inout Receipt
  ) async throws -> (batch: InsightBatch, ids: [UUID]) {
    let currency = try await store.currency(of: campaign) ?? group.rows.lazy.compactMap(\.currency).first
    let insights = group.rows.map(\.insight)
    let overlaps = try await store.overlaps(
      insights[...], group.rows.map(\.variant)[...], group.source, campaign)
    var batch = InsightBatch(source: group.source)
    var ids: [UUID] = []
    for row in group.rows {
      if let message = overlaps[row.insight.line] {
        receipt.rejected.append(.init(index: row.insight.line, code: .overlappingDays, message: message))
      } else if let given = row.currency, let currency, given != currency {
        let message = "the spend is in \(given), that of campaign \(campaign.key) in \(currency)"
        receipt.rejected.append(.init(index: row.insight.line, code: .foreignCurrency, message: message))
      } else {
        batch.insights.append(row.insight)
        batch.currency = batch.currency ?? row.currency
        ids.append(row.variant)
      }
    }
    return (batch, ids)
  }
}

/// Rows of a request as far as they can be judged without the database, then by campaign and source.
private struct CheckedPosts {
  struct Row {
    var insight: Insight
    var variant: UUID
    var currency: String?
    var source: String
  }

  struct Group {
    var campaign: Identifier<Campaign>
    var source: String
    var rows: [Row]
  }

  private struct Subject: Hashable {
    var variant: UUID
    var source: String
    var breakdown: String
  }

  private var rows: [Row] = []
  private(set) var rejected: [InsightRejection] = []
  private(set) var groups: [Group] = []

  init(_ posts: [Result<PostedInsight, InsightRejection>]) {
    var seen: [Subject: [(days: ClosedRange<String>, index: Int)]] = [:]
    for (index, post) in posts.enumerated() {
      do throws(InsightRejection) {
        let post = try post.get()
        let insight = try post.insight(index: index)
        let subject = Subject(variant: post.variant.uuid, source: post.source, breakdown: post.breakdown)
        let days = post.day...(post.until ?? post.day)
        if let other = seen[subject]?.first(where: { $0.days.overlaps(days) }) {
          throw InsightRejection(
            index: index, code: other.days == days ? .duplicateRow : .overlappingDays,
            message: "says of the same version, source, breakdown and days as row \(other.index)")
        }
        seen[subject, default: []].append((days, index))
        rows.append(
          Row(insight: insight, variant: post.variant.uuid, currency: post.currency, source: post.source))
      } catch {
        rejected.append(error)
      }
    }
  }

  var variants: [Identifier<Variant>] { Set(rows.map(\.variant)).map { Identifier($0) } }

  /// Sorts rows into groups; those whose variant nobody owns are rejected.
  mutating func keep(_ campaign: (Identifier<Variant>) -> Identifier<Campaign>?) {
    for row in rows {
      guard let campaign = campaign(Identifier(row.variant)) else {
        let name = row.variant.uuidString.lowercased()
        rejected.append(
          .init(
            index: row.insight.line, code: .unknownVariant,
            message: "there is no variant \(name) in this workspace"))
        continue
      }
      if let at = groups.firstIndex(where: { $0.campaign == campaign && $0.source == row.source }) {
        groups[at].rows.append(row)
      } else {
        groups.append(Group(campaign: campaign, source: row.source, rows: [row]))
      }
    }
  }
}
