import Foundation

// Times the mathematics of an analysis and prints one line of JSON. `analysis-bench two-arm [ROUNDS]`:
//   {"two_arm_10000_ms": …, "shown": …, "checksum": …}
// Milliseconds are wall-clock time, the median of the rounds.

let arguments = Array(CommandLine.arguments.dropFirst())
let rounds = arguments.dropFirst().first.flatMap(Int.init) ?? 21
switch arguments.first {
case "two-arm": print(TwoArmBench().run(rounds: max(1, rounds)))
default:
  FileHandle.standardError.write(Data("usage: analysis-bench two-arm [ROUNDS]\n".utf8))
  exit(64)
}
