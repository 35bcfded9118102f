"""The private PostgreSQL cluster of a `retake` data folder, kept running between the program's commands."""
import fcntl
import os
import subprocess
import time
from pathlib import Path


class Cluster:
    """Holds the lock by which every user of a private cluster says that it is still wanted."""

    def __init__(self, data: Path):
        self.folder = data / "postgres"
        self.share = open(self.folder / "share.lock", "r+", encoding="ascii")

    def hold(self) -> None:
        fcntl.flock(self.share, fcntl.LOCK_SH)

    def release(self) -> None:
        """The next command of the program that ends stops the server."""
        self.share.close()

    @property
    def process(self) -> int:
        return int(self._process_file()[0])

    @property
    def environment(self) -> dict[str, str]:
        lines = self._process_file()
        return {"PGHOST": lines[4], "PGPORT": lines[3], "PGUSER": "retake"}

    def _process_file(self) -> list[str]:
        return [line.strip() for line in (self.folder / "data/postmaster.pid").read_text().split("\n")]

    def query(self, database: str, sql: str) -> list[list[str]]:
        command = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"]
        done = subprocess.run(
            command, input=sql, text=True, stdout=subprocess.PIPE, check=True, env={**os.environ, **self.environment})
        return [line.split("\t") for line in done.stdout.splitlines()]

    def number(self, database: str, sql: str) -> float:
        return float(self.query(database, sql)[0][0])

    def rows(self, database: str) -> int:
        return int(self.number(database, "SELECT count(*) FROM events"))

    def bytes_per_event(self, database: str) -> float:
        """Tables, their maps and their index, of all partitions, over the rows in them."""
        return self.number(
            database,
            "SELECT (SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits"
            " WHERE inhparent = 'events'::regclass)::float8 / (SELECT count(*) FROM events)")

    def copy_us_per_row(self, database: str, folder: Path, rows: int = 1_000_000) -> float:
        """The floor under every way of storing events: one COPY of them, in order, into one table with their key."""
        file = folder / "rows"
        self.query(database, f"""
            CREATE TABLE copied (LIKE events INCLUDING ALL);
            \\copy (SELECT * FROM events ORDER BY event_id LIMIT {rows}) TO '{file}' WITH (FORMAT binary)
            CHECKPOINT""")
        start = time.monotonic()
        self.query(database, f"\\copy copied FROM '{file}' WITH (FORMAT binary)")
        seconds = time.monotonic() - start
        copied = self.number(database, "SELECT count(*) FROM copied")
        self.query(database, "DROP TABLE copied")
        file.unlink()
        return seconds / copied * 1e6
