-- title: Behind whom a deployment waited
-- Takes the wait of a deployment apart: who had the lock meanwhile, each moment counted once, so
-- that blocked_us adds up to waited_us exactly. Beside it, how long each one was ahead in the
-- queue; that lies inside of the time others had the lock. While the deployment waits, its wait is
-- counted up to now.
--
-- param waiter deployment: number or id of the deployment that waited
-- param lock   text?: path of its lock; NULL for all that know the number
-- column number         integer: the one in the way; NULL: nobody that is recorded
-- column lock           text: path of the lock
-- column how            text: holder: had the lock when the waiter asked; ahead: was in the queue before it and had the lock in its turn, or left without; behind: got the lock although it came later; orphan: was dead, or its wrapper was, and the lock not yet taken by the next one; nobody: between two holders, or the lock was had by something that is not recorded
-- column blocked_us     duration: how long it kept the lock from the waiter (hard)
-- column share          ratio: of the whole wait
-- column ahead_us       duration: how long it waited before the waiter in the queue (soft)
-- column from_us        time: since when it was in the way
-- column to_us          time: until when
-- column outcome        text: how it ended, or waiting, or running
-- column actor          text: the person
-- column source         text: where it came from
-- column tier           text: kind of deployment
-- column waited_us      duration: the whole wait
-- column waiter         integer: the deployment that waited
-- column waiter_outcome text: how that ended, or waiting, or running
-- column command        words: command of the one in the way

WITH RECURSIVE every_lock AS (
    SELECT min(lock) AS lock FROM deployment
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment WHERE lock > every_lock.lock)
    FROM every_lock
    WHERE lock IS NOT NULL
), clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now_us
), asked AS (
    -- A number, or an id or its beginning.
    SELECT n FROM deployment
    WHERE typeof(:waiter) = 'integer' AND number = :waiter AND lock IN every_lock
    UNION ALL
    SELECT n FROM deployment
    WHERE typeof(:waiter) = 'text' AND id >= :waiter AND id < :waiter || char(0x10ffff)
), waiter AS MATERIALIZED (
    -- As long as was measured; the wall clock may have been set meanwhile.
    SELECT d.n, number, lock, outcome, acquired_at_us, requested_at_us AS from_us,
           requested_at_us
           + max(0, coalesce(wait_us, queue_left_at_us - requested_at_us,
                             now_us - requested_at_us)) AS to_us
    FROM clock, asked CROSS JOIN deployment AS d ON d.n = asked.n
    WHERE lock IS NOT NULL AND (:lock IS NULL OR lock = :lock) AND requested_at_us IS NOT NULL
), had_lock AS (
    -- The last one that had got the lock when the waiter asked, and all who got it meanwhile.
    SELECT n AS w,
           (SELECT n FROM deployment AS d
            WHERE d.lock = waiter.lock AND d.acquired_at_us <= waiter.from_us AND d.n <> waiter.n
            ORDER BY d.acquired_at_us DESC LIMIT 1) AS n
    FROM waiter
    UNION
    SELECT waiter.n, d.n
    FROM waiter CROSS JOIN deployment AS d
        ON d.lock = waiter.lock AND d.acquired_at_us > waiter.from_us
           AND d.acquired_at_us < waiter.to_us AND d.n <> waiter.n
), turn AS (
    -- Who gets the lock ends the turn of the one before, even when that was abandoned and runs on.
    SELECT w.n AS w, d.n, d.number > w.number AS is_behind,
           d.acquired_at_us <= w.from_us AS was_first,
           d.outcome = 'orphaned' AS is_orphan, d.ended_at_us,
           max(w.from_us, d.acquired_at_us) AS from_us,
           coalesce(lead(d.acquired_at_us) OVER turns, w.to_us) AS next_us,
           w.from_us AS asked_us
    FROM had_lock CROSS JOIN deployment AS d ON d.n = had_lock.n
        CROSS JOIN waiter AS w ON w.n = had_lock.w
    WINDOW turns AS (PARTITION BY w.n ORDER BY d.acquired_at_us, d.number)
), held AS MATERIALIZED (
    SELECT *, max(from_us, min(next_us, coalesce(ended_at_us, next_us))) AS to_us FROM turn
), part AS (
    SELECT w, n, iif(was_first, 'holder', iif(is_behind, 'behind', 'ahead')) AS how, from_us, to_us
    FROM held WHERE to_us > from_us
    UNION ALL
    SELECT w, iif(is_orphan, n, NULL), iif(is_orphan, 'orphan', 'nobody'), to_us, next_us
    FROM held WHERE next_us > to_us
    UNION ALL
    SELECT waiter.n, NULL, 'nobody', waiter.from_us, coalesce(min(held.from_us), waiter.to_us)
    FROM waiter LEFT JOIN held ON held.w = waiter.n
    GROUP BY waiter.n
    HAVING coalesce(min(held.from_us), waiter.to_us) > waiter.from_us
), queued AS (
    -- Who was in the queue when the waiter asked: they left within the hour, or took longer, or are
    -- there still.
    SELECT w.n AS w, d.n
    FROM waiter AS w CROSS JOIN deployment AS d
        ON d.queue_left_at_us > w.from_us AND d.queue_left_at_us <= w.to_us + 3600000000
    UNION
    SELECT w.n, d.n
    FROM waiter AS w CROSS JOIN deployment AS d
        ON d.span_us > 3600000000 AND d.ended_at_us > w.from_us
    UNION
    SELECT w.n, d.n FROM waiter AS w CROSS JOIN deployment AS d ON d.outcome IS NULL
), ahead AS MATERIALIZED (
    SELECT w.n AS w, d.n, max(w.from_us, d.requested_at_us) AS from_us,
           min(w.to_us, coalesce(d.queue_left_at_us, w.to_us)) AS to_us
    FROM queued CROSS JOIN deployment AS d ON d.n = queued.n
        CROSS JOIN waiter AS w ON w.n = queued.w
    WHERE d.lock = w.lock AND d.number < w.number AND d.requested_at_us < w.to_us
      AND (d.queue_left_at_us > w.from_us OR d.queue_left_at_us IS NULL)
), answer AS (
    SELECT part.w, part.n, part.how, sum(part.to_us - part.from_us) AS blocked_us,
           min(part.from_us) AS from_us, max(part.to_us) AS to_us,
           (SELECT ahead.to_us - ahead.from_us FROM ahead
            WHERE ahead.w = part.w AND ahead.n = part.n AND part.how <> 'orphan') AS ahead_us
    FROM part
    GROUP BY part.w, part.n, part.how
    UNION ALL
    SELECT w, n, 'ahead', 0, from_us, to_us, to_us - from_us
    FROM ahead
    WHERE NOT EXISTS (SELECT 1 FROM part WHERE part.w = ahead.w AND part.n = ahead.n)
      AND to_us > from_us
)
SELECT d.number, w.lock, answer.how, answer.blocked_us,
       answer.blocked_us * 1.0 / nullif(w.to_us - w.from_us, 0) AS share,
       coalesce(answer.ahead_us, 0) AS ahead_us, answer.from_us, answer.to_us,
       iif(d.n IS NULL, NULL,
           coalesce(d.outcome, iif(d.acquired_at_us IS NULL, 'waiting', 'running'))) AS outcome,
       d.shown_actor AS actor, d.source, d.tier, w.to_us - w.from_us AS waited_us, w.number AS waiter,
       coalesce(w.outcome, iif(w.acquired_at_us IS NULL, 'waiting', 'running')) AS waiter_outcome,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = d.requested_seq) AS command
FROM answer CROSS JOIN waiter AS w ON w.n = answer.w
    LEFT JOIN deployment AS d ON d.n = answer.n
ORDER BY w.lock, answer.from_us, answer.to_us, d.number;
