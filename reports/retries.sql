-- title: Failed, then tried again
-- Commits of which an attempt did not succeed although it had the lock, and which were tried again
-- on the same lock: how many attempts it took and how long, newest failure first.
--
-- param since time?: first moment of the end of a failed attempt; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column number             integer: the success, or the last attempt
-- column lock               text: path of the lock
-- column sha                text: the commit
-- column result             text: succeeded, gave up: the last attempt did not succeed, or under way
-- column attempts           integer: attempts that had the lock, up to the success
-- column failed             integer: of these, did not succeed
-- column first_number       integer: the first attempt
-- column first_failed_at_us time: when an attempt failed first
-- column succeeded_at_us    time: when one succeeded after that
-- column time_to_success_us duration: from the one to the other
-- column actors             text: who tried
-- column tier               text: kind of deployment

WITH failed AS (
    SELECT DISTINCT lock, sha
    FROM deployment
    WHERE outcome IN ('failed', 'force_unlocked', 'orphaned') AND outcome <> 'succeeded'
      AND ended_at_us >= coalesce(:since, 0)
      AND ended_at_us < coalesce(:until, 9223372036854775807)
      AND sha IS NOT NULL AND (:lock IS NULL OR lock = :lock)
), attempt AS MATERIALIZED (
    SELECT d.*,
           min(d.ended_at_us) FILTER (WHERE d.outcome <> 'succeeded') OVER commits
               AS first_failed_us
    FROM failed CROSS JOIN deployment AS d ON d.sha = failed.sha
    WHERE +d.lock IS failed.lock AND d.acquired_at_us IS NOT NULL
    WINDOW commits AS (PARTITION BY d.lock, d.sha)
), success AS (
    SELECT lock, sha, min(ended_at_us) AS succeeded_at_us
    FROM attempt
    WHERE outcome = 'succeeded' AND ended_at_us >= first_failed_us
    GROUP BY lock, sha
), counted AS (
    SELECT a.lock, a.sha, s.succeeded_at_us, a.first_failed_us, count(*) AS attempts,
           count(*) FILTER (WHERE a.outcome <> 'succeeded') AS failed,
           count(*) FILTER (WHERE a.outcome IS NULL) AS under_way,
           min(a.n) AS first, max(a.n) AS last,
           group_concat(DISTINCT a.shown_actor) AS actors
    FROM attempt AS a
    LEFT JOIN success AS s ON s.lock IS a.lock AND s.sha = a.sha
    WHERE s.succeeded_at_us IS NULL OR a.ended_at_us <= s.succeeded_at_us
    GROUP BY a.lock, a.sha
    HAVING count(*) > 1
)
SELECT l.number, c.lock, c.sha,
       CASE
           WHEN c.succeeded_at_us IS NOT NULL THEN 'succeeded'
           WHEN c.under_way > 0 THEN 'under way'
           ELSE 'gave up'
       END AS result,
       c.attempts, c.failed, f.number AS first_number, c.first_failed_us AS first_failed_at_us,
       c.succeeded_at_us, c.succeeded_at_us - c.first_failed_us AS time_to_success_us, c.actors,
       l.tier
FROM counted AS c CROSS JOIN deployment AS f ON f.n = c.first
    CROSS JOIN deployment AS l ON l.n = c.last
ORDER BY c.first_failed_us DESC, c.last DESC;
