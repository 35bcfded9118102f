import Documents
import Engine
import Foundation

/// A document rendered once for every placement asked for: read, laid out, made, told of.
struct RenderPass: Sendable {
  enum Work: Sendable {
    case film(explained: Bool)
    case still(TimeSpan)
    /// Evenly spaced frames on one picture.
    case sheet
    /// Lays out without drawing.
    case check
  }

  let document: String
  let targets: RenderTargets
  let work: Work
  /// nil where nothing is written.
  let output: RenderOutput?
  let isPreview: Bool
  let renderer: Renderer
  let finder: AssetFinder
  let display: ProgressDisplay

  /// - Parameter reading: hears of every file the document names, before one is opened.
  /// - Throws: `DocumentError`, `EngineError`, `CommandFailure`; `CancellationError`.
  func run(reading: ([String]) throws -> Void = { _ in }) async throws {
    let document = try Document(path: document)
    let screenplay = try Screenplay(document: document)
    try reading(screenplay.assets.map(finder.path))
    let (placements, leftOut) = targets.fitting(screenplay.duration)
    if !leftOut.isEmpty {
      Console.note("Left out, for the ad lasts \(screenplay.duration): \(leftOut.joined(separator: ", ")).")
    }
    guard !placements.isEmpty else {
      throw CommandFailure("no placement takes an ad that lasts \(screenplay.duration).")
    }
    guard placements.count != 1 else { return try await make(placements[0], screenplay, document) }
    var failures = 0
    for placement in placements {
      do {
        try await make(placement, screenplay, document)
      } catch let error as CancellationError {
        throw error
      } catch {
        failures += 1
        Console.note("error: \(placement.id): \(FailureText.of(error))")
      }
    }
    guard failures == 0 else {
      throw CommandFailure("\(failures) of \(placements.count) placements failed; see above.")
    }
  }

  private func make(_ placement: Placement, _ screenplay: Screenplay, _ document: Document) async throws {
    do {
      switch work {
      case .film(let isExplained): try await film(placement, screenplay, isExplained)
      case .still(let time):
        try await picture(placement, "frame at \(time)") { assets in
          try await renderer.still(of: screenplay, for: placement, assets: assets, at: time)
        }
      case .sheet:
        try await picture(placement, "contact sheet") { assets in
          try await renderer.sheet(of: screenplay, for: placement, assets: assets)
        }
      case .check: try await check(placement, screenplay)
      }
    } catch let error as EngineError {
      throw DocumentPlaces(document: document).locate(error)
    }
  }

  private func film(_ placement: Placement, _ screenplay: Screenplay, _ isExplained: Bool) async throws {
    guard let path = output?.file(for: placement, isPreview ? "mp4" : placement.rules.form.fileExtension)
    else {
      return
    }
    // What was rendered to this file before is what this is compared with, from wherever one calls.
    let subject = "\(placement.id) \(URL(filePath: path).standardizedFileURL.path)"
    let start = ContinuousClock.now
    let (info, report) = try await display.step(
      "\(isPreview ? "Previewing" : "Rendering") \(placement.name)", unit: "frames",
      total: screenplay.duration.frames, hasPace: true
    ) { step in
      do {
        let made = try await renderer.explainedRender(
          screenplay, for: placement, assets: finder.resolver, to: path, subject: subject
        ) { done, total in
          step.update(done: done, total: total)
        }
        let speed = screenplay.duration.seconds / ((ContinuousClock.now - start) / .seconds(1))
        let (cached, _) = made.report.cachedFrames
        step.update(
          done: made.info.frames,
          detail: String(format: "%.1fx as fast as it plays", speed)
            + (cached > 0 ? ", \(counted(cached, "frames")) taken over" : ""))
        return made
      } catch EngineError.outputNotWritable(_, let reason) {
        // The engine writes under a hidden name first, which is nobody's business.
        throw EngineError.outputNotWritable(path: path, reason: reason)
      }
    }
    Console.print(
      "\(path): \(info.width)x\(info.height), \(TimeSpan(milliseconds: info.durationMilliseconds)), "
        + "\(grouped(info.bytes)) bytes, sha256 \(info.sha256)")
    for remark in info.remarks { Console.note("warning: \(remark)") }
    for warning in info.warnings { Console.note("warning: \(warning)") }
    if isExplained { Console.print(ExplainText(report, of: placement.id).text) }
  }

  private func picture(
    _ placement: Placement, _ what: String, _ draw: (AssetResolver) async throws -> [UInt8]
  ) async throws {
    guard let path = output?.file(for: placement, "png") else { return }
    try OutputFile.write(try await draw(finder.resolver), to: path)
    Console.note("\(path): \(placement.name), \(what)")
  }

  private func check(_ placement: Placement, _ screenplay: Screenplay) async throws {
    let warnings = try await renderer.check(screenplay, for: placement, assets: finder.resolver)
    for warning in warnings { Console.note("warning: \(placement.id): \(warning)") }
    Console.print(
      "\(document): fits \(placement.id), \(placement.width)x\(placement.height), \(screenplay.duration)"
        + (warnings.isEmpty ? "" : ", \(counted(warnings.count, "warnings"))"))
  }
}
