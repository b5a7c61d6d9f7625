-- Which deployments belong together, and which one a deployment stepped aside for.

ALTER TABLE deployment ADD COLUMN batch_key TEXT;         -- the newest with the same key covers the others
ALTER TABLE deployment ADD COLUMN covered_by TEXT;        -- the deployment it stepped aside for
ALTER TABLE deployment ADD COLUMN covered_by_number INTEGER;

-- What a deployment covered.
CREATE INDEX deployment_by_covered ON deployment (covered_by) WHERE covered_by IS NOT NULL;
-- What came later in the same batch.
CREATE INDEX deployment_by_batch ON deployment (lock, batch_key, number)
    WHERE batch_key IS NOT NULL;

-- A trigger of its own beside deployment_follows_events. SQLite does not say which of two comes
-- first, so this one makes the row, too, the same way.
CREATE TRIGGER deployment_follows_batches AFTER INSERT ON event
WHEN NEW.kind IN ('requested', 'superseded') AND NEW.deployment IS NOT NULL
  AND (NEW.record ->> '$.batch_key' IS NOT NULL OR NEW.record ->> '$.covered_by' IS NOT NULL)
BEGIN
    INSERT INTO deployment (id, number, lock, host, last_seq)
    VALUES (NEW.deployment, NEW.number, NEW.lock, NEW.host, NEW.seq)
    ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq;

    UPDATE deployment SET
        batch_key         = coalesce(NEW.record ->> '$.batch_key', batch_key),
        covered_by        = coalesce(NEW.record ->> '$.covered_by', covered_by),
        covered_by_number = coalesce(NEW.record ->> '$.covered_by_number', covered_by_number)
    WHERE id = NEW.deployment;
END;
