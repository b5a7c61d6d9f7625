-- title: The queue at a time
-- Who waited at that moment, in the order of the queue, behind the holder at place 0.
--
-- param at   time: the moment
-- param lock text?: path of a lock; NULL for all
-- column place           integer: 0 has the lock, 1 is the first to get it
-- column number          integer: ticket
-- column lock            text: path of the lock
-- column role            text: holder or waiter
-- column actor           text: the person
-- column since_us        time: since when it waited, or had the lock
-- column so_far_us       duration: how long that was by then
-- column rest_us         duration: how long it still went on; NULL: it still does
-- column outcome         text: how it ended in the end, or waiting, or running
-- column source          text: where it came from
-- column tier            text: kind of deployment
-- column sha             text: commit
-- column command         words: command with arguments

WITH waiter AS (
    -- Who waited an hour at most left within the hour.
    SELECT n FROM deployment
    WHERE queue_left_at_us > :at AND queue_left_at_us <= :at + 3600000000
      AND requested_at_us <= :at
    UNION
    SELECT n FROM deployment
    WHERE span_us > 3600000000 AND ended_at_us > :at AND queue_left_at_us > :at
      AND requested_at_us <= :at
    UNION
    SELECT n FROM deployment
    WHERE outcome IS NULL AND acquired_at_us IS NULL AND requested_at_us <= :at
), holder AS (
    SELECT n FROM deployment
    WHERE ended_at_us > :at AND ended_at_us <= :at + 3600000000 AND acquired_at_us <= :at
    UNION
    SELECT n FROM deployment
    WHERE span_us > 3600000000 AND ended_at_us > :at AND acquired_at_us <= :at
    UNION
    SELECT n FROM deployment WHERE outcome IS NULL AND acquired_at_us <= :at
), present AS (
    SELECT n, 1 AS waits FROM waiter
    UNION ALL
    SELECT n, 0 FROM holder
)
SELECT iif(waits, row_number() OVER (PARTITION BY lock, waits ORDER BY number), 0) AS place,
       number, lock, iif(waits, 'waiter', 'holder') AS role, shown_actor AS actor,
       iif(waits, requested_at_us, acquired_at_us) AS since_us,
       :at - iif(waits, requested_at_us, acquired_at_us) AS so_far_us,
       iif(waits, queue_left_at_us, ended_at_us) - :at AS rest_us,
       coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running')) AS outcome,
       source, tier, sha,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command
FROM present CROSS JOIN deployment AS d ON d.n = present.n
WHERE (:lock IS NULL OR lock = :lock)
  -- The end of a forced unlock was written down when the next one had the lock already.
  AND (waits OR outcome IS NOT 'force_unlocked' OR acquired_at_us + held_us > :at)
ORDER BY lock, waits, number;
