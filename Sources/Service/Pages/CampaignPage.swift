import Analysis
import Campaigns
import Foundation
import Jobs

/// What `campaign.mustache` shows. Mustache reads the properties by their names.
struct CampaignPage {
  struct Fact {
    let label: String
    let value: String
  }

  struct SegmentSection {
    let key: String
    let name: String
    let detail: String
    let sentences: [Sentence]
    /// Gross and net of the round; nil when nothing came.
    let traffic: String?
    /// What was shown at some time and has not been said again since.
    let earlier: [EarlierClaim]
    let hasEarlier: Bool
    let versions: [VersionCard]
  }

  struct Sentence {
    let kind: String
    let text: String
  }

  struct EarlierClaim {
    let when: String
    let text: String
  }

  struct DecisionRow {
    let when: String
    let kind: String
    let segment: String
    let variant: String
    let reason: String
    let by: String
  }

  struct JobRow {
    let when: String
    let work: String
    let state: String
    let attempt: String
    let note: String
  }

  let title: String
  let navigation: [NavigationLink]
  let workspace: String
  let name: String
  let detail: String
  let facts: [Fact]
  let segments: [SegmentSection]
  let decisions: [DecisionRow]
  let hasDecisions: Bool
  let nextRound: String
  let jobs: [JobRow]
  let hasJobs: Bool
  let asOf: String
}

struct NavigationLink {
  let href: String
  let label: String
  let here: Bool
}

/// Times as the dashboard writes them: `Mon 16 Nov, 22:00`, in UTC.
enum PageTime {
  static func text(_ date: Date) -> String {
    let style = Date.VerbatimFormatStyle(
      format:
        "\(weekday: .abbreviated) \(day: .twoDigits) \(month: .abbreviated), \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)",
      locale: Locale(identifier: "en_GB"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
    return date.formatted(style)
  }
}
