"""`retake serve` as a process of its own that can be killed, stopped, frozen and brought back."""
import os
import re
import signal
import subprocess
import time


class ServiceError(Exception):
    pass


class Service:
    def __init__(self, program, url, data, log, environment=None):
        self.program = program
        self.data = data
        self.log = log
        self.environment = dict(
            {k: v for k, v in os.environ.items() if not k.startswith("RETAKE_") or k == "RETAKE_HOME"},
            RETAKE_DATABASE_URL=url, RETAKE_DATA_FOLDER=data, RETAKE_WORKER_CONCURRENCY="0",
            RETAKE_INGESTION_FOLD_EVERY="200ms", RETAKE_INGESTION_DISK_RESERVE_BYTES=str(8 << 20),
            RETAKE_INGESTION_SPOOL_BYTES=str(32 << 20), **(environment or {}))
        self.process = None
        self.port = None
        self.wanted = False
        self.highest_rss_mb = 0.0
        self.deaths = []

    def command(self, *arguments, timeout=60):
        """Runs another command of the program to its end."""
        outcome = subprocess.run([self.program, *arguments], capture_output=True, text=True, env=self.environment,
                                 timeout=timeout, check=False)
        if outcome.returncode != 0:
            raise ServiceError(f"retake {' '.join(arguments)}: {outcome.stderr.strip()}")
        return outcome.stdout.strip()

    def launch(self):
        """Starts it on the port it had, and does not wait."""
        self.wanted = True
        offset = os.path.getsize(self.log) if os.path.exists(self.log) else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "serve", "--port", str(self.port or 0)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment, cwd="/", start_new_session=True)
        return offset

    def start(self, patience=60):
        """Starts until it listens. A start that fails because the database is away is tried again, as systemd would."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            offset = self.launch()
            while time.monotonic() < deadline:
                port = self._port_told_since(offset)
                if port:
                    self.port = port
                    return
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
            time.sleep(0.2)
        raise ServiceError(f"retake serve does not listen within {patience} s; see {self.log}")

    def _port_told_since(self, offset):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            log.seek(offset)
            found = re.search(r"Listening on http://[^ ]*:(\d+)\.", log.read())
        return int(found.group(1)) if found else None

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def note_memory(self):
        try:
            with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
                found = re.search(r"VmHWM:\s+(\d+) kB", file.read())
            if found:
                self.highest_rss_mb = max(self.highest_rss_mb, int(found.group(1)) / 1024)
        except (OSError, AttributeError):
            pass

    def kill(self):
        self.wanted = False
        self.note_memory()
        if self.is_running:
            self.process.kill()
            self.process.wait()

    def stop(self, patience=60):
        """Asks it to stop; gives what was wrong with how it did, or None."""
        self.wanted = False
        self.note_memory()
        if not self.is_running:
            return f"it had ended by itself with status {self.process.returncode}"
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return f"it had not stopped {patience} s after SIGTERM"
        return None if status == 0 else f"it stopped with status {status} after SIGTERM"

    def freeze(self, frozen):
        if self.is_running:
            self.process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def spool_files(self):
        folder = os.path.join(self.data, "spool")
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def died_by_itself(self):
        return self.wanted and self.process is not None and self.process.poll() is not None
