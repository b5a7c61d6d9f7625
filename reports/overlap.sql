-- title: What was under way in a time
-- Every deployment that waited, ran or asked in [since, until), with the part of it that lies in
-- there.
--
-- param since time: first moment
-- param until time: first moment afterwards
-- param lock  text?: path of a lock; NULL for all
-- column number          integer: ticket
-- column lock            text: path of the lock
-- column outcome         text: how it ended, or waiting, or running
-- column requested_at_us time: when it asked
-- column acquired_at_us  time: when it got the lock; NULL: it did not, or not yet
-- column ended_at_us     time: when it ended; of an orphan the last sign of life; NULL: not yet
-- column waited_us       duration: how long it waited in this time
-- column had_lock_us     duration: how long it had the lock in this time
-- column exit_code       integer: of its command
-- column signal          integer: that ended its command
-- column reason          text: why it ended so
-- column actor           text: the person
-- column source          text: where it came from
-- column tier            text: kind of deployment
-- column sha             text: commit
-- column command         words: command with arguments

WITH clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now_us
), candidate AS (
    -- What took an hour at most and was under way ended within the hour after this time.
    SELECT n FROM deployment
    WHERE ended_at_us >= :since AND ended_at_us <= :until + 3600000000 AND requested_at_us < :until
    UNION
    SELECT n FROM deployment
    WHERE span_us > 3600000000 AND ended_at_us >= :since AND requested_at_us < :until
    UNION
    SELECT n FROM deployment WHERE outcome IS NULL AND requested_at_us < :until
), clipped AS (
    SELECT d.n,
           max(d.requested_at_us, :since) AS from_us,
           min(coalesce(d.queue_left_at_us, now_us), :until) AS left_us,
           max(d.acquired_at_us, :since) AS got_us,
           min(coalesce(d.ended_at_us, now_us), :until) AS to_us
    FROM clock, candidate CROSS JOIN deployment AS d ON d.n = candidate.n
    WHERE (d.outcome IS NULL OR d.ended_at_us > :since OR d.requested_at_us >= :since)
      AND (:lock IS NULL OR d.lock = :lock)
)
SELECT number, lock,
       coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running')) AS outcome,
       requested_at_us, acquired_at_us, ended_at_us,
       max(0, left_us - from_us) AS waited_us,
       coalesce(max(0, to_us - got_us), 0) AS had_lock_us,
       exit_code, signal, reason, shown_actor AS actor, source, tier, sha,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command
FROM clipped CROSS JOIN deployment AS d ON d.n = clipped.n
ORDER BY requested_at_us, d.n;
