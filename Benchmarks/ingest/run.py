"""One round of `scripts/bench ingest`: both contenders, all scenarios, one line of JSON at the end.

    run.py FOLDER PYTHON [MICRO]

FOLDER is empty and ours, PYTHON has the peer's packages, MICRO prints the decoder's micro-benchmark.
RETAKE_BENCH_GROWTH=1 measures 50 million rows too. RETAKE_BENCH_SECONDS is how long each scenario is measured.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

from cluster import Cluster
from contenders import Peer, Retake
from fill import fill
from load import BATCHES, SINGLES, Load, Measurement

SECONDS = float(os.environ.get("RETAKE_BENCH_SECONDS", "15"))
GROWTH_ROWS = int(os.environ.get("RETAKE_BENCH_GROWTH_ROWS", "50000000"))
CAMPAIGN = "examples/perlune"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Round:
    def __init__(self, folder: Path, python: str):
        self.folder = folder
        self.data = folder / "data"
        self.python = python
        self.program = os.environ["RETAKE_PROGRAM"]
        # Both start alike; then each has a database of its own in the same cluster.
        self.retake("campaign", "apply", str(Path(os.environ["RETAKE_HOME"]) / CAMPAIGN))
        self.cluster = Cluster(self.data)
        self.cluster.hold()
        key = [word for word in self.retake("campaign", "list").split() if word.startswith("perlune")][0]
        self.retake("campaign", "launch", key)
        self.key = self.retake("key", "create", "bench", "--scope", "ingest").strip()
        self.cluster.query("postgres", "CREATE DATABASE peer TEMPLATE retake")
        variants = folder / "variants"
        variants.write_text("\n".join(row[0] for row in self.cluster.query("retake", "SELECT id FROM variant")) + "\n")
        self.load = Load(self.cluster, variants, self.key)

    def retake(self, *arguments: str) -> str:
        command = [self.program, *arguments, "--data", str(self.data)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    def service(self) -> Retake:
        return Retake(self.program, self.data, self.folder / "retake.log")

    def peer(self, workers: int) -> Peer:
        return Peer(self.python, self.cluster, self.key, workers, self.folder / "peer.log")

    def measure_retake(self, figures: dict) -> tuple[Measurement, Measurement]:
        with self.service() as service:
            batch = self.load.measure(service, BATCHES, SECONDS)
            figures["bytes_per_event"] = self.cluster.bytes_per_event("retake")
            figures["copy_us_per_row"] = self.cluster.copy_us_per_row("retake", self.folder)
            single = self.load.measure(service, SINGLES, SECONDS)
            # Of events answered, duplicates included: an event that is stored already must be answered too.
            for name, share in (("0", 0.0), ("001", 0.0001), ("50", 0.5)):
                measured = self.load.measure(service, BATCHES.with_duplicates(share), SECONDS / 2, warm_up=2)
                figures[f"batch_duplicates_{name}_events_per_s"] = measured.received_per_s
            figures["rss_mb"] = service.peak_rss_mb()
        figures.update(
            batch_events_per_s=batch.stored_per_s, batch_p50_ms=batch.p50_ms, batch_p99_ms=batch.p99_ms,
            single_events_per_s=single.stored_per_s, single_p50_ms=single.p50_ms, single_p99_ms=single.p99_ms,
            cpu_us_per_event=batch.cpu_us_per_event, single_cpu_us_per_event=single.cpu_us_per_event,
            server_cpu_us_per_event=batch.server_cpu_us_per_event)
        return batch, single

    def measure_peer(self, figures: dict) -> tuple[Measurement, Measurement]:
        """With one worker and with two; the better of each counts."""
        batches, singles, memory = [], [], []
        for workers in (1, 2):
            with self.peer(workers) as peer:
                batches.append(self.load.measure(peer, BATCHES, SECONDS))
                singles.append(self.load.measure(peer, SINGLES, SECONDS))
                memory.append(peer.peak_rss_mb())
        batch, single = (max(found, key=lambda one: one.stored_per_s) for found in (batches, singles))
        figures.update(
            peer_batch_events_per_s=batch.stored_per_s, peer_batch_p99_ms=batch.p99_ms,
            peer_single_events_per_s=single.stored_per_s, peer_single_p99_ms=single.p99_ms,
            peer_cpu_us_per_event=batch.cpu_us_per_event, peer_rss_mb=memory[batches.index(batch)])
        return batch, single

    def measure_growth(self, figures: dict) -> None:
        """The share by which batches are slower with many rows than with about a million."""
        # Both times the load's viewers are new: known ones cost more to fold, which is no matter of the rows.
        self.cluster.query("retake", "TRUNCATE events, ingest_batch, viewer_stat, viewer_moment")
        with self.service() as service:
            # The warm-up leaves about a million rows.
            few = self.load.measure(service, BATCHES, SECONDS)
            say(f"Filling the table to {GROWTH_ROWS:,} rows")
            fill(self.cluster, "retake", GROWTH_ROWS, days=7)
            self.cluster.query("retake", "TRUNCATE viewer_stat, viewer_moment")
            many = self.load.measure(service, BATCHES, SECONDS)
        figures["few_rows_events_per_s"] = few.stored_per_s
        figures["many_rows_events_per_s"] = many.stored_per_s
        figures["slowdown_50m"] = 1 - many.stored_per_s / few.stored_per_s

    def end(self) -> None:
        self.cluster.release()
        self.retake("campaign", "list")  # the last to leave stops the server


def main() -> None:
    folder, python = Path(sys.argv[1]).resolve(), sys.argv[2]
    micro = sys.argv[3] if len(sys.argv) > 3 else None
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    round = Round(folder, python)
    try:
        # Who is first changes from round to round: the machine may not be the same at the end as at the beginning.
        steps = [round.measure_retake, round.measure_peer]
        is_reversed = folder.name.isdigit() and int(folder.name) % 2 == 0
        results = {step: step(figures) for step in (reversed(steps) if is_reversed else steps)}
        (batch, single), (peer_batch, peer_single) = (results[step] for step in steps)
        ratios["batch_vs_peer"] = batch.stored_per_s / peer_batch.stored_per_s
        ratios["single_vs_peer"] = single.stored_per_s / peer_single.stored_per_s
        if os.environ.get("RETAKE_BENCH_GROWTH"):
            round.measure_growth(figures)
    finally:
        round.end()
    if micro:
        timed = json.loads(subprocess.run([micro], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])
        figures["decoder_ns"], figures["checked_ns"] = timed["decoder_ns"], timed["checked_ns"]
        ratios["decoder_vs_foundation"] = timed["decoder_vs_foundation"]
    print(json.dumps({"figures": figures, "ratios": ratios}))


if __name__ == "__main__":
    main()
