-- Figures of platforms are corrected for weeks. What stood before a correction stays here, with who brought what when;
-- and files of events say how far they were read.

-- One file or one request of figures, per campaign: rows = added + changed + unchanged.
CREATE TABLE insight_import (
  campaign_id uuid NOT NULL REFERENCES campaign (id),
  id uuid NOT NULL,
  source text NOT NULL,
  imported_by text NOT NULL CHECK (imported_by <> ''),
  imported_at timestamptz NOT NULL,
  file_name text NOT NULL,              -- empty for a request
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32), -- of the file or of the request's body
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  rows bigint NOT NULL,
  added bigint NOT NULL CHECK (added >= 0),
  changed bigint NOT NULL CHECK (changed >= 0),
  unchanged bigint NOT NULL CHECK (unchanged >= 0),
  PRIMARY KEY (campaign_id, id),
  CHECK (rows = added + changed + unchanged)
);

-- Platforms attribute parts of a conversion. Any platform may be a source, by the key its mapping gives it.
ALTER TABLE insight
  ALTER COLUMN conversions TYPE numeric(20, 3),
  ADD COLUMN import_id uuid,            -- what brought these figures; absent when they came before imports were kept
  ADD FOREIGN KEY (campaign_id, import_id) REFERENCES insight_import (campaign_id, id),
  DROP CONSTRAINT insight_source_check,
  ADD CONSTRAINT insight_source_check CHECK (source ~ '^[a-z][a-z0-9_]{0,31}$');

-- Figures that a later import replaced.
CREATE TABLE insight_revision (
  campaign_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  source text NOT NULL,
  period daterange NOT NULL,
  breakdown text NOT NULL,
  superseded_by uuid NOT NULL,          -- the import that replaced them
  superseded_at timestamptz NOT NULL,
  impressions bigint NOT NULL,
  clicks bigint NOT NULL,
  conversions numeric(20, 3) NOT NULL,
  spend_micros bigint NOT NULL,
  import_id uuid,                       -- the import that had brought them
  imported_at timestamptz NOT NULL,
  PRIMARY KEY (campaign_id, variant_id, source, period, breakdown, superseded_by),
  FOREIGN KEY (campaign_id, variant_id, source, period, breakdown)
    REFERENCES insight (campaign_id, variant_id, source, period, breakdown),
  FOREIGN KEY (campaign_id, superseded_by) REFERENCES insight_import (campaign_id, id),
  FOREIGN KEY (campaign_id, import_id) REFERENCES insight_import (campaign_id, id)
);

-- How far a file of events was read, so that reading goes on there after an interruption. What is counted was
-- committed; up to `bytes_done` nothing is missing, and what lies behind it may be read twice, which ids make harmless.
CREATE TABLE event_file (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
  file_name text NOT NULL,
  started_at timestamptz NOT NULL,
  read_at timestamptz NOT NULL,
  finished_at timestamptz,
  bytes_done bigint NOT NULL CHECK (bytes_done >= 0), -- of the text, inflated
  lines_done bigint NOT NULL CHECK (lines_done >= 0),
  stored bigint NOT NULL,
  duplicate bigint NOT NULL,
  quarantined bigint NOT NULL,
  rejected bigint NOT NULL,
  rejections jsonb NOT NULL DEFAULT '[]', -- the first of them: line, code, message
  PRIMARY KEY (workspace_id, fingerprint)
);
