import RealModule

/// When a Brownian motion with drift first passes the boundary of ``AsymptoticConfidenceSequence``, numerically: no
/// simulation, the same answer every time.
///
/// Time t is counted in units. The running sum over its standard deviation per unit is a Brownian motion with drift
/// theta = effect / sigma, and the boundary b(t) is t times the sequence's half width for a deviation of 1, whatever
/// mixture the sequence is made of.
///
/// The density g of the first passage solves the integral equation of Buonocore, Nobile, Ricciardi, "A new integral
/// equation for the evaluation of first-passage-time probability densities" (Advances in Applied Probability 1987,
/// equations 2.7 and 3.3), whose kernel has no singularity:
///
///     g(t) = -2 K(t | x, t_0) + 2 int g(u) K(t | b(u), u) du,
///     K(t | y, u) = 1/2 f(b(t) | y, u) ( b'(t) - (b(t) - y) / (t - u) ),
///
/// by the trapezoid rule on nodes that lie closer near the start, t_0 + L (i / n)^2, where the density may rise steeply. Looks are taken to be continuous (daily looks find the same a little later), and the passage
/// through the far side, against the drift, is left out.
struct BoundaryCrossing {
  let sequence: AsymptoticConfidenceSequence
  /// In standard deviations of one unit, per unit.
  let drift: Double
  /// Where the motion stands: its time and its place, below the boundary.
  var start = (time: 0.0, place: 0.0)

  func boundary(_ t: Double) -> Double {
    let interval = sequence.interval(
      estimate: 0, standardError: 1 / t.squareRoot(), variancePerUnit: 1, units: t, sampleSize: 1)
    return t * interval.high
  }

  /// d b / d t by the central difference; the boundary is smooth on the scale of t.
  private func slope(_ t: Double) -> Double {
    let step = 1e-4 * t
    return (boundary(t + step) - boundary(t - step)) / (2 * step)
  }

  /// The probability of having passed, at `steps` times up to `end`.
  func passed(by end: Double, steps: Int) -> Curve {
    let length = end - start.time
    var curve = Curve(times: [start.time], passed: [0])
    guard length > 0 else { return curve }
    let times = (0...steps).map { index in
      let part = Double(index) / Double(steps)
      return start.time + length * part * part
    }
    var bounds = [0.0]
    // Densities times their nodes' share of the line.
    var masses = [0.0]
    var density = 0.0
    for step in 1...steps {
      let time = times[step]
      let b = boundary(time)
      let slope = slope(time)
      var g = -2 * kernel(b, slope, from: start.place, after: time - start.time)
      for earlier in 1..<step where masses[earlier] > 0 {
        g += 2 * masses[earlier] * kernel(b, slope, from: bounds[earlier], after: time - times[earlier])
      }
      g = max(0, g)
      bounds.append(b)
      masses.append(0.5 * g * (times[min(step + 1, steps)] - times[step - 1]))
      curve.times.append(time)
      curve.passed.append(
        min(1, curve.passed[step - 1] + 0.5 * (density + g) * (time - times[step - 1])))
      density = g
    }
    return curve
  }

  /// A distribution function, linear between its points.
  struct Curve {
    var times: [Double]
    var passed: [Double]

    var last: Double { passed[passed.count - 1] }

    /// The mean of min(time, end), from the start.
    var meanTime: Double {
      var mean = 0.0
      for index in times.indices.dropFirst() {
        let standing = 1 - 0.5 * (passed[index] + passed[index - 1])
        mean += standing * (times[index] - times[index - 1])
      }
      return mean
    }

    func time(of probability: Double) -> Double? {
      guard let after = passed.firstIndex(where: { $0 >= probability }) else { return nil }
      guard after > 0 else { return times[0] }
      let part = (probability - passed[after - 1]) / (passed[after] - passed[after - 1])
      return times[after - 1] + part * (times[after] - times[after - 1])
    }
  }

  @inline(__always)
  private func kernel(_ b: Double, _ slope: Double, from y: Double, after time: Double) -> Double {
    let distance = b - y
    let off = distance - drift * time
    return 0.5 * .exp(-0.5 * off * off / time) / (2 * .pi * time).squareRoot() * (slope - distance / time)
  }

  /// The time by which the boundary is passed with the given probability; nil when not before `limit`.
  func time(passedWith probability: Double, limit: Double) -> Double? {
    guard drift > 0 else { return nil }
    // The mean path meets the boundary somewhere; from there on a few doublings suffice.
    var end = start.time + 1 / (drift * drift)
    while start.place + drift * (end - start.time) < boundary(end), end < limit {
      end = start.time + 2 * (end - start.time)
    }
    while true {
      let reach = min(end, limit)
      if let time = passed(by: reach, steps: 300).time(of: probability) { return time }
      if end >= limit { return nil }
      end = start.time + 2 * (end - start.time)
    }
  }
}
