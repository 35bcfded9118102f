import Documents
import Engine
import Foundation
import Ingestion

/// Every setting of the program. Each comes from, in order: a command's own option, `RETAKE_<SECTION>_<KEY>`,
/// the settings file (`--config`, `RETAKE_CONFIG`, or `config/retake.yaml`), the default that stands in that file.
struct Settings: Sendable {
  var databaseURL: String?
  var dataFolder: URL
  var service: Service
  var ingestion: Ingestion
  var worker: Worker
  var engine: Engine
  var sound: SoundSettings
  var autopilot: Autopilot
  var log: Log

  struct Service: Sendable {
    var host: String
    var port: Int
    var baseURL: String?
    var maxBodyBytes: Int
    var maxInflatedBytes: Int
    var maxHeldBodyBytes: Int
    var maxHeaderBytes: Int
    var requestTimeout: Duration
    var idleTimeout: Duration
    var maxConnections: Int
    var shutdownGrace: Duration
  }

  struct Ingestion: Sendable {
    var acceptFrom: Duration
    var acceptAhead: Duration
    var groupCommitDelay: Duration
    var groupCommitEvents: Int
    var maxQueuedEvents: Int
    var maxWaitingBytes: Int
    var databasePatience: Duration
    var spoolBytes: Int
    var diskReserveBytes: Int
    var foldEvery: Duration
    var foldViewersEvery: Duration
    var partitionsAhead: Duration
    /// nil: for ever.
    var keepEvents: Duration?
    var keepQuarantine: Duration?
    var eventsPerSecond: Int
    var linkLifetime: Duration
    var consent: ConsentPolicy.Requirement
    /// nil: never.
    var pseudonymRotation: Duration?
    var pseudonymSecretKept: Duration
  }

  struct Worker: Sendable {
    var concurrency: Int
    var poll: Duration
    var lease: Duration
    var maxAttempts: Int
  }

  struct Engine: Sendable {
    /// 0: nothing is kept.
    var cacheBytes: Int
    /// nil: one for every core.
    var workers: Int?
  }

  struct Autopilot: Sendable {
    var timeZone: String
  }

  struct Log: Sendable {
    var level: String
  }

  static func load(
    file: String?, installation: Installation, environment: [String: String]
  ) throws -> Settings {
    let path = file ?? environment["RETAKE_CONFIG"] ?? installation.settings.path
    return try Document(path: path).read { root in
      let reader = SettingsReader(
        root: root.mapping(allowed: Self.sections.keys.sorted()), environment: environment)
      return try read(reader)
    }
  }

  /// Section -> its keys; top-level keys have none.
  private static let sections: [String: [String]] = [
    "database_url": [], "data_folder": [],
    "service": [
      "host", "port", "base_url", "max_body_bytes", "max_inflated_bytes", "max_held_body_bytes",
      "max_header_bytes", "request_timeout", "idle_timeout", "max_connections", "shutdown_grace",
    ],
    "ingestion": [
      "accept_from", "accept_ahead", "group_commit_delay", "group_commit_events", "max_queued_events",
      "max_waiting_bytes", "database_patience", "spool_bytes", "disk_reserve_bytes", "fold_every",
      "events_per_second", "link_lifetime",
      "consent", "pseudonym_rotation", "pseudonym_secret_kept",
      "fold_viewers_every", "partitions_ahead", "keep_events", "keep_quarantine",
    ],
    "worker": ["concurrency", "poll", "lease", "max_attempts"],
    "engine": ["cache_bytes", "workers"],
    "sound": ["soundfont", "voice_program", "voice", "voice_timeout", "ducking_db"],
    "autopilot": ["time_zone"],
    "log": ["level"],
  ]

  private static func read(_ reader: SettingsReader) throws -> Settings {
    let dataFolder = try reader.value("data_folder", standard: nil) { Optional($0.string()) }
    let service = reader.section("service", keys: sections["service"] ?? [])
    let ingestion = reader.section("ingestion", keys: sections["ingestion"] ?? [])
    let worker = reader.section("worker", keys: sections["worker"] ?? [])
    let engine = reader.section("engine", keys: sections["engine"] ?? [])
    let sound = reader.section("sound", keys: sections["sound"] ?? [])
    let autopilot = reader.section("autopilot", keys: sections["autopilot"] ?? [])
    let log = reader.section("log", keys: sections["log"] ?? [])
    return Settings(
      databaseURL: try reader.value("database_url", standard: nil) { Optional($0.string()) },
      dataFolder: URL(filePath: dataFolder ?? standardDataFolder(reader.environment)),
      service: Service(
        host: try service.value("host", standard: "127.0.0.1") { $0.string() },
        port: try service.value("port", standard: 8080) { $0.int(in: 0...65535) },
        baseURL: try service.value("base_url", standard: nil) { Optional($0.string()) },
        maxBodyBytes: try service.value("max_body_bytes", standard: 4 << 20) {
          $0.int(in: 1024...(256 << 20))
        },
        maxInflatedBytes: try service.value("max_inflated_bytes", standard: 32 << 20) {
          $0.int(in: 1024...(1 << 30))
        },
        maxHeldBodyBytes: try service.value("max_held_body_bytes", standard: 64 << 20) {
          $0.int(in: (1 << 20)...(64 << 30))
        },
        maxHeaderBytes: try service.value("max_header_bytes", standard: 16_384) {
          $0.int(in: 1024...(1 << 20))
        },
        requestTimeout: try service.value("request_timeout", standard: .seconds(30)) {
          $0.duration(in: .milliseconds(100) ... .seconds(3600))
        },
        idleTimeout: try service.value("idle_timeout", standard: .seconds(60)) {
          $0.duration(in: .milliseconds(100) ... .seconds(86_400))
        },
        maxConnections: try service.value("max_connections", standard: 4096) { $0.int(in: 8...1_000_000) },
        shutdownGrace: try service.value("shutdown_grace", standard: .seconds(30)) { $0.duration() }),
      ingestion: Ingestion(
        acceptFrom: try ingestion.value("accept_from", standard: .seconds(400 * 86_400)) { $0.duration() },
        acceptAhead: try ingestion.value("accept_ahead", standard: .seconds(86_400)) { $0.duration() },
        groupCommitDelay: try ingestion.value("group_commit_delay", standard: .milliseconds(3)) {
          $0.duration(in: .zero ... .seconds(1))
        },
        groupCommitEvents: try ingestion.value("group_commit_events", standard: 10_000) {
          $0.int(in: 1...100_000)
        },
        maxQueuedEvents: try ingestion.value("max_queued_events", standard: 200_000) {
          $0.int(in: 1000...10_000_000)
        },
        maxWaitingBytes: try ingestion.value("max_waiting_bytes", standard: 64 << 20) {
          $0.int(in: (1 << 20)...(16 << 30))
        },
        databasePatience: try ingestion.value("database_patience", standard: .seconds(3)) {
          $0.duration(in: .milliseconds(100) ... .seconds(60))
        },
        spoolBytes: try ingestion.value("spool_bytes", standard: 1 << 30) { $0.int(in: 0...(1 << 44)) },
        diskReserveBytes: try ingestion.value("disk_reserve_bytes", standard: 512 << 20) {
          $0.int(in: 0...(1 << 44))
        },
        foldEvery: try ingestion.value("fold_every", standard: .seconds(1)) {
          $0.duration(in: .milliseconds(50) ... .seconds(3600))
        },
        foldViewersEvery: try ingestion.value("fold_viewers_every", standard: .seconds(2)) {
          $0.duration(in: .milliseconds(50) ... .seconds(3600))
        },
        partitionsAhead: try ingestion.value("partitions_ahead", standard: .seconds(3 * 86_400)) {
          $0.duration(in: .zero ... .seconds(60 * 86_400))
        },
        keepEvents: try ingestion.value("keep_events", standard: nil) {
          Optional($0.duration(in: .seconds(86_400) ... .seconds(100_000 * 86_400)))
        },
        keepQuarantine: try ingestion.value("keep_quarantine", standard: nil) {
          Optional($0.duration(in: .seconds(86_400) ... .seconds(100_000 * 86_400)))
        },
        eventsPerSecond: try ingestion.value("events_per_second", standard: 0) {
          $0.int(in: 0...1_000_000_000)
        },
        linkLifetime: try ingestion.value("link_lifetime", standard: .seconds(90 * 86_400)) {
          $0.duration(in: .seconds(60) ... .seconds(3650 * 86_400))
        },
        consent: try ingestion.value("consent", standard: .whenStated) {
          $0.oneOf(ConsentPolicy.Requirement.self, what: "policy for consent")
        },
        pseudonymRotation: ingestion.isNull("pseudonym_rotation")
          ? nil
          : try ingestion.value("pseudonym_rotation", standard: .seconds(90 * 86_400)) { rotation($0) },
        pseudonymSecretKept: try ingestion.value("pseudonym_secret_kept", standard: .seconds(14 * 86_400)) {
          $0.duration(in: .seconds(3600) ... .seconds(3650 * 86_400))
        }),
      worker: Worker(
        concurrency: try worker.value("concurrency", standard: 2) { $0.int(in: 0...64) },
        poll: try worker.value("poll", standard: .seconds(5)) {
          $0.duration(in: .milliseconds(50) ... .seconds(3600))
        },
        lease: try worker.value("lease", standard: .seconds(60)) {
          $0.duration(in: .seconds(5) ... .seconds(86_400))
        },
        maxAttempts: try worker.value("max_attempts", standard: 5) { $0.int(in: 1...100) }),
      engine: Engine(
        cacheBytes: try engine.value("cache_bytes", standard: 2 << 30) { $0.int(in: 0...(1 << 44)) },
        workers: try engine.value("workers", standard: nil) { Optional($0.int(in: 1...256)) }),
      sound: try soundSettings(sound),
      autopilot: Autopilot(
        timeZone: try autopilot.value("time_zone", standard: "UTC") { node in
          node.parsed("a time zone such as Europe/Paris", standIn: "UTC") {
            TimeZone(identifier: $0)?.identifier
          }
        }),
      log: Log(
        level: try log.value("level", standard: "info") {
          $0.known(in: ["trace", "debug", "info", "notice", "warning", "error"], what: "log level")
        }))
  }

  private static func soundSettings(_ sound: SettingsReader) throws -> SoundSettings {
    let words = try sound.value("voice_program", standard: nil) { node in
      Optional(node.list(count: 1...100) { $0.string() })
    }
    var voice = VoiceProgram.espeak
    if let words, let program = words.first {
      voice = VoiceProgram(executable: program, arguments: Array(words.dropFirst()))
    }
    voice.standardVoice = try sound.value("voice", standard: nil) { Optional($0.string()) }
    let timeout = try sound.value("voice_timeout", standard: .seconds(20)) {
      $0.duration(in: .milliseconds(100) ... .seconds(600))
    }
    voice.timeoutMilliseconds = Int(timeout / .milliseconds(1))
    return SoundSettings(
      soundFont: try sound.value("soundfont", standard: nil) { Optional($0.string()) }
        ?? SoundSettings.standardSoundFont,
      voice: voice, duckingDecibels: try sound.value("ducking_db", standard: 12) { $0.double(in: 0...40) })
  }

  /// `never` (as null), or a length of time: a day at least, for a secret is announced an hour ahead.
  private static func rotation(_ node: DocumentNode) -> Duration? {
    if node.parsed("never or a length of time", standIn: "", { $0 }) == "never" { return nil }
    return node.duration(in: .seconds(86_400) ... .seconds(3650 * 86_400))
  }

  /// `/var/lib/retake` for root, whose home other users (PostgreSQL's) cannot enter; else the XDG data folder.
  private static func standardDataFolder(_ environment: [String: String]) -> String {
    if geteuid() == 0 { return "/var/lib/retake" }
    if let xdg = environment["XDG_DATA_HOME"], xdg.hasPrefix("/") { return xdg + "/retake" }
    return NSHomeDirectory() + "/.local/share/retake"
  }
}

/// Reads settings from a mapping of the file, letting the environment override each.
private struct SettingsReader {
  let root: DocumentMapping?
  let environment: [String: String]
  var prefix = "RETAKE_"

  func section(_ name: String, keys: [String]) -> SettingsReader {
    SettingsReader(
      root: root?.optionalMapping(name, allowed: keys), environment: environment,
      prefix: prefix + name.uppercased() + "_")
  }

  /// Whether the file says null and nobody overrides it.
  func isNull(_ key: String) -> Bool {
    guard let root, root.keys.contains(key), !root.has(key) else { return false }
    return (environment[prefix + key.uppercased()] ?? "").isEmpty
  }

  func value<Value>(_ key: String, standard: Value, _ read: (DocumentNode) -> Value) throws -> Value {
    let variable = prefix + key.uppercased()
    if let text = environment[variable], !text.isEmpty {
      return try Document(text: text, name: variable).read(read)
    }
    return root?.optional(key).map(read) ?? standard
  }
}
