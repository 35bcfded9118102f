import FoundationEssentials
import Synchronization

/// The `Date` field of answers (RFC 9110, section 6.6.1), written once a second.
final class ResponseDate: Sendable {
  private let written = Mutex((second: Int64.min, text: ""))
  private let now: @Sendable () -> Date

  init(now: @escaping @Sendable () -> Date) { self.now = now }

  var text: String {
    let second = Int64(now().timeIntervalSince1970.rounded(.down))
    return written.withLock { written in
      if written.second != second {
        written = (second, Self.text(of: Date(timeIntervalSince1970: TimeInterval(second))))
      }
      return written.text
    }
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
  private static func text(of moment: Date) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = calendar.dateComponents(
      [.weekday, .day, .month, .year, .hour, .minute, .second], from: moment)
    func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
    let weekday = weekdays[(parts.weekday ?? 1) - 1]
    let month = months[(parts.month ?? 1) - 1]
    let time = "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
    return "\(weekday), \(two(parts.day)) \(month) \(parts.year ?? 0) \(time) GMT"
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
