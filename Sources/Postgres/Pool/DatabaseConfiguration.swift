import CPostgres

/// Where the database is and how patient we are. Printing one never shows a password.
public struct DatabaseConfiguration: Sendable {
  /// libpq's connection keywords (libpq documentation, 34.1.2), as given by the address.
  private var keywords: [String: String]

  public var applicationName = "retake"
  /// Connections open at once, at most. 1 or more.
  public var maximumConnections = 8
  /// How long a caller waits for a free connection, connecting included.
  public var acquireTimeout: Duration = .seconds(10)
  /// How long, within `acquireTimeout`, connecting is tried again with growing pauses while the server is away.
  public var reconnectPatience: Duration = .seconds(2)
  /// One attempt to connect.
  public var connectTimeout: Duration = .seconds(5)
  /// What one statement may take; the server enforces it.
  public var statementTimeout: Duration = .seconds(30)
  /// How long sent bytes may stay unacknowledged by a server in another machine.
  public var tcpUserTimeout: Duration = .seconds(15)
  /// Prepare what runs more than once. Off for poolers that share sessions between clients.
  public var preparesStatements = true

  /// From `postgres://user:password@host:port/database?sslmode=require`, or libpq's `host=… dbname=…`.
  public init(url: String) throws(PostgresError) {
    var reason: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(url, &reason) else {
      var message = "this is no address of a PostgreSQL database"
      if let reason {
        // libpq quotes what it does not understand, which may be a part of a password.
        let isSafe = !url.contains("@") && !url.contains("password")
        if isSafe { message += ": \(String(cString: reason).trimmingLines)" }
        PQfreemem(reason)
      }
      throw PostgresError(
        .configuration, message,
        hint:
          "Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for @, %2F for / and so on in a password"
      )
    }
    defer { PQconninfoFree(options) }
    keywords = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { keywords[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    if let name = keywords.removeValue(forKey: "application_name") { applicationName = name }
  }

  /// A server reached through a Unix socket in this folder.
  public init(socketFolder: String, database: String, user: String, port: Int = 5432) {
    keywords = ["host": socketFolder, "port": "\(port)", "dbname": database, "user": user]
  }

  public var database: String {
    get { keywords["dbname"] ?? user }
    set { keywords["dbname"] = newValue }
  }
  public var user: String { keywords["user"] ?? "" }
  /// A host's name or address, or the folder of a Unix socket.
  public var host: String { keywords["host"] ?? keywords["hostaddr"] ?? "localhost" }
  public var port: String { keywords["port"] ?? "5432" }

  public func with(database: String) -> DatabaseConfiguration {
    var copy = self
    copy.database = database
    return copy
  }

  /// Everything libpq gets. Time zone and timeouts go with the startup message: no round trip, and never forgotten.
  var connectionKeywords: [(String, String)] {
    var all = keywords
    all["application_name"] = applicationName
    all["client_encoding"] = "UTF8"
    all["tcp_user_timeout"] = "\(tcpUserTimeout.inMilliseconds)"
    all["keepalives_idle"] = all["keepalives_idle"] ?? "30"
    all["keepalives_interval"] = all["keepalives_interval"] ?? "5"
    all["keepalives_count"] = all["keepalives_count"] ?? "3"
    let settings = "-c TimeZone=UTC -c statement_timeout=\(statementTimeout.inMilliseconds)"
    all["options"] = [all["options"], settings].compactMap { $0 }.joined(separator: " ")
    return all.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  func connectionFailure(_ reason: String) -> PostgresError {
    var error = PostgresError(.connection, "cannot connect to \(self): \(reason)")
    // While connecting, libpq gives no SQLSTATE; the server's words do, and they are not translated before a session
    // has chosen its language.
    if reason.contains("does not exist") || reason.contains("authentication")
      || reason.contains("pg_hba.conf")
    {
      error.kind = .configuration
    } else {
      error.hint = "Is the server running, and does the address fit?"
    }
    return error
  }
}

extension DatabaseConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String {
    if host.hasPrefix("/") { return "database \(database) at the socket in \(host)" }
    return "database \(database) at \(host):\(port)"
  }
  public var debugDescription: String { description }
  /// `dump` and string interpolation of what holds a configuration go through the mirror.
  public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}

extension Duration {
  var inMilliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
