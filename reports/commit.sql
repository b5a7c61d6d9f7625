-- title: A commit on its way to production
-- Every attempt to deploy a commit, oldest first, and when it first got there; of one that stepped
-- aside, what became of the newer one, and of one that was left out or failed, which success followed.
--
-- param sha  text: the commit or its beginning
-- param lock text?: path of a lock; NULL for all
-- column number          integer: ticket
-- column lock            text: path of the lock
-- column outcome         text: how it ended, or waiting, or running
-- column reached         text: first: with this it reached production; again: it was there before; covered: with the newer one it stepped aside for, which succeeded; NULL: not with this
-- column requested_at_us time: when it asked
-- column acquired_at_us  time: when it got the lock
-- column ended_at_us     time: when it ended
-- column wait_us         duration: how long it waited
-- column held_us         duration: how long it had the lock
-- column since_first_us  duration: from the first request for this commit to the end of this one
-- column exit_code       integer: of its command
-- column signal          integer: that ended its command
-- column reason          text: why it ended so
-- column actor           text: the person
-- column source          text: where it came from
-- column tier            text: kind of deployment
-- column sha             text: the whole commit
-- column ref             text: branch or tag
-- column run_url         text: address of the CI run
-- column afterwards      text: superseded by: it stepped aside for that one, the last of those that each stepped aside for the next; followed by: the next success under the lock of those that asked later; NULL: neither
-- column then_number     integer: the number of that one
-- column then_outcome    text: how that one ended, or waiting, or running; NULL: the ledger does not have it
-- column then_sha        text: the commit of that one; a newer one usually contains the older ones
-- column then_at_us      time: when that one ended

WITH RECURSIVE asked AS MATERIALIZED (
    SELECT d.n
    FROM deployment AS d
    WHERE d.sha >= :sha AND d.sha < :sha || char(0x10ffff) AND (:lock IS NULL OR d.lock = :lock)
), chain (attempt, id, number) AS (
    SELECT d.n, d.covered_by, d.covered_by_number
    FROM asked CROSS JOIN deployment AS d ON d.n = asked.n
    WHERE d.outcome = 'superseded' AND d.covered_by IS NOT NULL
    UNION
    SELECT chain.attempt, d.covered_by, d.covered_by_number
    FROM chain CROSS JOIN deployment AS d ON d.id = chain.id
    WHERE d.outcome = 'superseded' AND d.covered_by IS NOT NULL
), cover AS MATERIALIZED (
    -- The end of a chain did not step aside, or is not in the ledger.
    SELECT chain.attempt, max(chain.number) AS number, d.n
    FROM chain LEFT JOIN deployment AS d ON d.id = chain.id
    WHERE d.outcome IS NOT 'superseded' OR d.covered_by IS NULL
    GROUP BY chain.attempt
), told AS (
    SELECT d.*, cover.attempt IS NOT NULL AS is_covered, cover.number AS cover_number,
           cover.n AS cover_n, c.outcome = 'succeeded' AS cover_succeeded,
           CASE
               WHEN d.outcome = 'succeeded' THEN d.ended_at_us
               WHEN c.outcome = 'succeeded' THEN c.ended_at_us
           END AS arrived_us,
           (SELECT n FROM deployment AS x
            WHERE x.lock = d.lock AND x.acquired_at_us > d.ended_at_us
              AND x.requested_at_us > d.requested_at_us AND x.outcome = 'succeeded'
              AND d.outcome <> 'succeeded'
            ORDER BY x.acquired_at_us LIMIT 1) AS next
    FROM asked CROSS JOIN deployment AS d ON d.n = asked.n
        LEFT JOIN cover ON cover.attempt = d.n
        LEFT JOIN deployment AS c ON c.n = cover.n
), attempt AS (
    SELECT *, min(requested_at_us) OVER (PARTITION BY lock, sha) AS first_us,
           row_number() OVER (
               PARTITION BY lock, sha, arrived_us IS NOT NULL ORDER BY arrived_us, n) AS nth
    FROM told
)
SELECT a.number, a.lock,
       coalesce(a.outcome, iif(a.acquired_at_us IS NULL, 'waiting', 'running')) AS outcome,
       CASE
           WHEN a.outcome = 'succeeded' THEN iif(nth = 1, 'first', 'again')
           WHEN cover_succeeded THEN 'covered'
       END AS reached,
       a.requested_at_us, a.acquired_at_us, a.ended_at_us, a.wait_us, a.held_us,
       a.ended_at_us - first_us AS since_first_us, a.exit_code, a.signal, a.reason,
       a.shown_actor AS actor, a.source, a.tier, a.sha, a.ref, a.run_url,
       CASE
           WHEN is_covered THEN 'superseded by'
           WHEN next IS NOT NULL THEN 'followed by'
       END AS afterwards,
       iif(is_covered, cover_number, t.number) AS then_number,
       iif(t.n IS NULL, NULL,
           coalesce(t.outcome, iif(t.acquired_at_us IS NULL, 'waiting', 'running')))
           AS then_outcome,
       t.sha AS then_sha, t.ended_at_us AS then_at_us
FROM attempt AS a
LEFT JOIN deployment AS t ON t.n = iif(is_covered, cover_n, next)
ORDER BY a.requested_at_us, a.n;
