-- Durable work and when it is due. The owner of the Jobs room keeps the drawing of these states:
--
--   scheduled -> available -> running -> completed
--                    ^           |-> retryable (run_at in the future) -> available …
--                    |           '-> discarded (attempts used up)
--                    '-- lease ran out
--   any but completed -> cancelled

CREATE TABLE job (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind <> ''),
  payload jsonb NOT NULL,
  state text NOT NULL CHECK (state IN (
    'available', 'running', 'retryable', 'completed', 'discarded', 'cancelled')),
  priority smallint NOT NULL DEFAULT 0,
  run_at timestamptz NOT NULL,
  attempt integer NOT NULL DEFAULT 0 CHECK (attempt >= 0 AND attempt <= max_attempts),
  max_attempts integer NOT NULL CHECK (max_attempts >= 1),
  unique_key text,
  leased_by text,
  lease_expires_at timestamptz,
  progress double precision CHECK (progress >= 0 AND progress <= 1),
  last_error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CHECK ((state = 'running') = (lease_expires_at IS NOT NULL)),
  CHECK ((state = 'running') = (leased_by IS NOT NULL)),
  CHECK ((state IN ('completed', 'discarded', 'cancelled')) = (finished_at IS NOT NULL))
);

CREATE INDEX job_due ON job (priority DESC, run_at) WHERE state IN ('available', 'retryable');
CREATE INDEX job_leased ON job (lease_expires_at) WHERE state = 'running';
CREATE UNIQUE INDEX job_unique ON job (kind, unique_key)
  WHERE unique_key IS NOT NULL AND state IN ('available', 'running', 'retryable');

CREATE TABLE schedule (
  name text PRIMARY KEY CHECK (name <> ''),
  cron text NOT NULL,
  time_zone text NOT NULL,
  kind text NOT NULL,
  payload jsonb NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  next_run_at timestamptz NOT NULL,
  last_run_at timestamptz
);
