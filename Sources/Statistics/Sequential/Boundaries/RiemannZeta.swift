import RealModule

/// zeta(s) for s > 1, by Euler and Maclaurin's formula after twenty terms (NIST DLMF 25.2.9).
enum RiemannZeta {
  static func value(_ s: Double) -> Double {
    let terms = 20
    var sum = 0.0
    for n in stride(from: terms - 1, through: 1, by: -1) { sum += .pow(Double(n), -s) }
    let n = Double(terms)
    let power = Double.pow(n, -s)
    sum += power * (n / (s - 1) + 0.5)
    // B_2k / (2k)! s (s + 1) ... (s + 2k - 2) n^(1 - s - 2k).
    var rising = s
    var inverse = power / n
    for (index, coefficient) in [1 / 12.0, -1 / 720.0, 1 / 30240.0, -1 / 1_209_600.0, 1 / 47_900_160.0]
      .enumerated()
    {
      sum += coefficient * rising * inverse
      let k = Double(2 * index + 1)
      rising *= (s + k) * (s + k + 1)
      inverse /= n * n
    }
    return sum
  }
}
