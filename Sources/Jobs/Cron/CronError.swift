/// Why a text is not a cron expression. The message names the field, what stands there and what may.
public struct CronError: Error, Hashable, Sendable, CustomStringConvertible {
  /// As it was written.
  public let expression: String
  /// `minute`, `hour`, `day of month`, `month`, `day of week`; nil when the expression as a whole is wrong.
  public let field: String?
  public let problem: String

  public var description: String {
    guard let field else { return "cron expression '\(expression)': \(problem)" }
    return "cron expression '\(expression)', \(field): \(problem)"
  }
}
