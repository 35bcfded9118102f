public import Campaigns

/// Which type of device a user agent stands for: an ordered list of rules, the first that applies decides.
///
/// User agents are texts that anybody may choose, and browsers pretend. What cannot be told is `unknown`: an app's own
/// HTTP library, a name nobody listed. An iPad whose browser asks for desktop pages, as Safari's does since iPadOS 13,
/// says word for word what a Mac says and counts as a desktop.
public struct DeviceRules: Sendable {
  public struct Rule: Hashable, Sendable {
    public var type: DeviceType
    /// Parts of the user agent, of whatever case. At least one must stand in it; empty: none needs to.
    public var any: [String]
    /// All must stand in it.
    public var all: [String]
    /// None may stand in it.
    public var none: [String]

    public init(type: DeviceType, any: [String] = [], all: [String] = [], none: [String] = []) {
      self.type = type
      self.any = any
      self.all = all
      self.none = none
    }
  }

  /// All tokens of all rules together.
  public static let mostTokens = 256

  /// A rule over bits.
  private struct Condition: Sendable {
    var type: DeviceType
    var any: TokenBits
    var all: TokenBits
    var none: TokenBits
  }

  public let rules: [Rule]
  private let matcher: TokenMatcher
  private let conditions: [Condition]

  /// Nothing is known of any user agent.
  public static let none = DeviceRules([])

  /// - Parameter rules: with at most ``mostTokens`` different tokens in all.
  public init(_ rules: [Rule]) {
    self.rules = rules
    var numbers: [String: Int] = [:]
    func bits(_ tokens: [String]) -> TokenBits {
      var bits = TokenBits()
      for token in tokens {
        let token = token.lowercased()
        let number = numbers[token] ?? numbers.count
        numbers[token] = number
        bits.insert(number)
      }
      return bits
    }
    conditions = rules.map {
      Condition(type: $0.type, any: bits($0.any), all: bits($0.all), none: bits($0.none))
    }
    precondition(numbers.count <= Self.mostTokens, "too many tokens")
    matcher = TokenMatcher(numbers.sorted { $0.value < $1.value }.map { Array($0.key.utf8) })
  }

  /// About three nanoseconds per byte.
  public func type(of userAgent: String) -> DeviceType {
    var userAgent = userAgent
    return userAgent.withUTF8 { type(of: $0) }
  }

  func type(of userAgent: UnsafeBufferPointer<UInt8>) -> DeviceType {
    if conditions.isEmpty || userAgent.isEmpty { return .unknown }
    var met = TokenBits()
    matcher.scan(userAgent) { number in
      met.insert(number)
      return true
    }
    return conditions.first { rule in
      (rule.any.isEmpty || met.meets(rule.any)) && met.holds(rule.all) && !met.meets(rule.none)
    }?.type ?? .unknown
  }
}

/// Which of up to 256 tokens.
private struct TokenBits: Hashable, Sendable {
  private var words = SIMD4<UInt64>.zero

  var isEmpty: Bool { words == .zero }

  mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }

  func meets(_ other: TokenBits) -> Bool { words & other.words != .zero }

  func holds(_ other: TokenBits) -> Bool { words & other.words == other.words }
}
