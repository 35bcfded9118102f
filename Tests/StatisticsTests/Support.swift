import Foundation
import Statistics

/// Agreement to a relative error.
func isClose(_ value: Double, _ expected: Double, within relative: Double = 1e-10) -> Bool {
  abs(value - expected) <= relative * abs(expected)
}

extension BinomialCounts {
  init(_ successes: Int64, _ trials: Int64) { self.init(successes: successes, trials: trials) }
}
