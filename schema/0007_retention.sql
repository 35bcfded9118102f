-- What happens to stored events in the background: folding per viewer, partitions ahead of need, and retention.

-- Days whose events are no longer kept, with what was proven of them before they went. Partitions go oldest first, so
-- the newest of these days says where keeping begins.
CREATE TABLE event_partition_dropped (
  day date PRIMARY KEY,
  dropped_at timestamptz NOT NULL,
  events bigint NOT NULL CHECK (events >= 0),
  counted bigint NOT NULL CHECK (counted BETWEEN 0 AND events),
  value_micros numeric NOT NULL,
  viewers bigint NOT NULL CHECK (viewers >= 0), -- pairs of version and viewer
  cells bigint NOT NULL CHECK (cells >= 0),     -- rows of rollup_hour and rollup_filtered_hour that were recounted
  first_occurred_at timestamptz,
  last_occurred_at timestamptz,
  fingerprint bigint NOT NULL           -- exclusive or of uuid_hash_extended(event_id, 0): tells whether a copy is whole
);

-- As before, but never again for a day that was dropped: an event of such a day could not be told from its twin.
CREATE OR REPLACE FUNCTION event_partition(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  partition text := 'events_' || to_char(day, 'YYYYMMDD');
  first_ms bigint := (day - date '1970-01-01')::bigint * 86400000;
  dropped date;
BEGIN
  -- pg_class itself, as to_regclass() may answer from a cache that has not heard of the other process yet.
  IF EXISTS (SELECT FROM pg_class WHERE relname = partition AND relispartition) THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('event_partition', 0));
  IF EXISTS (SELECT FROM pg_class WHERE relname = partition AND relispartition) THEN RETURN; END IF;
  SELECT max(event_partition_dropped.day) INTO dropped FROM event_partition_dropped;
  IF event_partition.day <= dropped THEN
    RAISE EXCEPTION 'events of % are no longer kept: retention dropped all up to %', day, dropped
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE events INCLUDING ALL)', partition);
  EXECUTE format('ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition,
    event_id_floor(first_ms), event_id_floor(first_ms + 86400000));
END $$;

-- Pseudonyms are random: trying to compress them costs and saves nothing.
ALTER TABLE ingest_batch ALTER COLUMN viewers SET STORAGE EXTERNAL;

-- Rows that are updated in place again and again: room beside them, and no index on what changes, so that an update
-- touches one page (HOT).
ALTER TABLE viewer_stat SET (fillfactor = 80);
ALTER TABLE viewer_moment SET (fillfactor = 50);
ALTER TABLE rollup_hour SET (fillfactor = 70);
ALTER TABLE rollup_filtered_hour SET (fillfactor = 70);

-- Batches from before viewers were packed carry none: their events are counted here, once.
INSERT INTO viewer_stat (campaign_id, variant_id, viewer_id, first_day, impressions, completes, clicks, conversions,
  value_micros)
SELECT campaign_id, variant_id, viewer_id, (min(occurred_at) AT TIME ZONE 'UTC')::date,
  count(*) FILTER (WHERE kind = 1), count(*) FILTER (WHERE kind = 7), count(*) FILTER (WHERE kind = 8),
  count(*) FILTER (WHERE kind = 9), least(coalesce(sum(value_micros), 0), 9223372036854775807)::bigint
FROM events WHERE traffic = 0 GROUP BY campaign_id, variant_id, viewer_id
ORDER BY campaign_id, variant_id, viewer_id;

INSERT INTO viewer_moment (campaign_id, variant_id, first_day, viewers, impressions, impressions_square, completes,
  completes_viewers, completes_square, impressions_completes, clicks, clicks_viewers, clicks_square,
  impressions_clicks, conversions, conversions_viewers, conversions_square, impressions_conversions, value_micros,
  value_micros_square, impressions_value_micros)
SELECT campaign_id, variant_id, first_day, count(*), sum(impressions), sum(impressions::bigint * impressions),
  sum(completes), count(*) FILTER (WHERE completes > 0), sum(completes::bigint * completes),
  sum(impressions::bigint * completes), sum(clicks), count(*) FILTER (WHERE clicks > 0),
  sum(clicks::bigint * clicks), sum(impressions::bigint * clicks), sum(conversions),
  count(*) FILTER (WHERE conversions > 0), sum(conversions::bigint * conversions),
  sum(impressions::bigint * conversions), sum(value_micros), sum(value_micros::numeric * value_micros),
  sum(impressions::numeric * value_micros)
FROM viewer_stat GROUP BY campaign_id, variant_id, first_day;

UPDATE ingest_batch SET viewers_folded_at = now();
