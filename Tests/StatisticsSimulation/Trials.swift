/// Many experiments under one seed, side by side.
public enum Trials {
  /// What each of `count` experiments came to, in their order. Each has a generator of its own, so the answer does
  /// not depend on how many run at once.
  public static func run<Outcome: Sendable, Failure: Error>(
    _ count: Int, seed: UInt64,
    _ experiment: @escaping @Sendable (inout SplitMix64) throws(Failure) -> Outcome
  ) async throws(Failure) -> [Outcome] {
    // Few parts, each large enough to be worth a task; cut finely enough for unlike experiments to even out.
    let parts = max(1, min(count, 64))
    let results = await withTaskGroup(of: (Int, Result<[Outcome], Failure>).self) { group in
      for part in 0..<parts {
        group.addTask {
          (
            part,
            Result { () throws(Failure) in
              var outcomes: [Outcome] = []
              for number in (count * part / parts)..<(count * (part + 1) / parts) {
                var randomness = SplitMix64(seed: seed, experiment: number)
                outcomes.append(try experiment(&randomness))
              }
              return outcomes
            }
          )
        }
      }
      var results = [Result<[Outcome], Failure>?](repeating: nil, count: parts)
      for await (part, result) in group { results[part] = result }
      return results.compactMap(\.self)
    }
    var outcomes: [Outcome] = []
    for result in results { outcomes += try result.get() }
    return outcomes
  }
}
