public import Campaigns

/// What can keep the autopilot from deciding, or a decision from being undone or taken again.
public enum AutopilotError: Error, Sendable, CustomStringConvertible {
  case unreadableEvidence(Identifier<Decision>, problem: String)
  case takenByPerson(Identifier<Decision>, by: String)
  case otherVersion(Identifier<Decision>, took: Int, now: Int)
  case notReached(Identifier<Decision>, Decision.Kind)
  /// The decision cannot be undone any more, or never could.
  case irreversible(String)
  /// A campaign without versions to design from.
  case noDesign(String)

  public var description: String {
    switch self {
    case .unreadableEvidence(let id, let problem):
      "the evidence of decision \(id) cannot be read: \(problem). Was it written by a newer version of Retake?"
    case .takenByPerson(let id, let person):
      "decision \(id) was taken by \(person), not computed"
    case .otherVersion(let id, let took, let now):
      "decision \(id) was taken by version \(took) of the rules; this program has version \(now)"
    case .notReached(let id, let kind):
      "the evidence of decision \(id) does not lead to a decision to \(kind.rawValue)"
    case .irreversible(let reason): reason
    case .noDesign(let reason): reason
    }
  }
}
