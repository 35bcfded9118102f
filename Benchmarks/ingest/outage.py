"""One round of `scripts/bench outage`: batches at full speed while the database stalls behind a lock; one line of JSON.

    outage.py FOLDER

FOLDER is empty and ours. RETAKE_BENCH_SECONDS is how long the database stalls.
"""
import dataclasses
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from load import BATCHES, SCRIPT
from run import Round, say

STALL = float(os.environ.get("RETAKE_BENCH_SECONDS", "60"))
PATIENCE = 600  # seconds for the spool to drain


def send(round: Round, url: str, seconds: float) -> dict:
    command = [
        "wrk", "-t1", f"-c{BATCHES.connections}", f"-d{round_up(seconds)}s", "--timeout", "60s", "--latency", "-s", str(SCRIPT),
        url + "/v1/events", "--", str(round.folder / "variants"), round.key, str(BATCHES.events), "0", "0a0b0c0d"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(next(line for line in output.splitlines() if line.startswith("RESULT ")).removeprefix("RESULT "))


def round_up(seconds: float) -> int:
    return int(-(-seconds // 1))


def main() -> None:
    round = Round(Path(sys.argv[1]).resolve(), "")
    try:
        with round.service() as service:
            # Before the stall: keys and versions are known, the spool is empty.
            round.load.measure(service, dataclasses.replace(BATCHES, duplicates=0), 3, warm_up=1)
            before = round.cluster.rows("retake")
            sql = f"BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({STALL}); COMMIT"
            stall = threading.Thread(target=round.cluster.query, args=("retake", sql))
            stall.start()
            time.sleep(0.5)
            result = send(round, service.url, STALL - 1)
            memory = service.peak_rss_mb()
            stall.join()
            acknowledged = (result["requests"] - result["refused"]) * BATCHES.events
            say(f"  {acknowledged:,} events acknowledged in the stall, {result['refused']} requests told to come again")
            start = time.monotonic()
            while (stored := round.cluster.rows("retake") - before) < acknowledged:
                if time.monotonic() - start > PATIENCE:
                    raise SystemExit(f"error: {acknowledged} events were acknowledged, {stored} are stored")
                time.sleep(0.5)
            figures = {
                "stall_rss_mb": memory, "rss_mb": service.peak_rss_mb(), "kept_events_per_s": acknowledged / result["seconds"],
                "refused_requests": result["refused"], "stall_p99_ms": result["p99_ms"], "stall_max_ms": result["max_ms"],
                "drain_s": time.monotonic() - start}
    finally:
        round.end()
    print(json.dumps({"figures": figures, "ratios": {}}))


if __name__ == "__main__":
    main()
