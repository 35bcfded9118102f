import Foundation

// Times the mathematics of an analysis and prints one line of JSON.
//
//   analysis-bench two-arm [ROUNDS]             {"two_arm_10000_ms": …, "shown": …, "checksum": …}
//   analysis-bench campaign CATALOGUE [ROUNDS]  {"campaign_ms": …, "verdicts": …, …}
//
// Milliseconds are wall-clock time, the median of the rounds. CATALOGUE is config/metrics.yaml.

let arguments = Array(CommandLine.arguments.dropFirst())
func rounds(_ place: Int) -> Int {
  max(1, arguments.indices.contains(place) ? Int(arguments[place]) ?? 21 : 21)
}
switch arguments.first {
case "two-arm": print(TwoArmBench().run(rounds: rounds(1)))
case "campaign" where arguments.count > 1:
  print(try await CampaignBench(catalogue: arguments[1]).run(rounds: rounds(2)))
default:
  FileHandle.standardError.write(
    Data("usage: analysis-bench two-arm [ROUNDS] | campaign CATALOGUE [ROUNDS]\n".utf8))
  exit(64)
}
