import CPostgres
public import Foundation
import Glibc

/// A PostgreSQL server of our own for people who bring no database: reached only through a Unix socket in a folder
/// that only its user can enter. Several processes may use one cluster: the last to stop stops the server, and a
/// process that was killed holds nothing back.
public actor PrivateCluster {
  private let folder: ClusterFolder
  private let isDurable: Bool
  private let thread: DedicatedThread
  private var share: FileLock?
  private var watch: ClusterWatch?

  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// With `durable: false`, for tests only, every guarantee against a crash is given up, and the server is stopped
  /// and the folder removed when this process ends, however it ends.
  public init(folder: URL, durable: Bool = true) throws(PostgresError) {
    self.folder = ClusterFolder(folder)
    isDurable = durable
    thread = try DedicatedThread()
  }

  deinit { thread.stop {} }

  /// Starts the server, making the cluster first if there is none, or joins one that runs already.
  public func start() throws(PostgresError) -> DatabaseConfiguration {
    let user = try ServerUser.choose(dataFolder: folder.data)
    try folder.prepare(for: user)
    let installation = try ServerInstallation.find(
      majorVersion: folder.majorVersion(), dataFolder: folder.data)
    // Also keeps the share lock from being taken while somebody else is about to stop the server.
    let gate = try FileLock(path: folder.startLock)
    gate.lock(.exclusive)
    defer { gate.unlock() }
    let share = try FileLock(path: folder.shareLock)
    share.lock(.shared)
    if !isDurable, watch == nil { watch = try ClusterWatch(folder) }
    if !folder.isInitialised { try initialise(installation, user) }
    let server: ServerProcessFile
    if let running = try runningServer() {
      server = running
    } else {
      server = try startServer(installation, user)
    }
    self.share = share
    var configuration = DatabaseConfiguration(
      socketFolder: server.socketFolder, database: "retake", user: Self.superuser, port: server.port)
    try makeDatabase(configuration, installation, user)
    configuration.maximumConnections = 8
    return configuration
  }

  /// Leaves the cluster, and stops the server when nobody else uses it.
  public func stop() throws(PostgresError) {
    guard let share else { return }
    let gate = try FileLock(path: folder.startLock)
    gate.lock(.exclusive)
    defer { gate.unlock() }
    self.share = nil
    defer {
      watch?.finish()
      watch = nil
    }
    guard share.tryLock(.exclusive) else { return share.unlock() }
    defer { share.unlock() }
    guard ServerProcessFile.ofRunningServer(in: folder.data) != nil else { return }
    let user = try ServerUser.choose(dataFolder: folder.data)
    let installation = try ServerInstallation.find(
      majorVersion: folder.majorVersion(), dataFolder: folder.data)
    let mode = isDurable ? "fast" : "immediate"
    let outcome = try user.program(
      installation.path(of: "pg_ctl"), ["stop", "-D", folder.data, "-m", mode, "-w", "-t", "60"]
    ).run()
    guard outcome.isSuccess || ServerProcessFile.ofRunningServer(in: folder.data) == nil else {
      throw PostgresError(.cluster, "cannot stop the server in \(folder.data): \(outcome.output)")
    }
    if folder.socketFolder != folder.root { rmdir(folder.socketFolder) }
  }

  private static let superuser = "retake"

  private func initialise(_ installation: ServerInstallation, _ user: ServerUser) throws(PostgresError) {
    // Made under another name and renamed when complete: a killed initdb leaves nothing that looks like a cluster.
    let unfinished = folder.unfinishedData
    if FileManager.default.fileExists(atPath: unfinished) {
      do {
        try FileManager.default.removeItem(atPath: unfinished)
      } catch {
        throw PostgresError(.cluster, "cannot remove \(unfinished): \(error.localizedDescription)")
      }
    }
    var arguments = [
      "-D", unfinished, "-U", Self.superuser, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
      "--no-instructions",
    ]
    if isDurable { arguments.append("--data-checksums") } else { arguments.append("--no-sync") }
    let outcome = try user.program(installation.path(of: "initdb"), arguments).run()
    guard outcome.isSuccess else {
      throw PostgresError(
        .cluster, "initdb could not make a cluster in \(folder.root): \(outcome.output.suffix(600))",
        hint: outcome.output.contains("No space left")
          ? "Free some space, or choose another data folder" : nil)
    }
    guard rename(unfinished, folder.data) == 0 else {
      throw PostgresError(.cluster, "cannot rename \(unfinished): \(systemMessage())")
    }
  }

  private func startServer(_ installation: ServerInstallation, _ user: ServerUser) throws(PostgresError)
    -> ServerProcessFile
  {
    // Nobody works in this folder, whatever a number left in it says.
    if unlink(folder.data + "/postmaster.pid") != 0, errno != ENOENT {
      throw PostgresError(.cluster, "cannot remove a stale \(folder.data)/postmaster.pid: \(systemMessage())")
    }
    let outcome = try user.program(
      installation.path(of: "pg_ctl"),
      ["start", "-D", folder.data, "-l", folder.log, "-w", "-t", "60", "-o", settings]
    ).run()
    if outcome.isSuccess, let server = ServerProcessFile.ofRunningServer(in: folder.data) { return server }
    throw PostgresError(
      .cluster,
      "PostgreSQL does not start in \(folder.root): \(outcome.output). Its log ends: \(folder.lastLogLines())",
      hint: "The whole log is \(folder.log)")
  }

  private var settings: String {
    ServerSettings(
      memoryBytes: ServerSettings.memoryOfThisMachine, socketFolder: folder.socketFolder, isDurable: isDurable
    ).commandLine
  }

  /// A server of this folder that is alive, once it answers: it may be recovering from a crash.
  private func runningServer() throws(PostgresError) -> ServerProcessFile? {
    for _ in 0..<600 {
      guard let server = ServerProcessFile.ofRunningServer(in: folder.data) else { return nil }
      if server.isReady { return server }
      usleep(100_000)
    }
    throw PostgresError(
      .cluster, "the server in \(folder.data) has not become ready within a minute", hint: "See \(folder.log)"
    )
  }

  private func makeDatabase(
    _ configuration: DatabaseConfiguration, _ installation: ServerInstallation, _ user: ServerUser
  ) throws(PostgresError) {
    let outcome = try user.program(
      installation.path(of: "createdb"),
      [
        "-h", configuration.host, "-p", configuration.port, "-U", Self.superuser, "--maintenance-db=postgres",
        "retake",
      ]
    ).run()
    guard outcome.isSuccess || outcome.output.contains("already exists") else {
      throw PostgresError(.cluster, "cannot make the database retake: \(outcome.output)")
    }
  }
}
