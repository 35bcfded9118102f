"""One load on one service: wrk for a while, and what the database and the kernel say of it afterwards."""
import json
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from cluster import Cluster
from contenders import Contender
from processes import cpu_seconds

SCRIPT = Path(__file__).with_name("events.lua")


@dataclass(frozen=True)
class Scenario:
    name: str
    events: int  # in one request
    connections: int
    duplicates: float = 0.01  # share of events that are re-sent copies

    def with_duplicates(self, share: float) -> "Scenario":
        return Scenario(f"{self.name}, {share:.2%} duplicates", self.events, self.connections, share)


BATCHES = Scenario("batches of 100", 100, 40)
SINGLES = Scenario("single events", 1, 256)


@dataclass(frozen=True)
class Measurement:
    received_per_s: float  # events acknowledged, duplicates included: what a client sees
    stored_per_s: float  # new rows in the database that were acknowledged
    p50_ms: float
    p99_ms: float
    max_ms: float
    cpu_us_per_event: float  # of the service's processes, per event received
    server_cpu_us_per_event: float  # of PostgreSQL's


class Load:
    def __init__(self, cluster: Cluster, variants: Path, key: str):
        self.cluster = cluster
        self.variants = variants
        self.key = key

    def send(self, contender: Contender, scenario: Scenario, seconds: float) -> dict:
        # One thread: one core is enough for it, and the service and PostgreSQL need the rest.
        command = [
            "wrk", "-t1", f"-c{scenario.connections}", f"-d{max(round(seconds), 1)}s", "--timeout", "30s", "--latency", "-s",
            str(SCRIPT), contender.url + "/v1/events", "--", str(self.variants), self.key, str(scenario.events),
            str(round(scenario.duplicates * 10_000)), f"{random.getrandbits(32):08x}",
        ]
        output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
        line = next((line for line in output.splitlines() if line.startswith("RESULT ")), None)
        if line is None:
            raise SystemExit(f"error: wrk said nothing of use:\n{output}")
        result = json.loads(line.removeprefix("RESULT "))
        failures = {key: result[key] for key in ("refused", "socket_errors", "timeouts") if result[key]}
        if failures:
            raise SystemExit(f"error: {contender.name}, {scenario.name}: not every request was answered 200: {failures}")
        return result

    def measure(
        self, contender: Contender, scenario: Scenario, seconds: float = 15, warm_up: float = 5
    ) -> Measurement:
        self.send(contender, scenario, warm_up)
        self.cluster.query(contender.database, "CHECKPOINT")
        time.sleep(0.5)
        rows = self.cluster.rows(contender.database)
        cpu, server_cpu = contender.cpu_seconds(), self.server_cpu()
        result = self.send(contender, scenario, seconds)
        elapsed = result["seconds"] + result["p99_ms"] / 1000  # the last requests are answered to nobody
        time.sleep(0.5)  # requests that were cut off at the end are still being committed
        cpu, server_cpu = contender.cpu_seconds() - cpu, self.server_cpu() - server_cpu
        stored = self.cluster.rows(contender.database) - rows
        self.check(contender, scenario, result, stored)
        received = result["requests"] * scenario.events
        # Rows whose requests were cut off at the end are in the table, but nobody was told so: they do not count.
        stored = min(stored, round(received * result["fresh"] / (result["fresh"] + result["copies"])))
        measurement = Measurement(
            received_per_s=received / elapsed, stored_per_s=stored / elapsed, p50_ms=result["p50_ms"],
            p99_ms=result["p99_ms"], max_ms=result["max_ms"], cpu_us_per_event=cpu / received * 1e6,
            server_cpu_us_per_event=server_cpu / received * 1e6)
        print(f"  {contender.name}: {scenario.name}: {measurement}", file=sys.stderr, flush=True)
        return measurement

    def server_cpu(self) -> float:
        return cpu_seconds(self.cluster.process)

    def check(self, contender: Contender, scenario: Scenario, result: dict, stored: int) -> None:
        """Each distinct event once: no more than were made, no fewer than were acknowledged."""
        # What was on its way when wrk stopped may have arrived or not, and wrk tries one request without sending it.
        unknown = (scenario.connections + 1) * scenario.events
        if not result["fresh"] - 2 * unknown <= stored <= result["fresh"]:
            raise SystemExit(
                f"error: {contender.name}, {scenario.name}: {result['fresh']} distinct events were sent, {unknown} of"
                f" which may be unanswered, but {stored} rows were added")
