-- Secrets for pseudonyms rotate. Each is in use from its valid_from until the next one's, by an event's received_at;
-- a new one is written down well before it takes effect, so that every process knows it in time. Long after its use a
-- secret is destroyed: its row stays, and nobody can tell any more whose pseudonyms those were.

ALTER TABLE pseudonym_secret
  ADD COLUMN valid_from timestamptz,
  ADD COLUMN destroyed_at timestamptz,
  ALTER COLUMN secret DROP NOT NULL,
  ADD CHECK ((secret IS NULL) = (destroyed_at IS NOT NULL));

-- Until now the highest number was in use, whenever an event came.
DELETE FROM pseudonym_secret AS earlier
WHERE EXISTS (SELECT FROM pseudonym_secret AS later WHERE later.number > earlier.number);

UPDATE pseudonym_secret SET valid_from = timestamptz 'epoch';

ALTER TABLE pseudonym_secret ALTER COLUMN valid_from SET NOT NULL, ADD UNIQUE (valid_from);
