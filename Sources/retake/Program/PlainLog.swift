import Foundation
import Logging

/// Log lines for people, on standard error: `12:30:05 warning retake.jobs: text, key=value`.
struct PlainLog: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  let label: String

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let time = Date().formatted(.iso8601.time(includingFractionalSeconds: false))
    var line = "\(time) \(event.level.rawValue) \(label): \(event.message)"
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += ", \(key)=\(value)" }
    Console.note(line)
  }

  /// Once per process, before the first logger is made.
  static func start(at level: Logger.Level) {
    LoggingSystem.bootstrap { PlainLog(logLevel: level, label: $0) }
  }
}
