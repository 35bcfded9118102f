import Foundation
import Ingestion

// Times the parts of the way of an event that need no database, and prints one line of JSON:
//   {"bytes_per_event": …, "decoder_ns": …, "foundation_ns": …, "checked_ns": …, "planned_ns": …,
//    "decoder_vs_foundation": …}
// Nanoseconds are per event, of one thread's CPU time, the least of several rounds; `checked` is decoding and all
// checks, `planned` what then is done before the database gets the rows.

let corpus = Corpus(bodies: 20)
let probe = HotPathProbe(
  workspace: UUID(), variants: corpus.variants, placements: Corpus.placements, at: corpus.moment)
let rounds = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 60

/// Nanoseconds of this thread's own CPU time: what else runs on the machine does not count.
func threadNanoseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// Nanoseconds per event of the fastest round: whatever else the machine does can only make a round slower.
func nanoseconds(rounds: Int, _ work: () throws -> Int) rethrows -> Double {
  var least = Double.infinity
  for _ in 0..<rounds {
    let start = threadNanoseconds()
    let events = try work()
    least = min(least, (threadNanoseconds() - start) / Double(events))
    precondition(events == corpus.events, "every event of the corpus must be accepted")
  }
  return least
}

let decoder = try nanoseconds(rounds: rounds) {
  try corpus.bodies.reduce(0) { sum, body in try sum + body.withUnsafeBufferPointer { try probe.decode($0) } }
}
let checked = try nanoseconds(rounds: rounds) {
  try corpus.bodies.reduce(0) { sum, body in
    try sum + body.withUnsafeBufferPointer { try probe.check($0).events.count }
  }
}
let batches = try corpus.bodies.map { body in try body.withUnsafeBufferPointer { try probe.check($0) } }
let planned = nanoseconds(rounds: rounds) { probe.plan(batches) > 0 ? corpus.events : 0 }
let documents = corpus.bodies.map { Data($0) }
let foundation = try nanoseconds(rounds: max(rounds / 6, 3)) {
  try documents.reduce(0) { try $0 + JSONDecoder().decode([FoundationEvent].self, from: $1).count }
}

func figure(_ value: Double) -> String { String(format: "%.1f", value) }
print(
  """
  {"bytes_per_event": \(figure(corpus.bytesPerEvent)), "decoder_ns": \(figure(decoder)), \
  "foundation_ns": \(figure(foundation)), "checked_ns": \(figure(checked)), "planned_ns": \(figure(planned)), \
  "decoder_vs_foundation": \(figure(foundation / decoder))}
  """)
