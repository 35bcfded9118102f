/// Where a continuous function changes sign.
enum RootFinding {
  /// Brent, "Algorithms for minimization without derivatives" (1973), section 4.6: halving at worst, much faster as a
  /// rule. `low` and `high` must lie on either side of the root; when they do not, the end nearer to zero comes back.
  static func root(
    between low: Double, and high: Double, tolerance: Double, _ f: (Double) -> Double
  ) -> Double {
    var (a, b) = (low, high)
    var (fa, fb) = (f(a), f(b))
    guard fa.sign != fb.sign, fa != 0, fb != 0 else { return abs(fa) < abs(fb) ? a : b }
    var (c, fc) = (a, fa)
    var step = b - a
    var previous = step
    for _ in 0..<200 {
      // b is the best guess, c the other side of the root, a the guess before.
      if abs(fc) < abs(fb) { (a, b, c, fa, fb, fc) = (b, c, b, fb, fc, fb) }
      let least = 2 * Double.ulpOfOne * abs(b) + 0.5 * tolerance
      let half = 0.5 * (c - b)
      if abs(half) <= least || fb == 0 { return b }
      if abs(previous) < least || abs(fa) <= abs(fb) {
        (step, previous) = (half, half)
      } else {
        let s = fb / fa
        var (p, q) = (2 * half * s, 1 - s)
        if a != c {
          let (u, r) = (fa / fc, fb / fc)
          p = s * (2 * half * u * (u - r) - (b - a) * (r - 1))
          q = (u - 1) * (r - 1) * (s - 1)
        }
        if p > 0 { q = -q } else { p = -p }
        if 2 * p < min(3 * half * q - abs(least * q), abs(previous * q)) {
          (previous, step) = (step, p / q)
        } else {
          (step, previous) = (half, half)
        }
      }
      (a, fa) = (b, fb)
      b += abs(step) > least ? step : (half > 0 ? least : -least)
      fb = f(b)
      if fb.sign == fc.sign {
        (c, fc) = (a, fa)
        (step, previous) = (b - a, b - a)
      }
    }
    return b
  }
}
