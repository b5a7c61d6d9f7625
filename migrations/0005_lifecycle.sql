-- The whole life of a deployment: its command, its check, its rollback, and freezes.
-- Never edit this file once it has been released; add the next number instead.
--
-- command_us, health_us, rollback_us: how long the steps took; NULL: there was none, or nobody told.
-- frozen_us: how long it waited only because deployments were frozen; no part of wait_us. ended_with:
-- the exit code of its wrapper. health: healthy, unhealthy or unchecked; NULL without a check, and
-- where it was not reached. rollback: done, or how it failed. overrode: 1 for one that ran in spite
-- of a freeze. log_file: where its output was kept.
-- Each is the most that any event of the deployment says, so that their order does not matter; of
-- words the last in the alphabet, which is the worst.
-- ran_us: how long its command ran; where only the time with the lock is known, that.
-- failure: why one that had the lock did not succeed: command, signal, start, health, overran,
-- force-unlocked or orphaned.
ALTER TABLE deployment ADD COLUMN command_us INTEGER;
ALTER TABLE deployment ADD COLUMN health_us INTEGER;
ALTER TABLE deployment ADD COLUMN rollback_us INTEGER;
ALTER TABLE deployment ADD COLUMN frozen_us INTEGER;
ALTER TABLE deployment ADD COLUMN ended_with INTEGER;
ALTER TABLE deployment ADD COLUMN health TEXT;
ALTER TABLE deployment ADD COLUMN rollback TEXT;
ALTER TABLE deployment ADD COLUMN overrode INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deployment ADD COLUMN log_file TEXT;
ALTER TABLE deployment ADD COLUMN ran_us INTEGER GENERATED ALWAYS AS (
    coalesce(command_us, held_us)
) VIRTUAL;
ALTER TABLE deployment DROP COLUMN failure;
ALTER TABLE deployment ADD COLUMN failure TEXT GENERATED ALWAYS AS (
    CASE outcome
        WHEN 'failed' THEN
            CASE
                WHEN overran THEN 'overran'
                WHEN reason = 'health' THEN 'health'
                WHEN signal IS NOT NULL OR reason GLOB 'signal *' THEN 'signal'
                WHEN reason GLOB 'command not *' THEN 'start'
                ELSE 'command'
            END
        WHEN 'force_unlocked' THEN 'force-unlocked'
        WHEN 'orphaned' THEN 'orphaned'
    END
) VIRTUAL;

UPDATE deployment SET
    command_us = told.command_us, health_us = told.health_us, rollback_us = told.rollback_us,
    frozen_us = told.frozen_us, ended_with = told.ended_with, health = told.health,
    rollback = told.rollback, overrode = told.overrode, log_file = told.log_file
FROM (
    SELECT deployment,
           max(record ->> '$.command_us') AS command_us,
           max(record ->> '$.health_us') AS health_us,
           max(record ->> '$.rollback_us') AS rollback_us,
           max(record ->> '$.frozen_us') AS frozen_us,
           max(record ->> '$.ended_with') AS ended_with,
           max(iif(record ->> '$.health' IN ('healthy', 'unchecked', 'unhealthy'),
                   record ->> '$.health', NULL)) AS health,
           max(iif(coalesce(record ->> '$.rollback', iif(kind = 'rolled_back',
                       record ->> '$.result', NULL))
                   IN ('done', 'failed', 'interrupted', 'not_run', 'timed_out'),
                   coalesce(record ->> '$.rollback', record ->> '$.result'), NULL)) AS rollback,
           max(coalesce(json_array_length(record, '$.overrode'), 0) > 0) AS overrode,
           max(record ->> '$.log_file') AS log_file
    FROM event
    WHERE deployment IS NOT NULL
      AND kind IN ('acquired', 'released', 'timed_out', 'refused', 'cancelled', 'superseded',
                   'rolled_back')
    GROUP BY deployment
) AS told
WHERE told.deployment = deployment.id;

-- Freezes that began and ended: asked for when their files were lost, and by every alert, report and
-- exposition.
CREATE INDEX event_of_freezes ON event (lock, host) WHERE kind IN ('frozen', 'unfrozen');
-- The few that ran in spite of a freeze.
CREATE INDEX deployment_in_spite ON deployment (acquired_at_us) WHERE overrode = 1;

-- Their lines say more now.
DELETE FROM deployment_block;
