import Ingestion

/// Lines of the text format that Prometheus reads (exposition format 0.0.4).
struct MetricsPage {
  enum Kind: String { case counter, gauge, histogram }

  private(set) var text = ""

  mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  mutating func sample(_ name: String, _ labels: [String: String], _ value: Double) {
    let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
    text += name + (pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") + " \(Self.number(value))\n"
  }

  /// A family of one sample without labels.
  mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    family(name, kind, help)
    sample(name, [:], value)
  }

  /// A family with one sample per value of a label.
  mutating func byLabel(
    _ name: String, _ kind: Kind, _ help: String, _ label: String, _ values: [(String, Int)]
  ) {
    family(name, kind, help)
    for (value, count) in values.sorted(by: { $0.0 < $1.0 }) { sample(name, [label: value], Double(count)) }
  }

  /// Buckets are cumulative on the page and end with `+Inf`.
  mutating func histogram(_ name: String, _ help: String, _ histogram: LatencyHistogram) {
    family(name, .histogram, help)
    var below = 0
    for (bound, count) in zip(LatencyHistogram.bounds, histogram.counts) {
      below += count
      sample("\(name)_bucket", ["le": Self.number(bound)], Double(below))
    }
    sample("\(name)_bucket", ["le": "+Inf"], Double(histogram.count))
    sample("\(name)_sum", [:], histogram.sum)
    sample("\(name)_count", [:], Double(histogram.count))
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
