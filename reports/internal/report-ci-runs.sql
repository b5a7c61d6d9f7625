-- title: CI runs
-- used by: deploystats report
-- The imported runs that ended in the window and whether a deployment recorded here was part of each,
-- so that it is counted there.
--
-- param since    time: first moment of the window
-- param until    time: first moment after the window
-- param actors   list?: the people who asked; a JSON array of texts, NULL for all
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- param outcomes list?: outcomes, or waiting and running
-- param locks    list?: paths of locks
-- param events   list?: what set off their CI runs, such as push
-- param branches list?: branches or tags
-- param shas     list?: beginnings of commits
-- column workflow text: what the CI calls that which ran, or else where it came from
-- column outcome  text: how it ended
-- column ended_us time: when it ended
-- column held_us  duration: how long it took
-- column joined   integer: 1: a deployment recorded here was part of it

WITH run_by_address (run, deployment) AS NOT MATERIALIZED (
    -- A run with the deployments of the wrapper, or the recorded skip, that it was: those that name
    -- its address and asked while it ran. A minute more on both sides, because clocks differ. An
    -- address may go on behind the run, such as with '/attempts/2', but not with a digit: that is
    -- another run.
    SELECT run.n, own.n
    FROM deployment AS run
    JOIN deployment AS own
      ON own.run_url >= run.run_url AND own.run_url < run.run_url || '~'
     AND substr(own.run_url, length(run.run_url) + 1, 1) NOT BETWEEN '0' AND '9'
    WHERE run.is_imported = 1 AND own.is_imported = 0
      AND own.requested_at_us
          BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000
), run_by_commit (run, deployment) AS NOT MATERIALIZED (
    -- The same for a deployment that names no address: the only one of a run's commit that asked
    -- while the run went on, if it is the only run of that commit then.
    SELECT run.n, own.n
    FROM deployment AS run
    JOIN deployment AS own
      ON own.sha >= substr(run.sha, 1, 7) AND own.sha <= run.sha
     AND substr(run.sha, 1, length(own.sha)) = own.sha
    WHERE run.is_imported = 1 AND own.is_imported = 0 AND own.run_url IS NULL
      AND own.requested_at_us
          BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000
      AND NOT EXISTS (
          SELECT 1 FROM deployment AS other
          WHERE other.sha >= substr(run.sha, 1, 7) AND other.sha <= run.sha
            AND substr(run.sha, 1, length(other.sha)) = other.sha
            AND other.is_imported = 0 AND other.run_url IS NULL AND other.n <> own.n
            AND other.requested_at_us
                BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000)
      AND NOT EXISTS (
          SELECT 1 FROM deployment AS other
          WHERE other.sha = run.sha AND other.is_imported = 1 AND other.n <> run.n
            AND own.requested_at_us
                BETWEEN other.requested_at_us - 60000000 AND other.ended_at_us + 60000000)
)
SELECT coalesce(workflow, nullif(source, 'import')) AS workflow, outcome,
       ended_at_us AS ended_us, held_us,
       EXISTS (SELECT 1 FROM run_by_address WHERE run = deployment.n)
       OR EXISTS (SELECT 1 FROM run_by_commit WHERE run = deployment.n) AS joined
FROM deployment INDEXED BY deployment_imported
WHERE is_imported = 1 AND ended_at_us >= :since AND ended_at_us < :until
  AND (:actors IS NULL OR coalesce(actor, user) IN (SELECT value FROM json_each(:actors))
       OR claimed_actor IN (SELECT value FROM json_each(:actors))
       OR shown_actor IN (SELECT value FROM json_each(:actors)))
  AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
  AND (:tiers IS NULL OR tier IN (SELECT value FROM json_each(:tiers)))
  AND (:outcomes IS NULL
       OR coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running'))
          IN (SELECT value FROM json_each(:outcomes)))
  AND (:locks IS NULL OR lock IN (SELECT value FROM json_each(:locks)))
  AND (:events IS NULL OR run_event IN (SELECT value FROM json_each(:events)))
  AND (:branches IS NULL OR ref IN (SELECT value FROM json_each(:branches))
       OR ref IN (SELECT 'refs/heads/' || value FROM json_each(:branches)))
  AND (:shas IS NULL
       OR EXISTS (SELECT 1 FROM json_each(:shas)
                  WHERE substr(sha, 1, length(value)) = value));
