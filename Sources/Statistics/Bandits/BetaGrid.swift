import RealModule

/// The arithmetic of ``TwoArmPosterior``: both posteriors on one even grid of the angle theta = arcsin sqrt(p).
///
/// On that scale a Beta(a, b) has density sin^(2a-1) cos^(2b-1), nearly normal with standard deviation
/// 1 / (2 sqrt(a + b - 1)) whatever the rate, so that one step serves both arms. For such band-limited bells the
/// trapezoid rule, and the running integral by the sinc kernel
///
///     F(x_j) = h sum_i f_i (1/2 + Si(pi (j - i)) / pi)
///
/// converge exponentially (Stenger, "Numerical methods based on sinc and analytic functions", 1993, section 4.5):
/// about thirty nodes suffice for twelve digits. What is summed are products of both bells only, whose aliasing is
/// exp(-(2 pi / h)^2 s^2 / 2) with 1 / s^2 = 1 / s_A^2 + 1 / s_B^2: that sets the step. Losses are therefore
/// E[(B - A) 1(B > A)], not an integral of distribution functions.
enum BetaGrid {
  /// Below it a density is not bell-shaped enough on the angle's scale.
  private static let smallestParameter = 12.0
  /// Half the nodes there is room for.
  private static let reach = 96
  private static let aliasing = 31.0
  private static let tail = -30.0

  /// nil where the grid is not the right means: a parameter below 12, or widths that differ by more than about
  /// seven times.
  static func compare(_ a: BetaPosterior, _ b: BetaPosterior) -> TwoArmPosterior? {
    guard min(min(a.alpha, a.beta), min(b.alpha, b.beta)) >= smallestParameter,
      max(a.alpha + a.beta, b.alpha + b.beta) < 1e15
    else { return nil }
    let armA = Arm(a)
    let armB = Arm(b)
    if abs(armA.mode - armB.mode) > 12 * (armA.deviation + armB.deviation) {
      let gain = b.mean - a.mean
      return TwoArmPosterior(
        probabilityOfB: gain > 0 ? 1 : 0, expectedLossOfA: max(0, gain), expectedLossOfB: max(0, -gain))
    }
    return withUnsafeTemporaryAllocation(of: SIMD2<Double>.self, capacity: 4 * reach + 2) { room in
      integrate(armA, armB, room.baseAddress!, room.baseAddress! + (2 * reach + 1))
    }
  }

  private struct Arm {
    let powerOfSine: Double
    let powerOfCosine: Double
    let mode: Double
    let deviation: Double

    init(_ posterior: BetaPosterior) {
      powerOfSine = 2 * posterior.alpha - 1
      powerOfCosine = 2 * posterior.beta - 1
      mode = .atan2(y: powerOfSine.squareRoot(), x: powerOfCosine.squareRoot())
      deviation = 1 / (2 * (powerOfSine + powerOfCosine)).squareRoot()
    }
  }

  private static func integrate(
    _ a: Arm, _ b: Arm, _ first: UnsafeMutablePointer<SIMD2<Double>>,
    _ second: UnsafeMutablePointer<SIMD2<Double>>
  ) -> TwoArmPosterior? {
    let step =
      2 * .pi / (2 * aliasing).squareRoot() * a.deviation * b.deviation
      / (a.deviation * a.deviation + b.deviation * b.deviation).squareRoot()
    let frame = Frame(a, b)
    var low = reach
    var high = reach
    // Outwards from the centre until both densities have vanished.
    let turn = (cosine: Double.cos(0.5 * step), sine: Double.sin(0.5 * step))
    for direction in [1.0, -1.0] {
      var half = (cosine: 1.0, sine: 0.0)
      var at = reach
      while true {
        let point = frame.point(sineOfHalf: direction * half.sine, cosineOfHalf: half.cosine)
        let value = Double.exp(point.logDensity.x)
        first[at] = SIMD2(value, value * point.rate)
        second[at] = SIMD2(.exp(point.logDensity.y), point.rate)
        if direction > 0 { high = at } else { low = at }
        let offset = step * Double(at - reach)
        let isPast = direction > 0 ? offset > frame.latestMode : offset < frame.earliestMode
        if isPast, max(point.logDensity.x, point.logDensity.y) < tail { break }
        at += direction > 0 ? 1 : -1
        guard at >= 0, at <= 2 * reach else { return nil }
        half = (
          half.cosine * turn.cosine - half.sine * turn.sine, half.sine * turn.cosine + half.cosine * turn.sine
        )
      }
    }
    return sums(first + low, second + low, count: high - low + 1)
  }

  /// - Parameters:
  ///   - first: A's density and its product with the rate, which is counted from the centre's.
  ///   - second: B's density and the rate.
  private static func sums(
    _ first: UnsafeMutablePointer<SIMD2<Double>>, _ second: UnsafeMutablePointer<SIMD2<Double>>, count: Int
  ) -> TwoArmPosterior? {
    var totalOfA = SIMD2<Double>.zero
    var totalOfB = 0.0
    for i in 0..<count {
      totalOfA += first[i]
      totalOfB += second[i].x
    }
    guard totalOfA.x > 0, totalOfB > 0 else { return nil }
    var won = 0.0
    var gain = 0.0
    var loss = 0.0
    kernel.withUnsafeBufferPointer { kernel in
      for j in 0..<count {
        // The kernel at j - i, walked backwards as i goes up; two sums hide the adder's latency.
        let row = kernel.baseAddress! + (2 * reach + j)
        var even = SIMD2<Double>.zero
        var odd = SIMD2<Double>.zero
        var i = 0
        while i + 1 < count {
          even += first[i] * row[-i]
          odd += first[i + 1] * row[-i - 1]
          i += 2
        }
        if i < count { even += first[i] * row[-i] }
        let side = even + odd
        let below = 0.5 * totalOfA + side
        let above = 0.5 * totalOfA - side
        let b = second[j]
        won += b.x * below.x
        gain += b.x * (b.y * below.x - below.y)
        loss += b.x * (above.y - b.y * above.x)
      }
    }
    let scale = 1 / (totalOfA.x * totalOfB)
    return TwoArmPosterior(
      probabilityOfB: min(1, max(0, won * scale)), expectedLossOfA: max(0, gain * scale),
      expectedLossOfB: max(0, loss * scale))
  }

  /// Si(pi k) / pi for k = -2 reach ... 2 reach, in both lanes.
  private static let kernel: [SIMD2<Double>] = {
    let rule = GaussLegendre.sixteen
    var positive = [0.0]
    for k in 1...(2 * reach) {
      let middle = Double(k) - 0.5
      let part = zip(rule.nodes, rule.weights).reduce(0) { sum, node in
        let x = .pi * (middle + 0.5 * node.0)
        return sum + 0.5 * node.1 * .sin(x) / x
      }
      positive.append(positive[k - 1] + part)
    }
    let all = positive.dropFirst().reversed().map { -$0 } + positive
    return all.map { SIMD2(repeating: $0) }
  }()
}

extension BetaGrid {
  /// Both log-densities about a common centre c, with delta = theta - c:
  ///
  ///     sin theta = sin c (1 + x),  x =  cot c sin delta - 2 sin^2(delta / 2)
  ///     cos theta = cos c (1 + y),  y = -tan c sin delta - 2 sin^2(delta / 2)
  ///
  /// The first-order terms of both logarithms nearly cancel, so they are added as one and only ln(1 + x) - x is
  /// multiplied by the powers: what remains is precise for counts of 1e12.
  private struct Frame {
    let a: Arm
    let b: Arm
    let earliestMode: Double
    let latestMode: Double
    private let cotangent: Double
    private let tangent: Double
    private let rateAtCentre: Double
    private let slopes: SIMD2<Double>
    private let powersOfSine: SIMD2<Double>
    private let powersOfCosine: SIMD2<Double>
    private var peaks = SIMD2<Double>.zero

    init(_ a: Arm, _ b: Arm) {
      self.a = a
      self.b = b
      let centre = 0.5 * (a.mode + b.mode)
      earliestMode = min(a.mode, b.mode) - centre
      latestMode = max(a.mode, b.mode) - centre
      let sine = Double.sin(centre)
      let cosine = Double.cos(centre)
      cotangent = cosine / sine
      tangent = sine / cosine
      rateAtCentre = sine * sine
      powersOfSine = SIMD2(a.powerOfSine, b.powerOfSine)
      powersOfCosine = SIMD2(a.powerOfCosine, b.powerOfCosine)
      slopes = powersOfSine * cotangent - powersOfCosine * tangent
      let half = 0.5 * (b.mode - centre)
      let sineOfHalf = Double.sin(half)
      let cosineOfHalf = Double.cos(half)
      peaks = SIMD2(
        point(sineOfHalf: -sineOfHalf, cosineOfHalf: cosineOfHalf).logDensity.x,
        point(sineOfHalf: sineOfHalf, cosineOfHalf: cosineOfHalf).logDensity.y)
    }

    /// Log-densities relative to their peaks, and p less its value at the centre.
    @inline(__always)
    func point(sineOfHalf: Double, cosineOfHalf: Double) -> (logDensity: SIMD2<Double>, rate: Double) {
      let sine = 2 * sineOfHalf * cosineOfHalf
      let versine = 2 * sineOfHalf * sineOfHalf
      let z = SIMD2(cotangent * sine - versine, -tangent * sine - versine)
      let bent = Self.logOnePlusMinus(z)
      let linear = slopes * sine - (powersOfSine + powersOfCosine) * versine
      return (
        powersOfSine * bent.x + powersOfCosine * bent.y + linear - peaks,
        rateAtCentre * z.x * (2 + z.x)
      )
    }

    /// ln(1 + z) - z in both lanes: with r = z / (2 + z), ln(1 + z) = 2 artanh r and 2 r - z = -r z.
    @inline(__always)
    private static func logOnePlusMinus(_ z: SIMD2<Double>) -> SIMD2<Double> {
      guard abs(z.x) < 0.25, abs(z.y) < 0.25 else {
        return SIMD2(.log(onePlus: max(z.x, -1)) - z.x, .log(onePlus: max(z.y, -1)) - z.y)
      }
      let r = z / (2 + z)
      let square = r * r
      var series = SIMD2<Double>(repeating: 2 / 19.0)
      series = series * square + 2 / 17.0
      series = series * square + 2 / 15.0
      series = series * square + 2 / 13.0
      series = series * square + 2 / 11.0
      series = series * square + 2 / 9.0
      series = series * square + 2 / 7.0
      series = series * square + 2 / 5.0
      series = series * square + 2 / 3.0
      return r * (square * series - z)
    }
  }
}
