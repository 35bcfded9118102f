import Foundation
import Ingestion
import TestKit
import Testing

@testable import Service

@Suite struct MetricsTests {
  @Test func `Buckets of a histogram are cumulative and end with everything`() {
    var histogram = LatencyHistogram()
    for milliseconds in [0, 1, 3, 40, 20_000] { histogram.observe(.milliseconds(milliseconds)) }
    var page = MetricsPage()
    page.histogram("x_seconds", "How long.", histogram)
    let lines = page.text.split(separator: "\n").map(String.init)
    #expect(lines.contains(#"x_seconds_bucket{le="0.001"} 2"#))
    #expect(lines.contains(#"x_seconds_bucket{le="0.005"} 3"#))
    #expect(lines.contains(#"x_seconds_bucket{le="10"} 4"#))
    #expect(lines.contains(#"x_seconds_bucket{le="+Inf"} 5"#))
    #expect(lines.contains("x_seconds_count 5"))
    #expect(histogram.sum > 20.0439 && histogram.sum < 20.0441)
  }

  @Test func `Labels and help with quotes, backslashes and line ends stay on their line`() {
    var page = MetricsPage()
    page.family("x", .gauge, "a\nb\\c")
    page.sample("x", ["reason": "say \"no\"\n\\"], 1)
    #expect(page.text == "# HELP x a\\nb\\\\c\n# TYPE x gauge\nx{reason=\"say \\\"no\\\"\\n\\\\\"} 1\n")
  }

  /// prometheus-client reads the format as Prometheus does.
  @Test func `Prometheus's own client reads the whole page and finds each family once`() async throws {
    guard let python = await PythonEnvironment.with(["prometheus-client==0.26.0"]) else { return }
    try await RunningService.with(hasSpool: true) { service in
      let page = try await service.send("GET", "/metrics")
      #expect(page.status == 200)
      let told = try await python.run(Self.reader, input: page.text)
      let families = told.split(separator: "\n").map(String.init)
      #expect(Set(families).count == families.count)
      for name in [
        "retake_events", "retake_events_received", "retake_events_filtered", "retake_rollup_lag_seconds",
        "retake_viewer_lag_seconds", "retake_ingest_commit_seconds", "retake_spool_bytes",
        "retake_disk_free_bytes",
      ] {
        #expect(families.contains(name), "\(name) is missing")
      }
    }
  }

  private static let reader = """
    re, sys = (__import__(name) for name in ("re", "sys"))
    from prometheus_client.parser import text_string_to_metric_families
    for family in text_string_to_metric_families(sys.stdin.read()):
        assert family.documentation, family.name
        assert family.type in ("counter", "gauge", "histogram"), (family.name, family.type)
        assert re.fullmatch(r"retake_[a-z_]+", family.name), family.name
        keys = [(s.name, tuple(sorted(s.labels.items()))) for s in family.samples]
        assert len(keys) == len(set(keys)), family.name
        if family.type == "counter":
            assert all(s.name.endswith("_total") for s in family.samples), family.name
        if family.type == "histogram":
            buckets = [s.value for s in family.samples if s.name.endswith("_bucket")]
            assert buckets == sorted(buckets) and buckets, family.name
        print(family.name)
    """
}
