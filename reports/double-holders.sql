-- title: Two holders of one lock at once
-- Deployments of one machine that had the same lock at the same time, newest first. There should be
-- none. The honest exception is a deployment that was abandoned (--force-unlock --abandon): the
-- next one started beside it, and `why` says so.
--
-- param since time?: first moment at which the second one got the lock; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column number        integer: the deployment that got the lock although it was taken
-- column other_number  integer: the one that had it
-- column lock          text: path of the lock
-- column why           text: abandoned: it was freed by force and the other one left running; forced: it was freed by force; no end: the other one has no end in the ledger and may be dead; clock: the clock was set, by the monotonic one they did not meet; unexplained: look at both
-- column from_us       time: since when both had it
-- column to_us         time: until when; NULL: as far as is known both still have it
-- column both_us       duration: how long both had it
-- column actor         text: who asked for the second one
-- column other_actor   text: who asked for the other one
-- column outcome       text: how the second one ended, or running
-- column other_outcome text: how the other one ended, or running
-- column host          text: the machine

WITH RECURSIVE every_lock AS (
    SELECT min(lock) AS lock FROM deployment
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment WHERE lock > every_lock.lock)
    FROM every_lock
    WHERE lock IS NOT NULL
), pair AS (
    SELECT x.n AS other, y.n AS n, x.ended_at_us AS other_ended_us
    FROM every_lock CROSS JOIN deployment AS x
        ON x.lock = every_lock.lock AND x.acquired_at_us >= coalesce(:since, 0)
        CROSS JOIN deployment AS y
        ON y.lock = x.lock AND y.acquired_at_us >= x.acquired_at_us
           AND y.acquired_at_us < x.ended_at_us
    WHERE x.acquired_at_us < coalesce(:until, 9223372036854775807)
    UNION
    -- Who had got it before and reached into this time: for an hour at most, or for longer.
    SELECT x.n, y.n, x.ended_at_us
    FROM deployment AS x CROSS JOIN deployment AS y
        ON y.lock = x.lock AND y.acquired_at_us >= :since AND y.acquired_at_us < x.ended_at_us
    WHERE x.ended_at_us > :since AND x.ended_at_us <= :since + 3600000000
      AND x.acquired_at_us < :since
    UNION
    SELECT x.n, y.n, x.ended_at_us
    FROM deployment AS x CROSS JOIN deployment AS y
        ON y.lock = x.lock AND y.acquired_at_us >= :since AND y.acquired_at_us < x.ended_at_us
    WHERE x.span_us > 3600000000 AND x.ended_at_us > :since AND x.acquired_at_us < :since
    UNION
    -- Of one without an end the next one is enough, or all would follow.
    SELECT x.n,
           (SELECT n FROM deployment AS y
            WHERE y.lock = x.lock AND y.acquired_at_us >= x.acquired_at_us AND y.n <> x.n
              AND y.host IS x.host
            ORDER BY y.acquired_at_us LIMIT 1), NULL
    FROM deployment AS x
    WHERE x.outcome IS NULL AND x.acquired_at_us IS NOT NULL
    UNION
    -- A forced unlock decides the outcome at once. What it left running ends when that is told, and
    -- until then it has no end.
    SELECT x.n,
           (SELECT n FROM deployment AS y
            WHERE y.lock = x.lock AND y.acquired_at_us >= x.acquired_at_us AND y.n <> x.n
              AND y.host IS x.host
            ORDER BY y.acquired_at_us LIMIT 1), NULL
    FROM event AS e CROSS JOIN deployment AS x ON x.id = e.deployment
    WHERE e.kind = 'forced_unlock' AND e.record ->> '$.result' IN ('abandoned', 'failed')
      AND NOT EXISTS (SELECT 1 FROM event AS f
                      WHERE f.deployment = e.deployment AND f.seq > e.seq AND f.held_us IS NOT NULL)
), bounded AS (
    -- When a forced unlock ended what kept the lock, that was written down after the next one had
    -- got it: the release counts, or the decision.
    SELECT pair.other, pair.n,
           iif(o.outcome = 'force_unlocked'
               AND NOT EXISTS (SELECT 1 FROM event
                               WHERE deployment = o.id AND kind = 'forced_unlock'
                                 AND record ->> '$.result' IN ('abandoned', 'failed')),
               coalesce((SELECT max(at_us) FROM event
                         WHERE deployment = o.id AND kind = 'released'),
                        (SELECT min(at_us) FROM event
                         WHERE deployment = o.id AND kind = 'forced_unlock'
                           AND outcome IS NOT NULL)),
               other_ended_us) AS other_ended_us
    FROM pair CROSS JOIN deployment AS o ON o.n = pair.other
), met AS (
    SELECT d.n, o.n AS other, d.acquired_at_us AS from_us,
           iif(other_ended_us IS NULL, d.ended_at_us,
               min(other_ended_us, coalesce(d.ended_at_us, other_ended_us))) AS to_us,
           other_ended_us IS NULL AS is_open
    FROM bounded CROSS JOIN deployment AS d ON d.n = bounded.n
        CROSS JOIN deployment AS o ON o.n = bounded.other
    WHERE (other_ended_us IS NULL OR d.acquired_at_us < other_ended_us)
      AND d.host IS o.host AND (o.acquired_at_us, o.n) < (d.acquired_at_us, d.n)
      AND d.acquired_at_us >= coalesce(:since, 0)
      AND d.acquired_at_us < coalesce(:until, 9223372036854775807)
      AND (:lock IS NULL OR d.lock = :lock)
)
SELECT d.number, o.number AS other_number, d.lock,
       CASE
           WHEN EXISTS (SELECT 1 FROM event WHERE deployment = o.id AND kind = 'forced_unlock'
                        AND record ->> '$.result' = 'abandoned') THEN 'abandoned'
           WHEN o.outcome = 'force_unlocked' THEN 'forced'
           WHEN is_open THEN 'no end'
           WHEN o.boot = d.boot
               AND (SELECT max(record ->> '$.mono_us') FROM event
                    WHERE deployment = o.id AND kind = 'released')
                   <= (SELECT min(record ->> '$.mono_us') FROM event
                       WHERE deployment = d.id AND kind = 'acquired') THEN 'clock'
           ELSE 'unexplained'
       END AS why,
       met.from_us, met.to_us, met.to_us - met.from_us AS both_us, d.shown_actor AS actor,
       o.shown_actor AS other_actor, coalesce(d.outcome, 'running') AS outcome,
       coalesce(o.outcome, 'running') AS other_outcome, d.host
FROM met CROSS JOIN deployment AS d ON d.n = met.n
    CROSS JOIN deployment AS o ON o.n = met.other
ORDER BY met.from_us DESC, d.n DESC, o.n DESC;
