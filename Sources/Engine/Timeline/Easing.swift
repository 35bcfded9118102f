import Foundation

/// Curves from 0 to 1 over a progress of 0…1.
enum Easing: Sendable, Hashable {
  case linear
  /// Jumps to its goal at the end.
  case hold
  case power(Double, Ends)
  case sine(Ends)
  case expo(Ends)
  /// Passes its goal by a tenth and comes back. Overshoot 1.70158: R. Penner, "Motion, Tweening, and Easing" (2002).
  case back(Ends)
  case elastic(Ends)
  case bounce(Ends)
  /// A weight on a spring, let go at rest: oscillations until it has settled (to 1/1000) at the end.
  /// `damping` 1 does not overshoot.
  case spring(damping: Double)
  /// CSS Easing Functions Level 1, section 2.2.
  case bezier(Double, Double, Double, Double)
  case steps(Int)

  enum Ends: Sendable, Hashable { case start, end, both }

  /// A name of `names`, `bezier(x1, y1, x2, y2)`, `spring(damping)` or `steps(n)`; nil for anything else.
  init?(_ text: String) {
    if let known = Self.named[text] {
      self = known
      return
    }
    guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return nil }
    let parts = text[text.index(after: open)...].dropLast().split(separator: ",")
    let values = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard values.count == parts.count, values.allSatisfy(\.isFinite) else { return nil }
    switch (text[..<open], values.count) {
    case ("bezier", 4) where (0...1).contains(values[0]) && (0...1).contains(values[2]):
      self = .bezier(values[0], values[1], values[2], values[3])
    case ("spring", 1) where (0.05...1).contains(values[0]): self = .spring(damping: values[0])
    case ("steps", 1) where (1...60).contains(values[0]): self = .steps(Int(values[0]))
    default: return nil
    }
  }

  static let named: [String: Easing] = {
    var all: [String: Easing] = [
      "linear": .linear, "hold": .hold, "spring": .spring(damping: 0.5),
      "ease": .bezier(0.25, 0.1, 0.25, 1),
    ]
    for (name, ends) in [("in", Ends.start), ("out", .end), ("in-out", .both)] {
      all[name] = .power(3, ends)
      all["quad-\(name)"] = .power(2, ends)
      all["cubic-\(name)"] = .power(3, ends)
      all["quart-\(name)"] = .power(4, ends)
      all["quint-\(name)"] = .power(5, ends)
      all["sine-\(name)"] = .sine(ends)
      all["expo-\(name)"] = .expo(ends)
      all["back-\(name)"] = .back(ends)
      all["elastic-\(name)"] = .elastic(ends)
      all["bounce-\(name)"] = .bounce(ends)
    }
    return all
  }()

  static let names = named.keys.sorted()

  /// 0 at 0 and 1 at 1; in between it may leave 0…1.
  func callAsFunction(_ progress: Double) -> Double {
    let p = min(1, max(0, progress))
    switch self {
    case .linear: return p
    case .hold: return p < 1 ? 0 : 1
    case .power(let exponent, let ends): return ends.shape(p) { pow($0, exponent) }
    case .sine(let ends): return ends.shape(p) { 1 - cos($0 * .pi / 2) }
    case .expo(let ends): return ends.shape(p) { $0 <= 0 ? 0 : (pow(2, 10 * $0) - 1) / 1023 }
    case .back(let ends):
      let c = ends == .both ? 2.5949095 : 1.70158
      return ends.shape(p) { $0 * $0 * ((c + 1) * $0 - c) }
    case .elastic(let ends):
      return ends.shape(p) {
        $0 <= 0 ? 0 : $0 >= 1 ? 1 : -pow(2, 10 * $0 - 10) * sin(($0 * 10 - 10.75) * 2 * .pi / 3)
      }
    case .bounce(let ends): return ends.shape(p) { 1 - Self.bounced(1 - $0) }
    case .spring(let damping): return Self.sprung(p, damping)
    case .bezier(let x1, let y1, let x2, let y2): return Self.bezier(p, x1, y1, x2, y2)
    case .steps(let count): return p >= 1 ? 1 : (p * Double(count)).rounded(.down) / Double(count)
    }
  }

  private static func bounced(_ p: Double) -> Double {
    for (edge, middle, height) in [(1.0, 0.0, 0.0), (2, 1.5, 0.75), (2.5, 2.25, 0.9375)]
    where p < edge / 2.75 {
      let x = p - middle / 2.75
      return 7.5625 * x * x + height
    }
    let x = p - 2.625 / 2.75
    return 7.5625 * x * x + 0.984375
  }

  /// The step response of a damped oscillator (mass and stiffness 1), its time scaled so that the envelope
  /// is 1/1000 at the end.
  private static func sprung(_ p: Double, _ damping: Double) -> Double {
    guard p < 1 else { return 1 }
    guard damping < 1 else {
      let t = 9.24 * p
      return 1 - (1 + t) * exp(-t)
    }
    let t = log(1000) / damping * p
    let frequency = (1 - damping * damping).squareRoot()
    return 1 - exp(-damping * t) * (cos(frequency * t) + damping / frequency * sin(frequency * t))
  }

  private static func bezier(_ x: Double, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Double {
    func point(_ t: Double, _ a: Double, _ b: Double) -> Double {
      3 * (1 - t) * (1 - t) * t * a + 3 * (1 - t) * t * t * b + t * t * t
    }
    guard x > 0, x < 1 else { return x }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<48 {
      let middle = (low + high) / 2
      if point(middle, x1, x2) < x { low = middle } else { high = middle }
    }
    return point((low + high) / 2, y1, y2)
  }

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

extension Easing.Ends {
  /// `curve` eases at its start; this turns it to the end asked for.
  func shape(_ p: Double, _ curve: (Double) -> Double) -> Double {
    switch self {
    case .start: curve(p)
    case .end: 1 - curve(1 - p)
    case .both: p < 0.5 ? curve(2 * p) / 2 : 1 - curve(2 - 2 * p) / 2
    }
  }
}
