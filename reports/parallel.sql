-- title: Deployments that ran at once under different locks
-- Pairs of deployments of one machine that had different locks at the same time, newest first: no
-- lock keeps these apart. Two under the same lock: see double-holders.
--
-- param since time?: first moment in which both ran; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param host  text?: name of a machine; NULL for all
-- column number        integer: the deployment that began later
-- column lock          text: path of its lock
-- column other_number  integer: the one that ran when it began
-- column other_lock    text: path of the lock of that
-- column host          text: the machine
-- column from_us       time: since when both ran
-- column to_us         time: until when; NULL: both still run
-- column both_us       duration: how long both ran; up to now when both still run
-- column outcome       text: how the later one ended, or running
-- column other_outcome text: how the other one ended, or running
-- column actor         text: who asked for the later one
-- column other_actor   text: who asked for the other one
-- column source        text: where the later one came from
-- column other_source  text: where the other one came from
-- column command       words: command of the later one
-- column other_command words: command of the other one

WITH RECURSIVE every_lock AS (
    SELECT min(lock) AS lock FROM deployment
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment WHERE lock > every_lock.lock)
    FROM every_lock
    WHERE lock IS NOT NULL
), clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now_us
), later AS (
    SELECT d.n
    FROM every_lock CROSS JOIN deployment AS d
        ON d.lock = every_lock.lock AND d.acquired_at_us >= coalesce(:since, 0)
           AND d.acquired_at_us < coalesce(:until, 9223372036854775807)
    UNION
    -- Who had got the lock before and ran into this time: for an hour at most, or for longer.
    SELECT n FROM deployment
    WHERE ended_at_us > :since AND ended_at_us <= :since + 3600000000 AND acquired_at_us < :since
    UNION
    SELECT n FROM deployment
    WHERE span_us > 3600000000 AND ended_at_us > :since AND acquired_at_us < :since
    UNION
    SELECT n FROM deployment WHERE outcome IS NULL AND acquired_at_us < :since
), pair AS (
    -- The last one under each other lock that had got it by then.
    SELECT d.n,
           (SELECT x.n FROM deployment AS x
            WHERE x.lock = every_lock.lock AND x.acquired_at_us <= d.acquired_at_us
              AND x.host IS d.host
            ORDER BY x.acquired_at_us DESC LIMIT 1) AS other
    FROM later CROSS JOIN deployment AS d ON d.n = later.n
        CROSS JOIN every_lock ON every_lock.lock <> d.lock
    UNION
    -- What a forced unlock left running may not be the last one.
    SELECT d.n, x.n
    FROM later CROSS JOIN deployment AS d ON d.n = later.n
        CROSS JOIN deployment AS x
        ON x.outcome = 'force_unlocked' AND x.outcome <> 'succeeded'
           AND x.ended_at_us > d.acquired_at_us
    WHERE x.acquired_at_us <= d.acquired_at_us AND x.lock <> d.lock AND x.host IS d.host
), met AS (
    SELECT d.n, o.n AS other, d.acquired_at_us AS from_us,
           min(coalesce(d.ended_at_us, 9223372036854775807),
               coalesce(o.ended_at_us, 9223372036854775807)) AS to_us
    FROM pair CROSS JOIN deployment AS d ON d.n = pair.n
        CROSS JOIN deployment AS o ON o.n = pair.other
    -- Two that began at the same moment are one pair.
    WHERE (o.acquired_at_us, o.n) < (d.acquired_at_us, d.n)
      AND (:host IS NULL OR d.host = :host)
)
SELECT d.number, d.lock, o.number AS other_number, o.lock AS other_lock, d.host, met.from_us,
       nullif(met.to_us, 9223372036854775807) AS to_us,
       iif(met.to_us = 9223372036854775807, now_us, met.to_us) - met.from_us AS both_us,
       coalesce(d.outcome, 'running') AS outcome, coalesce(o.outcome, 'running') AS other_outcome,
       d.shown_actor AS actor, o.shown_actor AS other_actor, d.source, o.source AS other_source,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = d.requested_seq) AS command,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = o.requested_seq)
           AS other_command
FROM clock, met CROSS JOIN deployment AS d ON d.n = met.n
    CROSS JOIN deployment AS o ON o.n = met.other
WHERE met.to_us > met.from_us AND met.to_us > coalesce(:since, 0)
ORDER BY met.from_us DESC, d.n DESC, o.n DESC;
