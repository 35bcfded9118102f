-- What viewers did. One row per engagement fact, for ever.
--
-- event_id is a UUIDv8 (RFC 9562, 5.8): 48 bits of the client's own timestamp in milliseconds, then a hash
-- of (workspace, source, message id). A retry carries the same id and so meets its twin here, in the only
-- index there is. Partitions are days of event_id, made when first needed by event_partition().

CREATE TABLE events (
  event_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  viewer_id uuid NOT NULL,              -- pseudonym: HMAC of the client's viewer id, never the id itself
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 13),
  placement smallint NOT NULL,          -- placement.id
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  value_micros bigint,
  PRIMARY KEY (event_id, campaign_id)
) PARTITION BY RANGE (event_id);

-- The partition of a day (UTC), made when it is missing. Made apart and then attached, so that writers into
-- other days are not held up; the lock lets two processes that meet a new day make it once. Call it in a
-- transaction of its own.
CREATE FUNCTION event_partition(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  partition text := 'events_' || to_char(day, 'YYYYMMDD');
  first_ms bigint := (day - date '1970-01-01')::bigint * 86400000;
BEGIN
  IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('event_partition', 0));
  IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE events INCLUDING ALL)', partition);
  EXECUTE format('ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition,
    event_id_floor(first_ms), event_id_floor(first_ms + 86400000));
END $$;

-- The smallest event_id of a millisecond.
CREATE FUNCTION event_id_floor(milliseconds bigint) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT (lpad(to_hex(milliseconds), 12, '0') || repeat('0', 20))::uuid
$$;

-- What viewers' pseudonyms are made with. The highest number is in use; others are kept until their pseudonyms
-- are gone.
CREATE TABLE pseudonym_secret (
  number integer PRIMARY KEY CHECK (number >= 1),
  secret bytea NOT NULL CHECK (octet_length(secret) = 32),
  created_at timestamptz NOT NULL
);

-- Placement ids as they occur in events; number 0 is "not stated".
CREATE TABLE placement (
  id smallint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (MINVALUE 1),
  name text NOT NULL UNIQUE
);

-- One row per commit and campaign, written in the transaction that stored its events: the counters of the
-- commit and the rollup deltas, folded into rollup_hour in the background.
CREATE TABLE ingest_batch (
  campaign_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  stored integer NOT NULL CHECK (stored >= 0),
  deltas jsonb NOT NULL,
  folded_at timestamptz,
  PRIMARY KEY (campaign_id, batch_id)
);

CREATE INDEX ingest_batch_unfolded ON ingest_batch (received_at) WHERE folded_at IS NULL;

CREATE TABLE rollup_hour (
  campaign_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  placement smallint NOT NULL,
  hour timestamptz NOT NULL CHECK (date_trunc('hour', hour, 'UTC') = hour),
  impressions bigint NOT NULL DEFAULT 0,
  viewables bigint NOT NULL DEFAULT 0,
  starts bigint NOT NULL DEFAULT 0,
  first_quartiles bigint NOT NULL DEFAULT 0,
  midpoints bigint NOT NULL DEFAULT 0,
  third_quartiles bigint NOT NULL DEFAULT 0,
  completes bigint NOT NULL DEFAULT 0,
  clicks bigint NOT NULL DEFAULT 0,
  conversions bigint NOT NULL DEFAULT 0,
  skips bigint NOT NULL DEFAULT 0,
  mutes bigint NOT NULL DEFAULT 0,
  hides bigint NOT NULL DEFAULT 0,
  interactions bigint NOT NULL DEFAULT 0,
  value_micros bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (campaign_id, variant_id, hour, placement)
);

-- Events that were understood but not believed, with the reason; kept so that they can be explained.
CREATE TABLE quarantine (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL,
  body text NOT NULL,                   -- the event's JSON as it came; jsonb would refuse \u0000
  received_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- The sum of what came in at the door, per workspace and hour:
-- received = stored + duplicate + quarantined + rejected.
CREATE TABLE ingest_count (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  hour timestamptz NOT NULL,
  received bigint NOT NULL,
  stored bigint NOT NULL,
  duplicate bigint NOT NULL,
  quarantined bigint NOT NULL,
  rejected bigint NOT NULL,
  PRIMARY KEY (workspace_id, hour),
  CHECK (received = stored + duplicate + quarantined + rejected)
);

-- The same facts already added up by an ad platform. An unknown period is the unbounded range.
CREATE TABLE insight (
  campaign_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  source text NOT NULL CHECK (source IN ('meta', 'google_ads', 'tiktok', 'mapped')),
  period daterange NOT NULL,
  breakdown text NOT NULL,              -- the platform's own row key: ad id, age, gender, interest …
  impressions bigint NOT NULL CHECK (impressions >= 0),
  clicks bigint NOT NULL CHECK (clicks >= 0),
  conversions bigint NOT NULL CHECK (conversions >= 0),
  spend_micros bigint NOT NULL CHECK (spend_micros >= 0),
  imported_at timestamptz NOT NULL,
  PRIMARY KEY (campaign_id, variant_id, source, period, breakdown),
  FOREIGN KEY (campaign_id, variant_id) REFERENCES variant (campaign_id, id)
);
