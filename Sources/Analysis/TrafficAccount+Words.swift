import Campaigns

extension TrafficAccount {
  /// `1.2% of impressions (declared bots 0.8%, impossible sequences 0.4%), gross 1,234,567, net 1,220,000; 3.1% of
  /// clicks (…), gross …, net ….` Nil when no impression or click came at all.
  public var sentence: String? { summary.map { "Filtered traffic: \($0)" } }

  /// The same without its lead, for what has a heading.
  public var summary: String? {
    let told = [EventKind.impression, .click, .conversion].map { self[$0] }
      .filter { $0.gross > 0 && ($0.kind == .impression || $0.filteredEvents > 0) }
    guard !told.isEmpty else { return nil }
    return told.map(\.inWords).joined(separator: "; ") + "."
  }
}

extension TrafficAccount.Line {
  /// `impressions`
  public var plural: String { kind.name.replacing("_", with: " ") + "s" }

  /// `1.2% of impressions (declared bots 0.8%, …), gross 1,234,567, net 1,220,000`
  public var inWords: String {
    guard filteredEvents > 0, let share else {
      return "none of \(Figure.count(gross)) \(plural)"
    }
    return
      "\(Self.percent(share)) of \(plural) (\(reasons)), gross \(Figure.count(gross)), net \(Figure.count(net))"
  }

  /// `declared bots 0.8%, impossible sequences 0.4%`, each of gross.
  public var reasons: String {
    filtered.map { "\($0.reason.inWords) \(Self.percent(Double($0.events) / Double(gross)))" }
      .joined(separator: ", ")
  }

  /// A decimal is enough, and what is there is never 0.
  public static func percent(_ share: Double) -> String {
    share > 0 && share < 0.0005 ? "<0.1%" : Figure.percent(share, digits: 1)
  }
}
