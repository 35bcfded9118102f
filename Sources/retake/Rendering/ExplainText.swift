import Engine
import Foundation

/// What a rendering found in the cache and what it had to make, and why, for a terminal.
struct ExplainText {
  private let report: RenderReport
  private let name: String

  init(_ report: RenderReport, of name: String) {
    self.report = report
    self.name = name
  }

  var text: String {
    let made = report.segments.count { $0.isEncoded }
    let (cached, all) = report.cachedFrames
    var lines = [
      "\(name): \(made) of \(counted(report.segments.count, "segments")) encoded, "
        + "\(grouped(cached)) of \(counted(all, "frames")) taken over"
    ]
    if report.wasKnown {
      lines.append("  Document, assets, fonts and placement are as before: nothing was laid out.")
    }
    if !report.wasJoined {
      lines.append("  The segments could not be joined: the film was encoded in one go.")
    }
    var table = Table(["", "from", "until", "frames", "what"])
    for segment in report.segments {
      table.add([
        "", Self.time(segment.firstFrame), Self.time(segment.endFrame),
        "\(segment.endFrame - segment.firstFrame)", "\(segment.origin)",
      ])
    }
    table.add(["", "sound", "", "", "\(report.sound)"])
    lines.append(table.text)
    return lines.joined(separator: "\n")
  }

  private static func time(_ frame: Int) -> String {
    String(format: "%.2f s", Double(frame) / Double(Engine.framesPerSecond))
  }
}

extension RenderReport.Segment {
  fileprivate var isEncoded: Bool {
    if case .encoded = origin { true } else { false }
  }
}
