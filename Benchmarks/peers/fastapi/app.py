"""An event collector as a good Python engineer would write it for speed: FastAPI, orjson, asyncpg COPY, group commit.

It answers `POST /v1/events` as `retake serve` does: after COMMIT, each event stored once. README.md beside this file
says what it leaves out.
"""
import os
import time
from contextlib import asynccontextmanager
from datetime import datetime, timezone
from hashlib import blake2b, sha256

import asyncpg
import orjson
from asyncpg.pgproto.pgproto import UUID
from fastapi import FastAPI, Request, Response
from starlette.responses import JSONResponse

from writer import Batch, EventWriter

KINDS = {
    "impression": 1, "viewable": 2, "start": 3, "first_quartile": 4, "midpoint": 5, "third_quartile": 6,
    "complete": 7, "click": 8, "conversion": 9, "skip": 10, "mute": 11, "hide": 12, "interaction": 13,
}
DAY_MS = 86_400_000
NATIVE = 1  # events.source
UTC = timezone.utc


class Collector:
    """What a worker process knows: its pool, its writer, and the variants and placements events may name."""

    def __init__(self, pool: asyncpg.Pool, writer: EventWriter, key: str, secret: bytes):
        self.pool = pool
        self.writer = writer
        self.authorization = "Bearer " + key
        self.secret = secret
        self.variants: dict[str, tuple[UUID, UUID, str | None]] = {}
        self.placements: dict[str, int] = {}
        self.workspace = b""

    async def load(self) -> None:
        """A minute's work for a real one; here the campaigns do not change while it runs."""
        rows = await self.pool.fetch(
            "SELECT variant.id, campaign_id, workspace_id, currency FROM variant"
            " JOIN campaign ON campaign.id = variant.campaign_id")
        for row in rows:
            self.variants[str(row["id"])] = (row["id"], row["campaign_id"], row["currency"])
            self.workspace = row["workspace_id"].bytes
        await self.pool.execute(
            "INSERT INTO placement (name) SELECT DISTINCT unnest(placements) FROM campaign ON CONFLICT DO NOTHING")
        for row in await self.pool.fetch("SELECT id, name FROM placement"):
            self.placements[row["name"]] = row["id"]

    def check(self, events: list) -> Batch:
        """Rows ready for COPY, and the reasons of what was not taken."""
        now_ms = time.time_ns() // 1_000_000
        oldest, newest = now_ms - 400 * DAY_MS, now_ms + DAY_MS
        received_at = datetime.fromtimestamp(now_ms / 1000, UTC)
        batch = Batch(len(events))
        ids, rows, rejected = batch.ids, batch.rows, batch.rejected
        kinds, variants, placements = KINDS, self.variants, self.placements
        prefix = self.workspace + b"\x06native\x01"
        secret, workspace, moment_of = self.secret, self.workspace[:16], datetime.fromtimestamp
        for index, event in enumerate(events):
            try:
                kind = kinds[event["type"]]
                variant = variants[event["variant_id"]]
                viewer = event["viewer_id"].encode()
                timestamp = event["timestamp"]
                placement = event.get("placement")
                message = event["message_id"].encode()
                placement = placements[placement] if placement is not None else 0
            except (KeyError, TypeError, AttributeError) as error:
                rejected.append({"index": index, "code": "invalid_event", "message": repr(error)})
                continue
            if type(timestamp) is not int or not oldest <= timestamp <= newest:
                rejected.append({"index": index, "code": "timestamp_out_of_range", "message": str(timestamp)})
                continue
            if not 0 < len(viewer) <= 256 or not 0 < len(message) <= 256:
                rejected.append({"index": index, "code": "too_long", "message": "viewer_id or message_id"})
                continue
            value = event.get("value")
            if value is not None:
                if type(value) not in (int, float) or not 0 <= value <= 1e9:
                    rejected.append({"index": index, "code": "number_out_of_range", "message": str(value)})
                    continue
                if event.get("currency", variant[2]) != variant[2]:
                    rejected.append({"index": index, "code": "foreign_currency", "message": str(event["currency"])})
                    continue
                value = round(value * 1_000_000)
            # UUIDv8: 48 bits of the client's milliseconds, then a hash, so that a retry meets its twin.
            digest = sha256(prefix + message).digest()
            event_id = (
                timestamp.to_bytes(6, "big") + bytes((0x80 | digest[0] & 15, digest[1], 0x80 | digest[2] & 63))
                + digest[3:10])
            pseudonym = blake2b(viewer, key=secret, salt=workspace, digest_size=16).digest()
            ids.append(event_id)
            rows.append((
                UUID(event_id), variant[1], variant[0], UUID(pseudonym), kind, placement, 0, NATIVE,
                moment_of(timestamp / 1000, UTC), received_at, value))
        return batch


@asynccontextmanager
async def lifespan(app: FastAPI):
    pool = await asyncpg.create_pool(
        host=os.environ["PGHOST"], port=int(os.environ.get("PGPORT", "5432")), user=os.environ["PGUSER"],
        database=os.environ["PGDATABASE"], min_size=3, max_size=3)
    writer = EventWriter(pool)
    collector = Collector(pool, writer, os.environ["PEER_KEY"], os.environ["PEER_SECRET"].encode())
    await collector.load()
    app.state.collector = collector
    async with writer.running():
        yield
    await pool.close()


app = FastAPI(lifespan=lifespan, openapi_url=None)


def problem(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message, "detail": message}, status)


async def receive(request: Request) -> Response:
    collector: Collector = request.app.state.collector
    if request.headers.get("authorization") != collector.authorization:
        return problem(401, "key_unknown", "This API key is not known.")
    try:
        events = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        return problem(400, "malformed_json", str(error))
    if type(events) is not list:
        return problem(400, "malformed_json", "The body must be an array of events.")
    batch = collector.check(events)
    stored = await collector.writer.submit(batch) if batch.rows else 0
    answer = {
        "success": True, "status": 1,
        "counts": {
            "received": batch.received, "stored": stored, "duplicate": len(batch.rows) - stored,
            "rejected": len(batch.rejected)},
        "rejected": batch.rejected,
    }
    return Response(orjson.dumps(answer), media_type="application/json")


# Without FastAPI's parameter parsing and response model: nothing here needs them.
app.router.add_route("/v1/events", receive, methods=["POST"])
