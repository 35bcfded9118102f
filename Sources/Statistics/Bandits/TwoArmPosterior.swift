/// Two Beta posteriors against each other: the probability that B has the higher rate and what choosing either for
/// good is expected to lose.
///
///     P(B > A) = int f_B F_A,   E[(B - A)+] = int F_A (1 - F_B) dp
///
/// The same as ``BestArm`` for two arms, some hundred times faster where both posteriors are bell-shaped
/// (``BetaGrid``); posteriors near a border go to ``BestArm``'s panels. Absolute error of the probability and of
/// the losses in units of their standard deviation: below 1e-11.
public struct TwoArmPosterior: Hashable, Sendable {
  /// P(B > A).
  public let probabilityOfB: Double
  /// The rate expected to be lost by choosing A for good, E[(B - A)+].
  public let expectedLossOfA: Double
  /// The rate expected to be lost by choosing B for good, E[(A - B)+].
  public let expectedLossOfB: Double

  public init(_ a: BetaPosterior, _ b: BetaPosterior) {
    if let fast = BetaGrid.compare(a, b) {
      self = fast
    } else {
      let best = BestArm(byPanels: [a, b])
      self.init(
        probabilityOfB: best.probabilities[1], expectedLossOfA: best.expectedLosses[0],
        expectedLossOfB: best.expectedLosses[1])
    }
  }

  init(probabilityOfB: Double, expectedLossOfA: Double, expectedLossOfB: Double) {
    self.probabilityOfB = probabilityOfB
    self.expectedLossOfA = expectedLossOfA
    self.expectedLossOfB = expectedLossOfB
  }
}
