/// What was said about a viewer's consent to being measured. Anything that is not a clear yes is a no.
public enum ConsentStatement: Int16, Hashable, Sendable, Codable {
  /// Nothing was said; the deployment's policy decides.
  case unstated
  case granted
  case denied
}
