public import Statistics

/// A simulation and the promises it can refute: run shortly by the tests, at length by `scripts/calibrate`.
public struct Calibration: Sendable {
  public enum Length: Sendable { case short, long }

  /// Lower case with underscores.
  public let name: String
  public let seed: UInt64
  /// Of each length.
  public let experiments: (short: Int, long: Int)
  private let simulate:
    @Sendable (_ experiments: Int, _ seed: UInt64) async throws(DataCondition) -> [Finding]

  init(
    _ name: String, seed: UInt64, short: Int, long: Int,
    simulate:
      @escaping @Sendable (_ experiments: Int, _ seed: UInt64) async throws(DataCondition) -> [Finding]
  ) {
    self.name = name
    self.seed = seed
    experiments = (short, long)
    self.simulate = simulate
  }

  public func experiments(_ length: Length) -> Int {
    switch length {
    case .short: experiments.short
    case .long: experiments.long
    }
  }

  /// - Throws: what is wrong with the figures that a simulation came to, which would be an error of the simulation.
  public func run(_ length: Length) async throws(DataCondition) -> [Finding] {
    try await simulate(experiments(length), seed)
  }

  /// All there are.
  public static let all =
    peeking + rare + underBandits + coverage + [power] + [covariates, pooling, reports] + drift + fatigue + [
      factors
    ]
}

extension Calibration: CustomStringConvertible {
  public var description: String { name }
}
