"""Group commit over asyncpg: rows of many requests in one COPY, answered after COMMIT, no event stored twice."""
import asyncio
from collections import deque
from contextlib import asynccontextmanager

import asyncpg

COLUMNS = (
    "event_id", "campaign_id", "variant_id", "viewer_id", "kind", "placement", "traffic", "source", "occurred_at",
    "received_at", "value_micros")
NAMES = ", ".join(COLUMNS)
STAGING = "CREATE TEMPORARY TABLE IF NOT EXISTS event_staging (LIKE events) ON COMMIT DELETE ROWS"
MOVE = (
    f"INSERT INTO events ({NAMES}) SELECT {NAMES} FROM event_staging ORDER BY event_id"
    " ON CONFLICT (event_id, campaign_id) DO NOTHING RETURNING event_id")

COLLECT_S = 0.003
EVENTS_PER_COMMIT = 10_000
RECENT = 500_000
WRITERS = 2  # commits under way at once: one is encoded while the server works on the other


class Batch:
    __slots__ = ("received", "ids", "rows", "rejected", "stored", "answer")

    def __init__(self, received: int):
        self.received = received
        self.ids: list[bytes] = []  # of the rows
        self.rows: list[tuple] = []
        self.rejected: list[dict] = []
        self.stored = 0
        self.answer: asyncio.Future | None = None


class EventWriter:
    def __init__(self, pool: asyncpg.Pool):
        self.pool = pool
        self.waiting: deque[Batch] = deque()
        self.has_work = asyncio.Event()
        self.days: set[int] = set()
        self.day_lock = asyncio.Lock()
        # Two generations of ids that are known to be committed.
        self.young: set[bytes] = set()
        self.old: set[bytes] = set()

    @asynccontextmanager
    async def running(self):
        tasks = [asyncio.create_task(self.run()) for _ in range(WRITERS)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()

    def submit(self, batch: Batch) -> asyncio.Future:
        """The number of new events, known after COMMIT."""
        batch.answer = asyncio.get_running_loop().create_future()
        self.waiting.append(batch)
        self.has_work.set()
        return batch.answer

    async def run(self) -> None:
        while True:
            await self.has_work.wait()
            await asyncio.sleep(COLLECT_S)
            group, count = [], 0
            while self.waiting and count < EVENTS_PER_COMMIT:
                batch = self.waiting.popleft()
                group.append(batch)
                count += len(batch.rows)
            if not self.waiting:
                self.has_work.clear()
            if not group:
                continue
            try:
                await self.write(group)
            except Exception as error:
                for batch in group:
                    if not batch.answer.done():
                        batch.answer.set_exception(error)

    async def write(self, group: list[Batch]) -> None:
        young, old = self.young, self.old
        rows: dict[bytes, tuple] = {}
        for batch in group:
            for event_id, row in zip(batch.ids, batch.rows):
                if event_id not in rows and event_id not in young and event_id not in old:
                    rows[event_id] = (row, batch)
        new = rows
        if rows:
            # In order of id, so that COPY appends to the end of the index.
            ordered = [rows[event_id][0] for event_id in sorted(rows)]
            await self.ensure_partitions(ordered)
            async with self.pool.acquire() as connection:
                try:
                    async with connection.transaction():
                        await connection.copy_records_to_table("events", records=ordered, columns=COLUMNS)
                except asyncpg.UniqueViolationError:
                    async with connection.transaction():
                        await connection.execute(STAGING)
                        await connection.copy_records_to_table("event_staging", records=ordered, columns=COLUMNS)
                        new = [record[0].bytes for record in await connection.fetch(MOVE)]
        for event_id in new:
            rows[event_id][1].stored += 1
        if len(young) >= RECENT // 2:
            self.young, self.old = set(), young
        self.young.update(rows)
        for batch in group:
            batch.answer.set_result(batch.stored)

    async def ensure_partitions(self, rows: list[tuple]) -> None:
        # Rows are in order of time: of the days between the first and the last, any may be meant.
        first, last = (int.from_bytes(row[0].bytes[:6], "big") // 86_400_000 for row in (rows[0], rows[-1]))
        if first in self.days and last in self.days and last - first <= 1:
            return
        async with self.day_lock:
            for day in {int.from_bytes(row[0].bytes[:6], "big") // 86_400_000 for row in rows} - self.days:
                await self.pool.execute("SELECT event_partition(date '1970-01-01' + $1::integer)", day)
                self.days.add(day)
