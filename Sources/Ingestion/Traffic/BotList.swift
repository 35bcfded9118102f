/// User agents that say themselves that no person is behind them.
public struct BotList: Sendable {
  /// What a program with such a user agent does.
  public enum Category: String, Hashable, Sendable, CaseIterable {
    case searchEngine = "search_engine"
    case artificialIntelligence = "ai_crawler"
    case linkPreview = "link_preview"
    case searchMarketing = "seo_crawler"
    case archive
    case feedReader = "feed_reader"
    case monitor
    case adVerification = "ad_verification"
    case security
    case httpLibrary = "http_library"
    case headlessBrowser = "headless_browser"
    /// Words by which programs of any kind name themselves.
    case selfDeclared = "self_declared"
  }

  public struct Entry: Hashable, Sendable {
    /// A part of the user agent, of whatever case.
    public var token: String
    public var category: Category
    /// Longer texts that hold the token and mean something else: `cubot` is a telephone.
    public var exceptions: [String]

    public init(token: String, category: Category, exceptions: [String] = []) {
      self.token = token
      self.category = category
      self.exceptions = exceptions
    }
  }

  public let entries: [Entry]
  private let matcher: TokenMatcher
  /// By the matcher's number: the entry, and whether it is an exception of it.
  private let meanings: [(entry: Int, isException: Bool)]
  /// By entry: its place among those with exceptions.
  private let guarded: [Int?]
  private let guardedEntries: [Int]

  public init(_ entries: [Entry] = []) {
    self.entries = entries
    var texts = entries.map { Array($0.token.utf8) }
    var meanings = entries.indices.map { (entry: $0, isException: false) }
    for (index, entry) in entries.enumerated() {
      for exception in entry.exceptions {
        texts.append(Array(exception.utf8))
        meanings.append((index, true))
      }
    }
    matcher = TokenMatcher(texts)
    self.meanings = meanings
    guardedEntries = entries.indices.filter { !entries[$0].exceptions.isEmpty }
    var guarded = [Int?](repeating: nil, count: entries.count)
    for (place, entry) in guardedEntries.enumerated() { guarded[entry] = place }
    self.guarded = guarded
  }

  /// The entry a user agent meets; nil when it says of itself nothing of the kind. About a nanosecond per byte.
  public func entry(for userAgent: String) -> Entry? {
    var userAgent = userAgent
    return userAgent.withUTF8 { index(for: $0) }.map { entries[$0] }
  }

  /// An entry with exceptions is met when its token stands there more often than its exceptions do.
  func index(for userAgent: UnsafeBufferPointer<UInt8>) -> Int? {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: guardedEntries.count) { surplus in
      surplus.initialize(repeating: 0)
      var met: Int?
      matcher.scan(userAgent) { number in
        let (entry, isException) = meanings[number]
        guard let place = guarded[entry] else {
          met = entry
          return false
        }
        surplus[place] += isException ? -1 : 1
        return true
      }
      return met ?? surplus.firstIndex { $0 > 0 }.map { guardedEntries[$0] }
    }
  }
}
