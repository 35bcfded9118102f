public import Campaigns

public enum AnalysisError: Error, Hashable, CustomStringConvertible {
  case unreadableEvidence(verdict: Identifier<Verdict>, problem: String)
  case otherVersion(verdict: Identifier<Verdict>, version: Int)
  case unwritableEvidence(String)
  /// Counts too large for 64 bits or a row that names an unknown version.
  case inconsistentRollups(String)

  public var description: String {
    switch self {
    case .unreadableEvidence(let verdict, let problem):
      "The evidence of verdict \(verdict) cannot be read: \(problem)."
    case .otherVersion(let verdict, let version):
      "Verdict \(verdict) was reached by version \(version) of the arithmetic; this program has versions "
        + "up to \(Evidence.currentVersion). Use the release of its time to compute it again."
    case .unwritableEvidence(let problem): "A verdict's evidence cannot be put into JSON: \(problem)."
    case .inconsistentRollups(let problem): "The rollups do not fit the campaign: \(problem)."
    }
  }
}
