"""The two that are measured: `retake serve` and the Python peer, each with a database of its own in one cluster."""
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from cluster import Cluster
from processes import cpu_seconds, peak_rss_mb

PEER = Path(__file__).parent.parent / "peers/fastapi"


class Contender:
    """A running service. `database` holds its events, `url` takes them."""

    name: str
    database: str

    def __init__(self, process: subprocess.Popen, url: str):
        self.process = process
        self.url = url

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process.pid)

    def peak_rss_mb(self) -> float:
        return peak_rss_mb(self.process.pid)


class Retake(Contender):
    name = "retake"
    database = "retake"

    def __init__(self, program: str, data: Path, log: Path):
        environment = {**os.environ, "RETAKE_WORKER_CONCURRENCY": "0"}
        with open(log, "ab") as output:
            process = subprocess.Popen(
                [program, "serve", "--data", str(data), "--port", "0"], env=environment, stdout=output, stderr=output)
        start = log.stat().st_size
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            found = re.findall(r"Listening on (http://[^ ]+)\. ", log.read_text()[max(0, start - 1):])
            if found:
                super().__init__(process, found[-1])
                return
            time.sleep(0.05)
        raise SystemExit(f"error: retake serve did not start: {log.read_text()[-2000:]}")


class Peer(Contender):
    name = "peer"
    database = "peer"

    def __init__(self, python: str, cluster: Cluster, key: str, workers: int, log: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {
            **os.environ, **cluster.environment, "PGDATABASE": self.database, "PEER_KEY": key, "PEER_SECRET": "0" * 32}
        with open(log, "ab") as output:
            process = subprocess.Popen(
                [python, "-m", "uvicorn", "app:app", "--workers", str(workers), "--loop", "uvloop", "--http",
                 "httptools", "--no-access-log", "--log-level", "warning", "--port", str(port), "--backlog", "4096"],
                cwd=PEER, env=environment, stdout=output, stderr=output)
        super().__init__(process, f"http://127.0.0.1:{port}")
        request = urllib.request.Request(
            self.url + "/v1/events", b"[]", {"Authorization": "Bearer " + key, "Content-Type": "application/json"})
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(request, timeout=5):
                    time.sleep(1)  # the second worker
                    return
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise SystemExit(f"error: the peer did not start: {log.read_text()[-2000:]}")
