import Foundation

/// Curves from 0 to 1 over a progress of 0…1.
enum Easing {
  static func out(_ p: Double) -> Double { 1 - pow(1 - p, 3) }
  static func inOut(_ p: Double) -> Double { p < 0.5 ? 4 * p * p * p : 1 - pow(-2 * p + 2, 3) / 2 }
  /// Half way between steady and eased: a camera that starts and ends softly but never stands.
  static func camera(_ p: Double) -> Double { 0.5 * p + 0.5 * (p * p * (3 - 2 * p)) }
  /// Passes its goal by a tenth and comes back.
  static func outBack(_ p: Double) -> Double {
    let (c, q) = (1.70158, p - 1)
    return 1 + (c + 1) * q * q * q + c * q * q
  }
}
