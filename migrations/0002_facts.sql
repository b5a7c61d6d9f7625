-- What else the events say of a deployment.
-- Never edit this file once it has been released; add the next number instead.
--
-- is_imported: 1 for one that was made elsewhere: an event `imported` tells of it. is_ci_run: 1 for
-- one of those that never had a lock here; no metric of the lock counts it. run_event: what set off
-- the CI run, such as push. workflow: the CI's name of what ran. committed_at_us: when the commit was
-- made, as far as somebody says so. overran: 1 for one that was ended because it ran too long.
-- failure: why one that had the lock did not succeed: command, signal, start, overran, force-unlocked
-- or orphaned.
ALTER TABLE deployment ADD COLUMN is_imported INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deployment ADD COLUMN run_event TEXT;
ALTER TABLE deployment ADD COLUMN workflow TEXT;
ALTER TABLE deployment ADD COLUMN committed_at_us INTEGER;
ALTER TABLE deployment ADD COLUMN overran INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deployment ADD COLUMN is_ci_run INTEGER GENERATED ALWAYS AS (
    is_imported = 1 AND acquired_at_us IS NULL AND wrapper_lost_at_us IS NULL
) VIRTUAL;
ALTER TABLE deployment ADD COLUMN failure TEXT GENERATED ALWAYS AS (
    CASE outcome
        WHEN 'failed' THEN
            CASE
                WHEN overran THEN 'overran'
                WHEN signal IS NOT NULL THEN 'signal'
                WHEN reason GLOB 'command not *' THEN 'start'
                ELSE 'command'
            END
        WHEN 'force_unlocked' THEN 'force-unlocked'
        WHEN 'orphaned' THEN 'orphaned'
    END
) VIRTUAL;

DROP INDEX deployment_imported;

UPDATE deployment SET
    is_imported = told.kind = 'imported',
    source = coalesce(told.source, iif(told.kind = 'imported', 'import', NULL)),
    run_event = told.run_event, workflow = told.workflow, committed_at_us = told.committed_at_us
FROM (
    SELECT deployment, max(seq), kind, record ->> '$.source' AS source,
           record ->> '$.event' AS run_event, record ->> '$.workflow' AS workflow,
           record ->> '$.committed_at_us' AS committed_at_us
    FROM event
    WHERE kind IN ('requested', 'imported')
    GROUP BY deployment
) AS told
WHERE told.deployment = deployment.id;

UPDATE deployment SET overran = 1
WHERE id IN (SELECT deployment FROM event WHERE kind = 'overran');

-- CI runs that ended in a window.
CREATE INDEX deployment_imported ON deployment (ended_at_us, outcome) WHERE is_imported = 1;
-- Finding the time of a commit without looking at every deployment of it.
CREATE INDEX deployment_by_commit_time ON deployment (sha, committed_at_us)
    WHERE committed_at_us IS NOT NULL;
