-- title: When nothing was deployed
-- The times between one deployment and the next of a lock that were long, newest first: idle, when
-- nobody wanted the lock, or a slow hand-over, when it was free although somebody waited for it.
-- The time since the newest deployment of a lock has no end yet and is counted up to now.
--
-- param idle      duration?: the shortest time without a request that is listed; NULL: an hour
-- param hand_over duration?: the shortest wait for a free lock that is listed; NULL: a second
-- param since     time?: first moment of the end of the gap; NULL: from the beginning
-- param until     time?: first moment afterwards; NULL: up to now, and what is idle now
-- param lock      text?: path of a lock; NULL for all
-- column kind             text: idle, hand-over, or both
-- column lock             text: path of the lock
-- column from_us          time: when the one before ended; of an orphan its last sign of life
-- column to_us            time: when the next one got the lock; NULL: none has yet
-- column gap_us           duration: from the one to the other
-- column idle_us          duration: of that, until the next one asked
-- column hand_over_us     duration: the rest: how long the next one waited for a free lock
-- column number           integer: the next one
-- column actor            text: whose deployment that is
-- column previous_number  integer: the one before
-- column previous_outcome text: how that ended; a long hand-over after an orphan was its command
-- column previous_actor   text: whose deployment that was

WITH RECURSIVE every_lock AS (
    SELECT min(lock) AS lock FROM deployment
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment WHERE lock > every_lock.lock)
    FROM every_lock
    WHERE lock IS NOT NULL
), clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now_us
), turn AS (
    SELECT d.n, d.lock, d.requested_at_us, d.acquired_at_us,
           (SELECT n FROM deployment AS x
            WHERE x.lock = d.lock AND x.acquired_at_us < d.acquired_at_us
            ORDER BY x.acquired_at_us DESC LIMIT 1) AS previous
    FROM every_lock CROSS JOIN deployment AS d
        ON d.lock = every_lock.lock AND d.acquired_at_us >= coalesce(:since, 0)
           AND d.acquired_at_us < coalesce(:until, 9223372036854775807)
    WHERE :lock IS NULL OR d.lock = :lock
    UNION ALL
    SELECT NULL, lock, now_us, now_us,
           (SELECT n FROM deployment AS x
            WHERE x.lock = every_lock.lock AND x.acquired_at_us > 0
            ORDER BY x.acquired_at_us DESC LIMIT 1)
    FROM clock, every_lock
    WHERE :until IS NULL AND (:lock IS NULL OR lock = :lock)
), gap AS (
    SELECT turn.n, p.lock, p.n AS previous, p.ended_at_us AS from_us,
           iif(turn.n IS NULL, NULL, turn.acquired_at_us) AS to_us,
           turn.acquired_at_us - p.ended_at_us AS gap_us,
           max(0, min(turn.acquired_at_us, coalesce(turn.requested_at_us, turn.acquired_at_us))
                  - p.ended_at_us) AS idle_us
    FROM turn CROSS JOIN deployment AS p ON p.n = turn.previous
    WHERE turn.acquired_at_us > p.ended_at_us
), long_gap AS (
    SELECT *, idle_us >= coalesce(:idle, 3600000000) AS is_idle,
           gap_us - idle_us >= coalesce(:hand_over, 1000000) AS is_slow
    FROM gap
    WHERE is_idle OR is_slow
)
SELECT iif(is_idle, iif(is_slow, 'both', 'idle'), 'hand-over') AS kind, g.lock, g.from_us, g.to_us,
       g.gap_us, g.idle_us, g.gap_us - g.idle_us AS hand_over_us, d.number, d.shown_actor AS actor,
       p.number AS previous_number, p.outcome AS previous_outcome, p.shown_actor AS previous_actor
FROM long_gap AS g CROSS JOIN deployment AS p ON p.n = g.previous
    LEFT JOIN deployment AS d ON d.n = g.n
ORDER BY g.from_us DESC, p.n DESC;
