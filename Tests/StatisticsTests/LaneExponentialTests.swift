import Foundation
import Testing

@testable import Statistics

@Suite struct LaneExponentialTests {
  @Test func `every lane is e to its power`() {
    for step in -3_500...3_500 {
      var x = SIMD16<Double>.zero
      for lane in 0..<16 { x[lane] = Double(step) / 5 + Double(lane) / 77 }
      let found = exponential(x)
      for lane in 0..<16 {
        let expected = exp(x[lane])
        #expect(abs(found[lane] - expected) <= 2 * expected.ulp, "e^\(x[lane])")
      }
    }
  }

  @Test func `powers out of range neither overflow nor vanish`() {
    #expect(abs(exponential(SIMD16(repeating: .infinity))[0] / exp(709.0) - 1) < 1e-15)
    #expect(exponential(SIMD16(repeating: -.infinity))[15].isNormal)
    #expect(exponential(.zero) == .init(repeating: 1))
  }
}
