"""Millions of events that have been there for days: what the growth measurement needs before it begins."""
import time

from cluster import Cluster

# Rows as `retake serve` writes them. In order of time, as they would have come; without their index, which is made
# afterwards in one go, and attached at the end, as event_partition() does.
PARTITION = """
CREATE TABLE {name} (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
INSERT INTO {name} (event_id, campaign_id, variant_id, viewer_id, kind, placement, traffic, source, occurred_at,
  received_at, value_micros)
SELECT (lpad(to_hex(ms), 12, '0') || '8' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid,
  variants.campaigns[1 + n % cardinality(variants.ids)], variants.ids[1 + n % cardinality(variants.ids)],
  (substr(hash, 17, 12) || '8000800000' || substr(hash, 19, 10))::uuid,
  (ARRAY[1, 2, 3, 10])[1 + n % 4], 1 + n % 3, 0, 1, to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0) + interval '2 s',
  CASE WHEN n % 400 = 0 THEN 24900000 END
FROM (SELECT array_agg(id ORDER BY id) AS ids, array_agg(campaign_id ORDER BY id) AS campaigns FROM variant) AS variants,
  (SELECT n, {first_ms} + (n * {span_ms}::float8 / {rows})::bigint AS ms, md5(n::text || '{name}') AS hash
   FROM generate_series(0, {rows} - 1) AS n) AS event;
ALTER TABLE {name} ADD PRIMARY KEY (event_id, campaign_id);
"""


def fill(cluster: Cluster, database: str, rows: int, days: int) -> None:
    """Brings `events` to `rows` rows over the last `days` days; today's part goes into today's own partition."""
    missing = rows - cluster.rows(database)
    if missing <= 0:
        return
    today = int(time.time()) // 86_400
    each = missing // days
    for day in range(today - days + 1, today):
        name = time.strftime("events_%Y%m%d", time.gmtime(day * 86_400))
        cluster.query(database, f"""
            SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2;
            {PARTITION.format(name=name, first_ms=day * 86_400_000, span_ms=86_400_000, rows=each)}
            ALTER TABLE events ATTACH PARTITION {name} FOR VALUES
              FROM (event_id_floor({day * 86_400_000})) TO (event_id_floor({(day + 1) * 86_400_000}))""")
    # Today's partition is in use: beside its rows, and through its index.
    name = time.strftime("events_%Y%m%d", time.gmtime(today * 86_400))
    past_ms = int((time.time() % 86_400 - 600) * 1000)
    statements = PARTITION.format(
        name="events_filling", first_ms=today * 86_400_000, span_ms=max(past_ms, 60_000), rows=each)
    cluster.query(database, f"""
        SET synchronous_commit = off; SET maintenance_work_mem = '1GB';
        {statements.split("ALTER TABLE")[0]}
        INSERT INTO {name} SELECT * FROM events_filling;
        DROP TABLE events_filling""")
    cluster.query(database, "VACUUM (ANALYZE) events; CHECKPOINT")
