-- title: Which commit is live
-- For each lock the newest success that names a commit, now or at a time, and so the commit that is
-- live: what ran under the lock since then did not succeed, or delivered no commit. Beside the locks the newest success of each
-- workflow whose CI runs were imported, unless a deployment here was part of that run.
--
-- param at   time?: the moment; NULL: now
-- param lock text?: path of a lock; NULL for all, and for imported runs
-- column lock         text: path of the lock; NULL: an imported run, which had none
-- column sha          text: the commit; NULL: no success named one, or nothing had succeeded
-- column ref          text: branch or tag
-- column what         text: deployment, CI run: it was imported; or nothing: none had succeeded under the lock
-- column number       integer: with which deployment
-- column ended_at_us  time: since when it is live: when that had succeeded
-- column live_us      duration: for how long, by then
-- column unsuccessful integer: how many ended without success after it by then, also one that had been abandoned; see last-good-before
-- column under_way    integer: the deployment that had the lock at that moment
-- column actor        text: the person
-- column source       text: where it came from
-- column tier         text: kind of deployment
-- column workflow     text: what the CI calls that which ran; of other sources their name
-- column run_url      text: address of the CI run

WITH RECURSIVE run_by_address (run, deployment) AS NOT MATERIALIZED (
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
), every_lock AS (
    SELECT min(lock) AS lock FROM deployment
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment WHERE lock > every_lock.lock)
    FROM every_lock
    WHERE lock IS NOT NULL
), asked AS MATERIALIZED (
    SELECT coalesce(
        :at, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000) AS at_us
), newest AS MATERIALIZED (
    SELECT every_lock.lock, at_us,
           coalesce(
               (SELECT n FROM deployment AS x
                WHERE x.lock = every_lock.lock AND x.acquired_at_us <= at_us
                  AND x.outcome = 'succeeded' AND x.ended_at_us <= at_us AND x.sha IS NOT NULL
                ORDER BY x.acquired_at_us DESC LIMIT 1),
               (SELECT n FROM deployment AS x
                WHERE x.lock = every_lock.lock AND x.acquired_at_us <= at_us
                  AND x.outcome = 'succeeded' AND x.ended_at_us <= at_us
                ORDER BY x.acquired_at_us DESC LIMIT 1)) AS n
    FROM asked, every_lock
    WHERE lock IS NOT NULL AND (:lock IS NULL OR lock = :lock)
      AND EXISTS (SELECT 1 FROM deployment AS x
                  WHERE x.lock = every_lock.lock AND x.acquired_at_us <= at_us)
), newest_run AS MATERIALIZED (
    SELECT n, max(ended_at_us) AS ended_us, (SELECT at_us FROM asked) AS at_us
    FROM deployment
    WHERE is_imported = 1 AND ended_at_us <= (SELECT at_us FROM asked)
      AND outcome = 'succeeded' AND acquired_at_us IS NULL AND :lock IS NULL
    GROUP BY coalesce(workflow, nullif(source, 'import'))
), own_part AS MATERIALIZED (
    -- A run that a deployment here was part of is not told twice.
    SELECT n FROM newest_run
    WHERE EXISTS (SELECT 1 FROM run_by_address WHERE run = newest_run.n)
       OR EXISTS (SELECT 1 FROM run_by_commit WHERE run = newest_run.n)
), answer AS (
    SELECT lock, n, at_us, iif(n IS NULL, 'nothing', 'deployment') AS what,
           (SELECT count(*) FROM deployment AS x
            WHERE x.lock = newest.lock AND x.acquired_at_us <= at_us
              AND x.acquired_at_us >= coalesce(
                  (SELECT acquired_at_us FROM deployment WHERE n = newest.n), 0)
              AND x.n IS NOT newest.n AND x.ended_at_us <= at_us AND x.outcome <> 'succeeded')
           -- What was abandoned before it may have ended after it.
           + (SELECT count(*) FROM deployment AS x
              WHERE x.outcome = 'force_unlocked' AND x.outcome <> 'succeeded'
                AND x.ended_at_us <= at_us AND x.lock = newest.lock
                AND x.acquired_at_us
                    < (SELECT acquired_at_us FROM deployment WHERE n = newest.n)
                AND x.ended_at_us > (SELECT ended_at_us FROM deployment WHERE n = newest.n))
               AS unsuccessful,
           (SELECT number FROM deployment AS x
            WHERE x.lock = newest.lock AND x.acquired_at_us <= at_us
              AND x.acquired_at_us >= coalesce(
                  (SELECT acquired_at_us FROM deployment WHERE n = newest.n), 0)
              AND (x.outcome IS NULL OR x.ended_at_us > at_us)
            ORDER BY x.acquired_at_us DESC LIMIT 1) AS under_way
    FROM newest
    UNION ALL
    SELECT NULL, n, at_us, 'CI run', NULL, NULL
    FROM newest_run
    WHERE n NOT IN (SELECT n FROM own_part)
)
SELECT answer.lock, d.sha, d.ref, answer.what, d.number, d.ended_at_us,
       answer.at_us - d.ended_at_us AS live_us, answer.unsuccessful, answer.under_way,
       d.shown_actor AS actor, d.source, d.tier,
       coalesce(d.workflow, iif(answer.lock IS NULL, nullif(d.source, 'import'), NULL)) AS workflow,
       d.run_url
FROM answer LEFT JOIN deployment AS d ON d.n = answer.n
ORDER BY answer.lock IS NULL, answer.lock, workflow;
