-- Durable work and when it is due. The states of a job (the Jobs room draws the same):
--
--                .--------- let go by its worker, attempt not counted
--                v                      |
--   insert -> available -- claimed --> running --> completed
--                           ^           | | '----> discarded   attempts used up, or no use in trying
--                           |           | |
--                        retryable <----' |        failed or lease ran out; run_at says when again
--                                         |
--   available, running, retryable ----> cancelled
--
-- Work for later is available with its run_at in the future.

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
  CHECK ((state IN ('completed', 'discarded', 'cancelled')) = (finished_at IS NOT NULL)),
  CHECK (state NOT IN ('available', 'retryable') OR attempt < max_attempts),
  CHECK (state <> 'running' OR attempt >= 1),
  CHECK (state NOT IN ('retryable', 'discarded') OR last_error IS NOT NULL)
);

CREATE INDEX job_due ON job (priority DESC, run_at) WHERE state IN ('available', 'retryable');
CREATE INDEX job_leased ON job (lease_expires_at) WHERE state = 'running';
CREATE UNIQUE INDEX job_unique ON job (kind, unique_key)
  WHERE unique_key IS NOT NULL AND state IN ('available', 'running', 'retryable');

CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE schedule (
  name text PRIMARY KEY CHECK (name <> ''),
  cron text NOT NULL,
  time_zone text NOT NULL,
  kind text NOT NULL CHECK (kind <> ''),
  max_attempts integer NOT NULL CHECK (max_attempts >= 1),
  payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
  enabled boolean NOT NULL DEFAULT true,
  next_run_at timestamptz NOT NULL,
  last_run_at timestamptz
);
