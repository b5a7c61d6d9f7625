-- title: The CI run of a deployment
-- used by: deploystats show
-- What was imported about the CI runs that a deployment was part of, attempt by attempt.
--
-- param deployment text: id of the deployment
-- column attempt   integer: which attempt of the run
-- column run_url   text: address of the run
-- column reason    text: how the CI calls its end
-- column ended_at_us time: when it ended
-- column held_us   duration: how long it took

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
    WHERE run.source = 'import' AND own.source IS NOT 'import'
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
    WHERE run.source = 'import' AND own.source IS NOT 'import' AND own.run_url IS NULL
      AND own.requested_at_us
          BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000
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
            AND other.ended_at_us >= run.requested_at_us - 60000000)
), own AS (
    SELECT n FROM deployment WHERE id = :deployment
)
SELECT (SELECT record ->> '$.run_attempt' FROM event WHERE event.deployment = run.id) AS attempt,
       run.run_url, run.reason, run.ended_at_us, run.held_us
FROM deployment AS run
WHERE run.n IN (
    SELECT run FROM run_by_address WHERE deployment = (SELECT n FROM own)
    UNION
    SELECT run FROM run_by_commit WHERE deployment = (SELECT n FROM own))
ORDER BY run.ended_at_us;
