public import Campaigns
public import FoundationEssentials

/// Makes ids. What is made for the same moment keeps the order in which it was made: each id is stamped with a
/// millisecond of its own.
public struct IdentifierSource: Sendable {
  private let randomness: @Sendable () -> any RandomNumberGenerator

  public init(randomness: @escaping @Sendable () -> any RandomNumberGenerator) {
    self.randomness = randomness
  }

  public static let live = IdentifierSource { SystemRandomNumberGenerator() }

  /// - Parameter position: among the rows made for this moment.
  public func next<Subject>(
    _ type: Subject.Type = Subject.self, at moment: Date, position: Int = 0
  ) -> Identifier<Subject> {
    var generator = randomness()
    // Half a millisecond in, so that rounding of the sum cannot reach the neighbour.
    let stamp = moment.addingTimeInterval((Double(position) + 0.5) / 1000)
    return Self.make(at: stamp, &generator)
  }

  private static func make<Subject>(
    at moment: Date, _ generator: inout some RandomNumberGenerator
  ) -> Identifier<Subject> {
    .new(at: moment, using: &generator)
  }
}
