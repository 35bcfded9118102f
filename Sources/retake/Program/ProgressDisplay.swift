import Analysis
import Foundation
import Synchronization

/// Tells what is being done, how many of how many and how long it took: a bar that redraws itself on a
/// terminal, plain lines everywhere else. Writes to standard error, so that results can be piped.
final class ProgressDisplay: Sendable {
  private let isTerminal: Bool
  private let columns: Int

  init(isTerminal: Bool = Console.errorIsTerminal, columns: Int = Console.columns(of: STDERR_FILENO)) {
    self.isTerminal = isTerminal
    self.columns = columns
  }

  /// One piece of work whose progress is shown. Thread-safe; values may arrive in any order.
  final class Step: Sendable {
    private struct State {
      var total: Int
      var done = 0
      /// Units begun and not done, as parts of one: moves the bar only.
      var underWay = 0.0
      var detail = ""
      var drawnAt: ContinuousClock.Instant?
      var quarterTold = 0
      var isEnded = false
      var pace = Pace()
    }

    private let title: String
    private let unit: String
    private let hasPace: Bool
    private let display: ProgressDisplay
    private let startedAt = ContinuousClock.now
    private let state: Mutex<State>

    fileprivate init(_ title: String, unit: String, total: Int, hasPace: Bool, display: ProgressDisplay) {
      self.title = title
      self.unit = unit
      self.hasPace = hasPace
      self.display = display
      state = Mutex(State(total: total))
      display.write(
        display.isTerminal ? "" : "… \(title)\(total > 0 ? " (\(counted(total, unit)))" : "")\n")
      redraw(force: true)
    }

    var elapsed: Duration { ContinuousClock.now - startedAt }

    func advance(by count: Int = 1, detail: String? = nil) {
      state.withLock {
        $0.done += count
        $0.pace.note($0.done, at: elapsed)
        if let detail { $0.detail = detail }
      }
      redraw(force: false)
    }

    func update(done: Int, total: Int? = nil, underWay: Double = 0, detail: String? = nil) {
      state.withLock {
        $0.done = done
        $0.pace.note(done, at: elapsed)
        $0.underWay = underWay
        if let total { $0.total = total }
        if let detail { $0.detail = detail }
      }
      redraw(force: false)
    }

    enum Ending {
      case done, failed
      /// Given up for something else.
      case leftOff
    }

    /// The step's last line; only the first ending counts.
    func end(_ ending: Ending) {
      let isFirst = state.withLock { state in
        defer { state.isEnded = true }
        return !state.isEnded
      }
      guard isFirst else { return }
      let (sign, colour) =
        switch ending {
        case .done: ("✓", 32)
        case .failed: ("✗", 31)
        case .leftOff: ("–", 33)
        }
      finish(display.isTerminal ? "\u{1B}[\(colour)m\(sign)\u{1B}[0m" : sign)
    }

    private func finish(_ mark: String) {
      let state = state.withLock { $0 }
      var line = "\(mark) \(title)"
      if state.done > 0 { line += " · \(counted(state.done, unit))" }
      line += " · \(seconds(elapsed))"
      if !state.detail.isEmpty { line += " · \(state.detail)" }
      display.write((display.isTerminal ? "\r\u{1B}[2K" : "") + line + "\n")
    }

    private func redraw(force: Bool) {
      let now = ContinuousClock.now
      let line: String? = state.withLock { state in
        if display.isTerminal {
          if !force, let drawnAt = state.drawnAt, now - drawnAt < .milliseconds(100) { return nil }
          state.drawnAt = now
          return bar(state)
        }
        guard state.total > 0 else { return nil }
        let quarter = state.done * 4 / state.total
        guard quarter > state.quarterTold, quarter < 4 else { return nil }
        state.quarterTold = quarter
        let pace = hasPace ? state.pace.words(total: state.total, unit: unit).map { ", \($0)" } ?? "" : ""
        return
          "  \(title): \(grouped(state.done)) of \(grouped(state.total)) \(unit), \(seconds(elapsed))\(pace)\n"
      }
      if let line { display.write(line) }
    }

    private func bar(_ state: State) -> String {
      var line = "  \(title) "
      if state.total > 0 {
        // What is left of the line once title, counts, time and pace have theirs.
        let others = title.count + unit.count + (hasPace ? 52 : 30)
        let width = min(24, max(6, display.columns - others))
        let filled = min(
          width, Int((Double(state.done) + state.underWay) / Double(state.total) * Double(width)))
        line += String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        line += " \(grouped(state.done))/\(grouped(state.total)) \(unit)"
      } else if state.done > 0 {
        line += "\(grouped(state.done)) \(unit)"
      }
      line += (state.total > 0 ? " · " : " ") + seconds(elapsed)
      if hasPace, let pace = state.pace.words(total: state.total, unit: unit) { line += " · \(pace)" }
      if !state.detail.isEmpty { line += "  \(state.detail)" }
      return "\r\u{1B}[2K" + String(line.prefix(display.columns - 1))
    }
  }

  /// Runs `body` as a step; the last line of the step says how it ended and how long it took.
  func step<Result>(
    _ title: String, unit: String = "", total: Int = 0, hasPace: Bool = false,
    _ body: (Step) async throws -> Result
  ) async throws -> Result {
    let step = begin(title, unit: unit, total: total, hasPace: hasPace)
    do {
      let result = try await body(step)
      step.end(.done)
      return result
    } catch {
      step.end(error is CancellationError ? .leftOff : .failed)
      throw error
    }
  }

  /// Begins a step that somebody else ends.
  /// - Parameter hasPace: tells how many units a second are done, and how long the rest will take.
  func begin(_ title: String, unit: String = "", total: Int = 0, hasPace: Bool = false) -> Step {
    Step(title, unit: unit, total: total, hasPace: hasPace, display: self)
  }

  func say(_ line: String) { write(line + "\n") }

  private func write(_ text: String) {
    if !text.isEmpty { Console.draw(text) }
  }
}

/// `1,234,567`, as in reports.
func grouped(_ number: Int) -> String { Figure.count(Int64(number)) }

/// `1 file`, `27 files`: `unit` is a plural that ends in s.
func counted(_ number: Int, _ unit: String) -> String {
  "\(grouped(number)) \(number == 1 && unit.hasSuffix("s") ? String(unit.dropLast()) : unit)"
}

func seconds(_ duration: Duration) -> String {
  let value = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  return String(format: "%.1f s", value)
}
