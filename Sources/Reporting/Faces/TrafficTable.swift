import Analysis
import Campaigns

/// Gross and net by kind of event, one column per rule that filtered anything; empty when none did.
struct TrafficTable {
  let headings: [String]
  let rows: [[String]]

  init(_ traffic: PeriodTraffic) {
    let account = traffic.week.isEmpty ? traffic.total : traffic.week
    let reasons = TrafficFilter.allCases.filter { reason in
      account.lines.contains { $0.filtered.contains { $0.reason == reason } }
    }
    headings = ["events", "gross"] + reasons.map(\.inWords) + ["net", "filtered"]
    guard !reasons.isEmpty else {
      rows = []
      return
    }
    rows = account.lines.map { line in
      let counts = reasons.map { reason in
        line.filtered.first { $0.reason == reason }.map { Figure.count($0.events) } ?? "–"
      }
      return [Words.capitalised(line.plural), Figure.count(line.gross)] + counts + [
        Figure.count(line.net), line.share.map(TrafficAccount.Line.percent) ?? "–",
      ]
    }
  }
}
