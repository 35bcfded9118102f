-- What people want: brands, assets, campaigns and the audiences they speak to;
-- what is made of it: variants and their renditions; how it is tested: experiments and allocations.
--
-- Everything below a campaign carries campaign_id, and every reference between such rows includes it:
-- a row can never point into another campaign, and the tables shard by campaign_id.

CREATE TABLE brand (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  key text NOT NULL,
  name text NOT NULL,
  document jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, key),
  UNIQUE (workspace_id, id)
);

-- The file itself lies in the data folder, named by its SHA-256.
CREATE TABLE asset (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  kind text NOT NULL CHECK (kind IN ('logo', 'product', 'photo', 'footage', 'font', 'music', 'voice')),
  media_type text NOT NULL,
  size_bytes bigint NOT NULL CHECK (size_bytes > 0),
  file_name text NOT NULL,
  licence jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, sha256)
);

CREATE TABLE brand_asset (
  workspace_id uuid NOT NULL,
  brand_id uuid NOT NULL,
  key text NOT NULL,
  sha256 bytea NOT NULL,
  PRIMARY KEY (brand_id, key),
  FOREIGN KEY (workspace_id, brand_id) REFERENCES brand (workspace_id, id),
  FOREIGN KEY (workspace_id, sha256) REFERENCES asset (workspace_id, sha256)
);

CREATE TABLE campaign (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  brand_id uuid,                        -- absent for campaigns imported from a platform
  key text NOT NULL,
  name text NOT NULL,
  status text NOT NULL CHECK (status IN ('draft', 'running', 'paused', 'ended')),
  goal text NOT NULL CHECK (goal IN ('click_through', 'view_through', 'conversion')),
  languages text[] NOT NULL,
  placements text[] NOT NULL,
  starts_on date,
  ends_on date CHECK (ends_on >= starts_on),
  budget_minor bigint CHECK (budget_minor >= 0),
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  document jsonb NOT NULL,              -- brief, factors, policy: CampaignDocument
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, key),
  FOREIGN KEY (workspace_id, brand_id) REFERENCES brand (workspace_id, id),
  CHECK ((budget_minor IS NULL) = (currency IS NULL) OR budget_minor IS NULL)
);

CREATE TABLE segment (
  id uuid PRIMARY KEY,
  campaign_id uuid NOT NULL REFERENCES campaign (id),
  key text NOT NULL,
  name text NOT NULL,
  language text NOT NULL,
  audience bigint CHECK (audience > 0),
  rule jsonb NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (campaign_id, key),
  UNIQUE (campaign_id, id)
);

CREATE TABLE variant (
  id uuid PRIMARY KEY,
  campaign_id uuid NOT NULL,
  segment_id uuid NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  origin text NOT NULL CHECK (origin IN ('designed', 'imported')),
  generation integer NOT NULL CHECK (generation >= 1),
  parent_id uuid,
  levels jsonb NOT NULL,                -- factor key -> level key
  rationale text NOT NULL DEFAULT '',   -- why it was designed so, for people
  storyboard jsonb,
  status text NOT NULL CHECK (status IN ('rendering', 'ready', 'active', 'retired', 'failed')),
  created_at timestamptz NOT NULL,
  activated_at timestamptz,
  retired_at timestamptz,
  UNIQUE (segment_id, name),
  UNIQUE (campaign_id, id),
  UNIQUE (campaign_id, segment_id, id),
  FOREIGN KEY (campaign_id, segment_id) REFERENCES segment (campaign_id, id),
  FOREIGN KEY (campaign_id, segment_id, parent_id) REFERENCES variant (campaign_id, segment_id, id),
  CHECK ((generation = 1) = (parent_id IS NULL)),
  CHECK ((origin = 'designed') = (storyboard IS NOT NULL)),
  CHECK ((status = 'retired') = (retired_at IS NOT NULL)),
  CHECK (status <> 'active' OR activated_at IS NOT NULL)
);

CREATE TABLE rendition (
  campaign_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  placement text NOT NULL,
  file_name text NOT NULL,              -- relative to the renditions folder
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  width integer NOT NULL CHECK (width > 0),
  height integer NOT NULL CHECK (height > 0),
  duration_ms integer NOT NULL CHECK (duration_ms > 0),
  size_bytes bigint NOT NULL CHECK (size_bytes > 0),
  engine_version text NOT NULL,
  rendered_at timestamptz NOT NULL,
  PRIMARY KEY (campaign_id, variant_id, placement),
  FOREIGN KEY (campaign_id, variant_id) REFERENCES variant (campaign_id, id)
);

-- The variants competing in one segment. alpha and planned_impressions tune the confidence sequence and
-- are frozen when the experiment starts; a new generation always enters a new round.
CREATE TABLE experiment (
  id uuid PRIMARY KEY,
  campaign_id uuid NOT NULL,
  segment_id uuid NOT NULL,
  round integer NOT NULL CHECK (round >= 1),
  goal text NOT NULL CHECK (goal IN ('click_through', 'view_through', 'conversion')),
  alpha double precision NOT NULL CHECK (alpha > 0 AND alpha < 0.5),
  planned_impressions bigint NOT NULL CHECK (planned_impressions > 0),
  randomised boolean NOT NULL,
  control_variant_id uuid NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz CHECK (ended_at >= started_at),
  UNIQUE (segment_id, round),
  UNIQUE (campaign_id, id),
  FOREIGN KEY (campaign_id, segment_id) REFERENCES segment (campaign_id, id),
  FOREIGN KEY (campaign_id, segment_id, control_variant_id)
    REFERENCES variant (campaign_id, segment_id, id)
);

CREATE UNIQUE INDEX experiment_running ON experiment (segment_id) WHERE ended_at IS NULL;

-- Shares hold from starts_at until the next epoch's starts_at. Epochs begin on whole hours, so that every
-- rollup_hour row belongs to exactly one of them.
CREATE TABLE allocation (
  campaign_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  epoch integer NOT NULL CHECK (epoch >= 1),
  starts_at timestamptz NOT NULL CHECK (date_trunc('hour', starts_at, 'UTC') = starts_at),
  PRIMARY KEY (experiment_id, epoch),
  UNIQUE (experiment_id, starts_at),
  UNIQUE (campaign_id, experiment_id, epoch),
  FOREIGN KEY (campaign_id, experiment_id) REFERENCES experiment (campaign_id, id)
);

CREATE TABLE allocation_share (
  campaign_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  epoch integer NOT NULL,
  variant_id uuid NOT NULL,
  position smallint NOT NULL DEFAULT 0, -- assignment walks the shares in this order
  share double precision NOT NULL CHECK (share >= 0.05 AND share <= 1),
  PRIMARY KEY (experiment_id, epoch, variant_id),
  FOREIGN KEY (campaign_id, experiment_id, epoch)
    REFERENCES allocation (campaign_id, experiment_id, epoch),
  FOREIGN KEY (campaign_id, variant_id) REFERENCES variant (campaign_id, id)
);

CREATE FUNCTION check_allocation_sums_to_one() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total double precision;
BEGIN
  SELECT sum(share) INTO total FROM allocation_share
    WHERE experiment_id = NEW.experiment_id AND epoch = NEW.epoch;
  IF total IS NULL OR abs(total - 1) > 1e-9 THEN
    RAISE EXCEPTION 'shares of experiment % epoch % sum to %, not 1', NEW.experiment_id, NEW.epoch, total
      USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_sums_to_one';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER allocation_has_shares AFTER INSERT OR UPDATE ON allocation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_allocation_sums_to_one();
CREATE CONSTRAINT TRIGGER allocation_share_sums_to_one AFTER INSERT OR UPDATE ON allocation_share
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_allocation_sums_to_one();
