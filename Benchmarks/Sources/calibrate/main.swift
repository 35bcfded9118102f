import Foundation
import StatisticsSimulation

// Simulates what Retake's statistics promise and tells what it found. Exit status 1: something is not kept.

func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

do {
  let settings = try Settings(CommandLine.arguments.dropFirst())
  let chosen = Calibration.all.filter { $0.name.hasPrefix(settings.only) }
  guard !chosen.isEmpty else {
    throw Complaint(
      "there is no '\(settings.only)'. There are: \(Calibration.all.map(\.name).joined(separator: ", "))")
  }
  let clock = ContinuousClock()
  let start = clock.now
  var results: [CalibrationResult] = []
  for calibration in chosen {
    let length: Calibration.Length = settings.isQuick ? .short : .long
    let begun = clock.now
    let findings = try await calibration.run(length)
    results.append(
      CalibrationResult(
        calibration: calibration, experiments: calibration.experiments(length), findings: findings))
    let seconds = (clock.now - begun).formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1)))
    let said = findings.map { "\($0.name) \($0.unit.text($0.reached.value))" }.joined(separator: ", ")
    note("\(calibration.name), \(calibration.experiments(length).grouped) experiments, \(seconds): \(said)")
  }
  note("in all \((clock.now - start).formatted(.units(allowed: [.minutes, .seconds])))")
  let faces = Faces(results: results, isQuick: settings.isQuick)
  if let page = settings.page { try faces.page.write(toFile: page, atomically: true, encoding: .utf8) }
  print(settings.isJSON ? try faces.json() : faces.table)
  if !faces.broken.isEmpty {
    note("not kept: \(faces.broken.map(\.name).joined(separator: ", "))")
    exit(1)
  }
} catch {
  note("error: \(error)")
  exit(64)
}
