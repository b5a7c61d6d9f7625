-- title: How much of the time the lock was held
-- For each lock and day the share of the time somebody had it, cut at the edges of the window and
-- of the day. Who gets the lock ends the turn of the one before, so no moment counts twice; an
-- orphan has it until its last sign of life, what runs has it up to now.
--
-- param since time?: first moment; NULL: seven days before the end
-- param until time?: first moment afterwards; NULL: now
-- param lock  text?: path of a lock; NULL for all
-- param days  days?: the moments at which days begin, a JSON array of times; NULL: midnights of UTC; deploystats gives those of --tz
-- column lock        text: path of the lock
-- column from_us     time: where the day begins, or the window
-- column to_us       time: where the day ends, or the window
-- column held_us     duration: how long the lock was held in between
-- column of_us       duration: how long that day is, as far as it lies in the window
-- column share       ratio: of that time
-- column deployments integer: how many had the lock in that time
-- column number      integer: the one that had it longest in that time
-- column longest_us  duration: how long that had it in that time
-- column actor       text: whose deployment that was
-- column command     words: command of that

WITH RECURSIVE every_lock AS (
    SELECT min(lock) AS lock FROM deployment
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment WHERE lock > every_lock.lock)
    FROM every_lock
    WHERE lock IS NOT NULL
), clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now_us
), span AS MATERIALIZED (
    SELECT coalesce(:since, coalesce(:until, now_us) - 604800000000) AS since_us,
           coalesce(:until, now_us) AS until_us, now_us
    FROM clock
), midnight (at_us) AS (
    SELECT since_us - since_us % 86400000000 FROM span WHERE :days IS NULL
    UNION ALL
    SELECT at_us + 86400000000 FROM span, midnight WHERE at_us + 86400000000 < until_us
), edge AS (
    SELECT at_us FROM midnight
    UNION
    SELECT value FROM json_each(coalesce(:days, '[]'))
), day AS MATERIALIZED (
    SELECT max(at_us, since_us) AS from_us, min(coalesce(next_us, until_us), until_us) AS to_us
    FROM span, (SELECT at_us, lead(at_us) OVER (ORDER BY at_us) AS next_us FROM edge)
    WHERE at_us < until_us AND (next_us IS NULL OR next_us > since_us)
), had_lock AS (
    -- For each day the last one that had got the lock before, and all who got it in it.
    SELECT day.from_us AS day_us, day.to_us AS end_us,
           (SELECT n FROM deployment AS d
            WHERE d.lock = every_lock.lock AND d.acquired_at_us < day.from_us
            ORDER BY d.acquired_at_us DESC LIMIT 1) AS n
    FROM every_lock CROSS JOIN day
    WHERE :lock IS NULL OR every_lock.lock = :lock
    UNION ALL
    SELECT day.from_us, day.to_us, d.n
    FROM every_lock CROSS JOIN day CROSS JOIN deployment AS d
        ON d.lock = every_lock.lock AND d.acquired_at_us >= day.from_us
           AND d.acquired_at_us < day.to_us
    WHERE :lock IS NULL OR every_lock.lock = :lock
), turn AS (
    SELECT d.n, d.lock, day_us, end_us, d.acquired_at_us AS got_us,
           min(coalesce(d.ended_at_us, now_us),
               coalesce(lead(d.acquired_at_us) OVER turns, end_us)) AS to_us
    FROM span, had_lock CROSS JOIN deployment AS d ON d.n = had_lock.n
    WINDOW turns AS (PARTITION BY d.lock, day_us ORDER BY d.acquired_at_us, d.number)
), part AS MATERIALIZED (
    SELECT n, lock, day_us AS from_us,
           max(0, min(to_us, end_us) - max(got_us, day_us)) AS held_us
    FROM turn
    WHERE got_us >= day_us OR to_us > day_us
), longest AS (
    SELECT lock, from_us, n, max(held_us) AS held_us FROM part GROUP BY lock, from_us
), total AS (
    SELECT lock, from_us, sum(held_us) AS held_us, count(*) AS deployments
    FROM part
    GROUP BY lock, from_us
)
SELECT every_lock.lock, day.from_us, day.to_us, coalesce(total.held_us, 0) AS held_us,
       day.to_us - day.from_us AS of_us,
       coalesce(total.held_us, 0) * 1.0 / nullif(day.to_us - day.from_us, 0) AS share,
       coalesce(total.deployments, 0) AS deployments, d.number, longest.held_us AS longest_us,
       d.shown_actor AS actor,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = d.requested_seq) AS command
FROM every_lock CROSS JOIN day
LEFT JOIN total ON total.lock = every_lock.lock AND total.from_us = day.from_us
LEFT JOIN longest ON longest.lock = every_lock.lock AND longest.from_us = day.from_us
LEFT JOIN deployment AS d ON d.n = longest.n
WHERE every_lock.lock IS NOT NULL AND (:lock IS NULL OR every_lock.lock = :lock)
ORDER BY every_lock.lock, day.from_us;
