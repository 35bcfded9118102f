-- What it means and what was done because of it. Both are append-only: a claim is superseded, never changed.

CREATE TABLE verdict (
  id uuid PRIMARY KEY,
  campaign_id uuid NOT NULL,
  segment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  variant_id uuid,                      -- absent when the verdict is about the whole segment (shifted, invalid)
  kind text NOT NULL CHECK (kind IN (
    'winner', 'loser', 'leading', 'trailing', 'fatigued', 'shifted', 'inconclusive', 'invalid')),
  metric text NOT NULL,
  estimate double precision,            -- difference against the comparison, absolute scale of the metric;
                                        -- for fatigued and shifted the relative change
  low double precision,
  high double precision,
  sentence text NOT NULL,
  evidence jsonb NOT NULL,              -- inputs, method, version, numbers: enough to compute it again
  as_of timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (low <= estimate AND estimate <= high),
  FOREIGN KEY (campaign_id, segment_id) REFERENCES segment (campaign_id, id),
  FOREIGN KEY (campaign_id, experiment_id) REFERENCES experiment (campaign_id, id),
  FOREIGN KEY (campaign_id, variant_id) REFERENCES variant (campaign_id, id)
);

CREATE INDEX verdict_by_time ON verdict (campaign_id, as_of);

-- Looking twice at the same moment is one look: of each version one standing, and beside it at most one finding
-- about its course (fatigued; shifted for the whole segment).
CREATE UNIQUE INDEX verdict_once
  ON verdict (experiment_id, variant_id, as_of, (kind IN ('fatigued', 'shifted'))) NULLS NOT DISTINCT;

CREATE TABLE decision (
  id uuid PRIMARY KEY,
  campaign_id uuid NOT NULL,
  segment_id uuid NOT NULL,
  experiment_id uuid,
  variant_id uuid,
  kind text NOT NULL CHECK (kind IN (
    'launch', 'promote', 'retire', 'reallocate', 'regenerate', 'pause', 'reverse')),
  reason text NOT NULL CHECK (reason <> ''),
  evidence jsonb NOT NULL,
  decided_by text NOT NULL CHECK (decided_by <> ''),
  decided_at timestamptz NOT NULL,
  reverses_id uuid REFERENCES decision (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind = 'reverse') = (reverses_id IS NOT NULL)),
  FOREIGN KEY (campaign_id, segment_id) REFERENCES segment (campaign_id, id),
  FOREIGN KEY (campaign_id, experiment_id) REFERENCES experiment (campaign_id, id),
  FOREIGN KEY (campaign_id, variant_id) REFERENCES variant (campaign_id, id)
);

CREATE INDEX decision_by_time ON decision (campaign_id, decided_at);
CREATE UNIQUE INDEX decision_reversed_once ON decision (reverses_id) WHERE reverses_id IS NOT NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed; add a new one', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER verdict_is_immutable BEFORE UPDATE OR DELETE ON verdict
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_is_immutable BEFORE UPDATE OR DELETE ON decision
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The rounds the autopilot has done. A round of the same segment and time is never done twice.
CREATE TABLE autopilot_round (
  campaign_id uuid NOT NULL,
  segment_id uuid NOT NULL,
  at timestamptz NOT NULL,
  decisions integer NOT NULL CHECK (decisions >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (segment_id, at),
  FOREIGN KEY (campaign_id, segment_id) REFERENCES segment (campaign_id, id)
);
