public import Campaigns
internal import Cryptography
public import Engine
internal import Foundation
public import FoundationEssentials
public import Postgres

/// Renders variants for placements into the data folder's `renditions`.
public struct RenditionMaker: Sendable {
  private let database: any Queryable
  private let vault: AssetVault
  private let folder: String
  private let placements: PlacementCatalogue
  private let renderer: Renderer

  public init(
    database: any Queryable, dataFolder: String, placements: PlacementCatalogue,
    renderer: Renderer = Renderer()
  ) {
    self.database = database
    vault = AssetVault(dataFolder: dataFolder)
    folder = "\(dataFolder)/renditions"
    self.placements = placements
    self.renderer = renderer
  }

  /// Where a rendition's file lies.
  public func path(of rendition: Rendition) -> String { "\(folder)/\(rendition.fileName)" }

  /// Makes the file and its row. What is there already, whole and of this engine's version, stays and is the
  /// answer, so that an interrupted or repeated job costs nothing twice and changes nothing.
  ///
  /// - Parameters:
  ///   - moment: the day every asset's licence must allow.
  ///   - progress: frames done and frames in all, called on the rendering thread.
  /// - Throws: `CampaignsError.notFound`, `CreativeError`, `AssetError`, `EngineError`, `PostgresError`;
  ///   `CancellationError`, in which case no file is left.
  public func make(
    variant id: Identifier<Variant>, placement name: String, in scope: CampaignScope, at moment: Date,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> Rendition {
    guard let placement = placements[name] else { throw CreativeError.unknownPlacement(name) }
    let order = try await order(variant: id, scope: scope)
    let paths = try await assetPaths(of: order, placement: name, at: moment)
    if let whole = try await existing(variant: id, placement: name, scope: scope) { return whole }

    let fileName = "\(order.folder)/\(name).mp4"
    let path = "\(folder)/\(fileName)"
    do {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(order.folder)", withIntermediateDirectories: true)
    } catch {
      throw AssetError.cannotStore(path: path, reason: error.localizedDescription)
    }
    let info: RenditionInfo
    do {
      info = try await renderer.render(
        order.storyboard, for: placement, assets: AssetResolver(paths), to: path, progress: progress)
    } catch EngineError.gateClosed(_, let findings) {
      throw CreativeError.notFitToPublish(variant: order.variant, findings: findings)
    }
    let rendition = Rendition(
      campaign: scope.campaign, variant: id, placement: name, fileName: fileName, sha256: info.sha256,
      width: info.width, height: info.height, durationMs: info.durationMilliseconds,
      sizeBytes: Int64(info.bytes), engineVersion: info.engineVersion, renderedAt: moment)
    try await RenditionStore(database).save(rendition)
    return rendition
  }

  /// What is to be rendered, and for whom.
  private struct Order {
    var workspace: Identifier<Workspace>
    var countries: [String]?
    var folder: String
    var variant: String
    var storyboard: Storyboard
  }

  private func order(variant id: Identifier<Variant>, scope: CampaignScope) async throws -> Order {
    let campaign = try await CampaignStore(database).find(scope.campaign, workspace: scope.workspace)
    let workspace = try await WorkspaceStore(database).find(scope.workspace)
    let variants = VariantStore(database)
    let variant = try await variants.find(id, in: scope)
    let segment = try await SegmentStore(database).find(variant.segment, in: scope)
    guard let document = try await variants.storyboard(of: id, in: scope) else {
      throw CreativeError.noStoryboard(variant: variant.name)
    }
    let storyboard: Storyboard
    do {
      storyboard = try document.decode(Storyboard.self)
    } catch let error as DecodingError {
      throw CreativeError.unreadableStoryboard(variant: variant.name, problem: "\(error)")
    }
    return Order(
      workspace: scope.workspace, countries: segment.rule.countries,
      folder: "\(workspace.name)/\(campaign.key)/\(segment.key)/\(variant.name)", variant: variant.name,
      storyboard: storyboard)
  }

  /// Every asset's file, its bytes held against its name and its licence against placement, day and audience.
  private func assetPaths(
    of order: Order, placement: String, at moment: Date
  ) async throws -> [String: String] {
    let assets = try await BrandStore(database).assets(order.storyboard.assets, workspace: order.workspace)
    var paths: [String: String] = [:]
    for id in order.storyboard.assets {
      guard let asset = assets[id] else { throw CreativeError.missingAsset("asset \(id)") }
      let refusal = asset.licence.refusal(
        placement: placement, on: Day.containing(moment), countries: order.countries)
      if let refusal {
        throw CreativeError.notLicensed(asset: id, fileName: asset.fileName, refusal: refusal)
      }
      paths[id] = try vault.verifiedPath(of: id)
    }
    return paths
  }

  private func existing(
    variant: Identifier<Variant>, placement: String, scope: CampaignScope
  ) async throws -> Rendition? {
    let stored = try await RenditionStore(database).list(in: scope, variant: variant)
    guard let rendition = stored.first(where: { $0.placement == placement }),
      rendition.engineVersion == Engine.version,
      FileManager.default.fileExists(atPath: path(of: rendition))
    else { return nil }
    return try SHA256.hash(fileAt: path(of: rendition)).hex == rendition.sha256 ? rendition : nil
  }
}
