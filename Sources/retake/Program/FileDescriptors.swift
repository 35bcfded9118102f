import Foundation

/// How many files and connections the system lets this process have open.
enum FileDescriptors {
  /// For the database, logs, assets and whatever else is no client's connection.
  static let keptForOthers = 64

  /// Takes as many as the system will give without asking anybody (getrlimit(2): up to the hard limit).
  /// - Returns: how many that is.
  static func raiseLimit() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    if limit.rlim_cur < limit.rlim_max {
      var raised = limit
      raised.rlim_cur = limit.rlim_max
      if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }
}
