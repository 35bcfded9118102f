-- What ads are seen on: a type of device per event, and the counts by it beside those by placement.

-- 0 unknown, 1 phone, 2 tablet, 3 desktop, 4 tv, 5 other; the numbers never change. A constant default: no row is
-- written anew, and what was stored before is unknown. Last in the row it costs 8 bytes, of which it uses two.
ALTER TABLE events ADD COLUMN device smallint NOT NULL DEFAULT 0 CHECK (device BETWEEN 0 AND 5);

-- Of the events that count, as rollup_hour, by device instead of by placement: both together in one table would
-- multiply each other's rows. Only what the goals are counted in.
CREATE TABLE rollup_device_hour (
  campaign_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  device smallint NOT NULL CHECK (device BETWEEN 0 AND 5),
  hour timestamptz NOT NULL CHECK (date_trunc('hour', hour, 'UTC') = hour),
  impressions bigint NOT NULL DEFAULT 0,
  completes bigint NOT NULL DEFAULT 0,
  clicks bigint NOT NULL DEFAULT 0,
  conversions bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (campaign_id, variant_id, hour, device)
) WITH (fillfactor = 70);

-- What was folded before. Batches that still wait name no device and fold as unknown.
INSERT INTO rollup_device_hour (campaign_id, variant_id, device, hour, impressions, completes, clicks, conversions)
SELECT campaign_id, variant_id, 0, hour, sum(impressions), sum(completes), sum(clicks), sum(conversions)
FROM rollup_hour GROUP BY campaign_id, variant_id, hour
HAVING sum(impressions + completes + clicks + conversions) > 0;
