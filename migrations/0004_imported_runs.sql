-- Runs of CI that were imported: deployments without a lock.
-- Never edit this file once it has been released; add the next number instead.

-- Joining a run with the deployment of the wrapper that was part of it.
CREATE INDEX deployment_by_run ON deployment (run_url) WHERE run_url IS NOT NULL;
-- Runs that ended in a window.
CREATE INDEX deployment_imported ON deployment (ended_at_us, outcome) WHERE source = 'import';

-- One event tells all of a run. It never was in the queue, so it has no time at which it left it.
-- Whichever of the two triggers for an event comes first, the row is the same.
CREATE TRIGGER deployment_follows_imports AFTER INSERT ON event
WHEN NEW.kind = 'imported' AND NEW.deployment IS NOT NULL
BEGIN
    INSERT INTO deployment (id, host, last_seq)
    VALUES (NEW.deployment, NEW.host, NEW.seq)
    ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq;

    UPDATE deployment SET
        user             = NEW.user,
        actor            = NEW.actor,
        source           = 'import',
        tier             = NEW.record ->> '$.tier',
        sha              = NEW.record ->> '$.sha',
        ref              = NEW.record ->> '$.ref',
        run_url          = NEW.record ->> '$.run_url',
        requested_at_us  = NEW.at_us - coalesce(NEW.held_us, 0),
        queue_left_at_us = NULL,
        ended_at_us      = NEW.at_us,
        wait_us          = NULL,
        held_us          = NEW.held_us,
        outcome          = NEW.outcome,
        reason           = NEW.reason,
        inferred         = 0
    WHERE id = NEW.deployment;
END;

-- Imported runs with the deployments of the wrapper, or the recorded skip, that each was: those that
-- name its address and asked while it ran. A minute more on both sides, because clocks differ. An
-- address may go on behind the run, such as with '/attempts/2', but not with a digit: that is
-- another run.
CREATE VIEW run_by_address AS
SELECT run.n AS run, own.n AS deployment
FROM deployment AS run
JOIN deployment AS own
  ON own.run_url >= run.run_url AND own.run_url < run.run_url || '~'
 AND substr(own.run_url, length(run.run_url) + 1, 1) NOT BETWEEN '0' AND '9'
WHERE run.source = 'import' AND own.source IS NOT 'import'
  AND own.requested_at_us BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000;

-- The same for a deployment that names no address: the only one of a run's commit that asked while
-- the run went on, if it is the only run of that commit then.
CREATE VIEW run_by_commit AS
SELECT run.n AS run, own.n AS deployment
FROM deployment AS run
JOIN deployment AS own
  ON own.sha >= substr(run.sha, 1, 7) AND own.sha <= run.sha
 AND substr(run.sha, 1, length(own.sha)) = own.sha
WHERE run.source = 'import' AND own.source IS NOT 'import' AND own.run_url IS NULL
  AND own.requested_at_us BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000
  AND NOT EXISTS (
      SELECT 1 FROM deployment AS other
      WHERE other.sha >= substr(run.sha, 1, 7) AND other.sha <= run.sha
        AND substr(run.sha, 1, length(other.sha)) = other.sha
        AND other.source IS NOT 'import' AND other.run_url IS NULL AND other.n <> own.n
        AND other.requested_at_us
            BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000)
  AND NOT EXISTS (
      SELECT 1 FROM deployment AS other
      WHERE other.sha = run.sha AND other.source = 'import' AND other.n <> run.n
        AND other.requested_at_us <= run.ended_at_us + 60000000
        AND other.ended_at_us >= run.requested_at_us - 60000000);
