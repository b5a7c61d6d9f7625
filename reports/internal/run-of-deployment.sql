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

-- The plus signs keep SQLite from reading all runs instead of the few with that address or commit.
WITH RECURSIVE own AS MATERIALIZED (
    SELECT n, sha, run_url, requested_at_us FROM deployment
    WHERE id = :deployment AND is_imported = 0
), address (length) AS (
    -- Every place where the address of a run may end in the one that it names, so that each is
    -- looked up in the index; no CI has longer ones.
    SELECT min(length(run_url), 2000) FROM own WHERE run_url IS NOT NULL
    UNION ALL
    SELECT length - 1 FROM address WHERE length > 1
), run_by_address AS (
    -- Runs whose address it names and in which it asked. A minute more on both sides, because clocks
    -- differ. Its address may go on behind the run's, such as with '/attempts/2', but not with a
    -- digit: that is another run.
    SELECT run.n
    FROM own JOIN address
    JOIN deployment AS run ON run.run_url = substr(own.run_url, 1, address.length)
    WHERE +run.is_imported = 1
      AND substr(own.run_url, length(run.run_url) + 1, 1) NOT BETWEEN '0' AND '9'
      AND own.requested_at_us
          BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000
), run_by_commit AS (
    -- The same for one that names no address: the run of its commit, if it is the only one of that
    -- commit that asked while the run went on, and the run is the only one then.
    SELECT run.n
    FROM own JOIN deployment AS run
      ON run.sha >= own.sha AND run.sha < own.sha || '~'
     AND own.sha >= substr(run.sha, 1, 7) AND substr(run.sha, 1, length(own.sha)) = own.sha
    WHERE +run.is_imported = 1 AND own.run_url IS NULL
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
SELECT (SELECT record ->> '$.run_attempt' FROM event WHERE event.deployment = run.id) AS attempt,
       run.run_url, run.reason, run.ended_at_us, run.held_us
FROM deployment AS run
WHERE run.n IN (SELECT n FROM run_by_address UNION SELECT n FROM run_by_commit)
ORDER BY run.ended_at_us;
