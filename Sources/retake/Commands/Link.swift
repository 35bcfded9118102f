import ArgumentParser
import Campaigns
import Delivery
import Foundation

struct Link: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Issue signed links that report what viewers do, and register where clicks lead.",
    subcommands: [Issue.self, Targets.self, RemoveTarget.self, Rotate.self], defaultSubcommand: Issue.self)

  struct Issue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print links of a version: one for a beacon, and one for clicks where there is a target.",
      discussion: """
        A link stands for one view and counts once however often it is called; issue it when the ad is shown. With \
        --reusable it stands for many views: give each call a number of its own (?n=…). Add ?k=KIND for anything but \
        an impression and &v=VIEWER where the viewer is known.
        """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The version's id.")
    var variant: String

    @Option(help: "Where it is shown, such as tiktok.infeed.")
    var placement: String?

    @Option(help: "Page a click leads to (https); registered if it is not yet.")
    var target: String?

    @Option(help: "How many.")
    var count = 1

    @Flag(help: "For many views each.")
    var reusable = false

    func validate() throws {
      guard (1...100_000).contains(count) else { throw ValidationError("--count must be 1 to 100000.") }
      guard UUID(uuidString: variant) != nil else {
        throw ValidationError("\"\(variant)\" is not a version's id, which is a UUID.")
      }
    }

    func run() async throws {
      guard let uuid = UUID(uuidString: variant) else { return }
      try await withRuntime(common) { runtime in
        let workspace = try await runtime.workspace()
        let variant = try await runtime.variants.find(Identifier(uuid), workspace: workspace.id)
        let campaign = try await runtime.campaigns.find(variant.campaign, workspace: workspace.id)
        if let placement, !campaign.placements.contains(placement) {
          throw CommandFailure(
            "campaign \(campaign.key) has no placement \"\(placement)\"; it has "
              + campaign.placements.joined(separator: ", ") + ".")
        }
        let now = Date()
        var randomness = SystemRandomNumberGenerator()
        var click: ClickTarget?
        if let target {
          click = try await ClickTargetStore(runtime.database).register(
            target, for: campaign, id: .new(at: now, using: &randomness), at: now
          ).target
        }
        let settings = runtime.settings
        let links = LinkKeyRing(
          store: LinkSecretStore(runtime.database),
          lifetime: Double(settings.ingestion.linkLifetime.components.seconds))
        let base = ServiceAddress.base(
          host: settings.service.host, port: settings.service.port, settings)
        for _ in 0..<count {
          let link = SignedLink(
            workspace: workspace.id, variant: variant.id, placement: placement,
            issuedAtMs: Int64(now.timeIntervalSince1970 * 1000), nonce: UInt64.random(in: 0 ... .max),
            target: click?.id, isReusable: reusable)
          let token = try await links.token(of: link, at: now)
          Console.print("\(base)/b/\(token).gif")
          if click != nil { Console.print("\(base)/c/\(token)") }
        }
      }
    }
  }

  struct Targets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the pages a campaign's clicks may lead to.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The campaign's key.")
    var campaign: String

    func run() async throws {
      try await withRuntime(common) { runtime in
        let campaign = try await runtime.campaign(campaign)
        var table = Table(["id", "leads to"])
        for target in try await ClickTargetStore(runtime.database).list(of: campaign.id) {
          table.add(["\(target.id)", target.url])
        }
        Console.print(
          table.isEmpty ? "No targets. Register one with: retake link VERSION --target https://…" : table.text
        )
      }
    }
  }

  struct RemoveTarget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove-target", abstract: "Let no click lead to a page any more.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The campaign's key.")
    var campaign: String

    @Argument(help: "The target's id, as `retake link targets` shows it.")
    var target: String

    func run() async throws {
      guard let uuid = UUID(uuidString: target) else {
        throw ValidationError("\"\(target)\" is not a target's id; `retake link targets` shows them.")
      }
      try await withRuntime(common) { runtime in
        let campaign = try await runtime.campaign(campaign)
        try await ClickTargetStore(runtime.database).remove(Identifier(uuid), of: campaign.id)
        Console.print("Removed; links to it lead nowhere within a minute.")
      }
    }
  }

  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sign links with a new secret; links that were issued stay good for their time.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "Believe nothing signed before, such as when a secret leaked.")
    var revoke = false

    func run() async throws {
      try await withRuntime(common) { runtime in
        let lifetime = Double(runtime.settings.ingestion.linkLifetime.components.seconds)
        try await LinkSecretStore(runtime.database).rotate(at: Date(), grace: revoke ? 0 : lifetime)
        Console.print(
          revoke
            ? "New links are signed with a new secret; earlier links are refused within a minute."
            : "New links are signed with a new secret.")
      }
    }
  }
}
