-- Signed links: what they are signed with, where clicks may lead, and what makes anonymous viewers of one day the same.

-- The highest number signs; all whose time has not ended are believed.
CREATE TABLE link_secret (
  number integer PRIMARY KEY CHECK (number BETWEEN 1 AND 65535),
  secret bytea NOT NULL CHECK (octet_length(secret) = 32),
  created_at timestamptz NOT NULL,
  valid_until timestamptz               -- set when a newer one takes over
);

-- The only places a click redirect leads to.
CREATE TABLE click_target (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  campaign_id uuid NOT NULL REFERENCES campaign (id),
  url text NOT NULL CHECK (url ~ '^https://[^[:space:]]+$' AND length(url) <= 2048),
  created_at timestamptz NOT NULL,
  UNIQUE (campaign_id, url)
);

-- One per UTC day, deleted when the day is over: afterwards nobody can tell who an anonymous viewer was.
CREATE TABLE viewer_salt (
  day date PRIMARY KEY,
  salt bytea NOT NULL CHECK (octet_length(salt) = 32)
);
