-- title: Whom a deployment kept waiting
-- Everyone who waited while a deployment had the lock or was ahead of them in the queue, how long
-- because of it, and what became of them; and who was turned away meanwhile because they would not
-- wait or enough were pending. It is the answer of blocked-by from the other side: blocked_us is
-- what blocked-by of the waiter says of this deployment. What is not over counts up to now.
--
-- param deployment deployment: number or id of the deployment that was in the way
-- param lock       text?: path of its lock; NULL for all that know the number
-- column number       integer: the one that was kept waiting
-- column lock         text: path of the lock
-- column how          text: waited, or turned away: it was skipped or refused while this one had the lock
-- column blocked_us   duration: how long this one kept the lock from it (hard); an orphan also while it was dead and the next one did not have the lock yet
-- column share        ratio: of its whole wait
-- column ahead_us     duration: how long this one waited before it in the queue (soft); that lies within the time others had the lock
-- column from_us      time: since when this one was in its way
-- column to_us        time: until when
-- column waited_us    duration: its whole wait
-- column outcome      text: what became of it: how it ended, or waiting, or running
-- column reason       text: why it ended so
-- column ended_at_us  time: when it ended
-- column actor        text: the person
-- column source       text: where it came from
-- column tier         text: kind of deployment
-- column sha          text: commit
-- column blocker      integer: the deployment that was in the way
-- column command      words: command of the one that was kept waiting

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
    WHERE typeof(:deployment) = 'integer' AND number = :deployment AND lock IN every_lock
    UNION ALL
    SELECT n FROM deployment
    WHERE typeof(:deployment) = 'text'
      AND id >= :deployment AND id < :deployment || char(0x10ffff)
), known AS (
    SELECT d.*, now_us,
           -- Who gets the lock ends the turn of the one before.
           (SELECT x.acquired_at_us FROM deployment AS x
            WHERE x.lock = d.lock AND x.acquired_at_us >= d.acquired_at_us
              AND (x.acquired_at_us, x.number) > (d.acquired_at_us, d.number)
            ORDER BY x.acquired_at_us LIMIT 1) AS next_us
    FROM clock, asked CROSS JOIN deployment AS d ON d.n = asked.n
    WHERE d.lock IS NOT NULL AND d.requested_at_us IS NOT NULL
      AND (:lock IS NULL OR d.lock = :lock)
), blocker AS MATERIALIZED (
    SELECT n, number, lock, now_us, requested_at_us AS asked_us, acquired_at_us AS got_us,
           CASE
               WHEN acquired_at_us IS NULL THEN NULL
               WHEN outcome = 'orphaned' THEN coalesce(next_us, now_us)
               ELSE min(coalesce(ended_at_us, now_us), coalesce(next_us, 9223372036854775807))
           END AS gave_us,
           requested_at_us + max(0, coalesce(
               wait_us, queue_left_at_us - requested_at_us, now_us - requested_at_us)) AS left_us
    FROM known
), queued AS (
    -- Who was in the queue meanwhile left within the hour, or took longer, or is there still.
    SELECT b.n AS b, d.n
    FROM blocker AS b CROSS JOIN deployment AS d
        ON d.queue_left_at_us >= b.asked_us
           AND d.queue_left_at_us <= coalesce(b.gave_us, b.left_us) + 3600000000
    UNION
    SELECT b.n, d.n
    FROM blocker AS b CROSS JOIN deployment AS d
        ON d.span_us > 3600000000 AND d.ended_at_us > b.asked_us
    UNION
    SELECT b.n, d.n FROM blocker AS b CROSS JOIN deployment AS d ON d.outcome IS NULL
), waiter AS (
    SELECT b.n AS b, d.n, d.outcome, d.reason, b.got_us, b.gave_us,
           d.number > b.number AS is_behind, b.asked_us, b.left_us,
           d.requested_at_us AS from_us,
           d.requested_at_us + max(0, coalesce(
               d.wait_us, d.queue_left_at_us - d.requested_at_us,
               b.now_us - d.requested_at_us)) AS to_us
    FROM queued CROSS JOIN deployment AS d ON d.n = queued.n
        CROSS JOIN blocker AS b ON b.n = queued.b
    WHERE d.lock = b.lock AND d.n <> b.n
), kept AS (
    SELECT *,
           coalesce(max(0, min(to_us, gave_us) - max(from_us, got_us)), 0) AS blocked_us,
           iif(is_behind, max(0, min(to_us, left_us) - max(from_us, asked_us)), 0) AS ahead_us,
           (outcome = 'skipped' OR outcome = 'refused' AND coalesce(reason, '') NOT IN ('unusable', 'frozen'))
               AND from_us >= got_us AND from_us < gave_us AS is_turned_away
    FROM waiter
)
SELECT d.number, d.lock, iif(kept.is_turned_away, 'turned away', 'waited') AS how, kept.blocked_us,
       kept.blocked_us * 1.0 / nullif(kept.to_us - kept.from_us, 0) AS share, kept.ahead_us,
       max(kept.from_us, iif(kept.ahead_us > 0 OR kept.got_us IS NULL, kept.asked_us, kept.got_us))
           AS from_us,
       min(kept.to_us, iif(kept.blocked_us > 0, kept.gave_us, kept.to_us),
           iif(kept.blocked_us = 0 AND kept.ahead_us > 0, kept.left_us, kept.to_us)) AS to_us,
       kept.to_us - kept.from_us AS waited_us,
       coalesce(d.outcome, iif(d.acquired_at_us IS NULL, 'waiting', 'running')) AS outcome,
       d.reason, d.ended_at_us, d.shown_actor AS actor, d.source, d.tier, d.sha,
       blocking.number AS blocker,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = d.requested_seq) AS command
FROM kept CROSS JOIN deployment AS d ON d.n = kept.n
    CROSS JOIN deployment AS blocking ON blocking.n = kept.b
WHERE kept.blocked_us > 0 OR kept.ahead_us > 0 OR kept.is_turned_away
ORDER BY d.lock, kept.from_us, d.number;
