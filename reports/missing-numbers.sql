-- title: Missing numbers
-- Numbers of a lock that were given out and that no event in this ledger has, newest first: the
-- events wait where only runs of their owner look, who may not write this ledger, or went to another
-- ledger, or a process was killed while it took its number. Only below deployments that had the lock
-- and ended: by then everybody with a lower number had left the queue. Numbers before the first one
-- of a lock are older than the ledger, and a lock whose counter was lost goes on from the seconds
-- since 1970: what it skips then was never given out.
--
-- param since time?: first moment at which the next one left the queue; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column lock      text: path of the lock
-- column first     integer: the lowest of them
-- column last      integer: the highest of them
-- column missing   integer: how many they are
-- column after_us  time: when the deployment before them asked
-- column before_us time: when the one after them left the queue
-- column number    integer: the one after them
-- column actor     text: whose that is

WITH RECURSIVE every_lock AS (
    SELECT min(lock) AS lock FROM deployment
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment WHERE lock > every_lock.lock)
    FROM every_lock
    WHERE lock IS NOT NULL
), passed AS MATERIALIZED (
    SELECT lock,
           (SELECT number FROM deployment AS x
            WHERE x.lock = every_lock.lock AND x.acquired_at_us > 0 AND x.ended_at_us > 0
            ORDER BY x.acquired_at_us DESC LIMIT 1) AS number
    FROM every_lock
    WHERE lock IS NOT NULL AND (:lock IS NULL OR lock = :lock)
), step AS (
    SELECT d.n, d.number,
           (SELECT x.n FROM deployment AS x
            WHERE x.lock = d.lock AND x.number < d.number
            ORDER BY x.number DESC LIMIT 1) AS previous
    FROM deployment AS d CROSS JOIN passed ON passed.lock = d.lock AND passed.number >= d.number
    WHERE d.queue_left_at_us >= coalesce(:since, 0)
      AND d.queue_left_at_us < coalesce(:until, 9223372036854775807)
)
SELECT d.lock, p.number + 1 AS first, d.number - 1 AS last, d.number - p.number - 1 AS missing,
       p.requested_at_us AS after_us, d.queue_left_at_us AS before_us, d.number,
       d.shown_actor AS actor
FROM step CROSS JOIN deployment AS p ON p.n = step.previous
    CROSS JOIN deployment AS d ON d.n = step.n
WHERE p.number < d.number - 1
  -- The first one after a loss: who takes a number asks for it shortly before, waiting for others
  -- who do the same.
  AND NOT (d.number >= coalesce(d.requested_at_us / 1000000, 9223372036854775807)
           AND d.number <= coalesce(d.requested_at_us / 1000000 + 61, 0))
ORDER BY d.queue_left_at_us DESC, d.n DESC;
