-- title: Records that contradict each other
-- Contradictions in what was recorded, newest first; there should be none. That nobody changed the
-- records afterwards is what `deploystats verify` proves.
--
-- param since time?: first moment; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column problem text: no end: in flight without an event for a day, or although the next one has the lock; ends before it begins; clock set back: by more than a second from one event to the next, although the monotonic clock went on; gap in seq: events are missing; several outcomes: more than one event says how it ended; out of order: it got the lock after one with a higher number; number given twice; number missing: of the ones before it, see missing-numbers; no request: its first event is missing; forced unlock unfinished: it was not told what came of it
-- column number  integer: the deployment
-- column lock    text: path of the lock
-- column seq     integer: the event
-- column at_us   time: when
-- column found   text: what was found
-- column actor   text: the person

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
    WHERE lock IS NOT NULL
), place AS (
    SELECT d.n,
           (SELECT x.n FROM deployment AS x
            WHERE x.lock = d.lock AND x.number < d.number
            ORDER BY x.number DESC LIMIT 1) AS previous
    FROM deployment AS d CROSS JOIN passed ON passed.lock = d.lock AND passed.number >= d.number
    WHERE d.queue_left_at_us >= coalesce(:since, 0)
      AND d.queue_left_at_us < coalesce(:until, 9223372036854775807)
), clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now_us,
           coalesce(:since, 0) AS since_us, coalesce(:until, 9223372036854775807) AS until_us
), ended AS NOT MATERIALIZED (
    SELECT d.*
    FROM deployment AS d
    WHERE d.ended_at_us >= coalesce(:since, 0)
      AND d.ended_at_us < coalesce(:until, 9223372036854775807)
), step AS MATERIALIZED (
    SELECT seq, at_us, lag(seq) OVER by_seq AS before_seq, lag(at_us) OVER by_seq AS before_us
    FROM event
    WHERE at_us >= coalesce(:since, 0) AND at_us < coalesce(:until, 9223372036854775807)
    WINDOW by_seq AS (ORDER BY seq)
), problem AS (
    SELECT 'no end' AS problem, d.n, e.seq, e.at_us,
           iif(e.at_us < now_us - 86400000000, 'its newest event is older than a day',
               'the next one has the lock') AS found
    FROM clock CROSS JOIN deployment AS d CROSS JOIN event AS e ON e.seq = d.last_seq
    WHERE d.outcome IS NULL AND e.at_us >= since_us AND e.at_us < until_us
      AND (e.at_us < now_us - 86400000000
           OR EXISTS (SELECT 1 FROM deployment AS x
                      WHERE x.lock = d.lock AND x.acquired_at_us > d.acquired_at_us
                        AND x.host IS d.host))
    UNION ALL
    SELECT 'ends before it begins', n, NULL, ended_at_us,
           CASE
               WHEN acquired_at_us < requested_at_us THEN 'got the lock before it asked'
               WHEN ended_at_us < acquired_at_us THEN 'ended before it got the lock'
               ELSE 'ended before it asked'
           END
    FROM ended
    WHERE acquired_at_us < requested_at_us OR ended_at_us < acquired_at_us
       OR ended_at_us < requested_at_us
    UNION ALL
    -- What comes late, out of a spool, is earlier by both clocks.
    SELECT iif(before.seq IS NULL, 'gap in seq', 'clock set back'),
           (SELECT n FROM deployment WHERE id = e.deployment), e.seq, e.at_us,
           iif(before.seq IS NULL, 'the event before is missing',
               'by ' || ((before.at_us - e.at_us) / 1000) || 'ms since event ' || before.seq)
    FROM step CROSS JOIN event AS e ON e.seq = step.seq
        LEFT JOIN event AS before ON before.seq = e.seq - 1
    WHERE step.seq > 1
      AND (step.before_seq IS NOT step.seq - 1 OR step.before_us > step.at_us + 1000000)
      AND (before.seq IS NULL
           OR (before.at_us > e.at_us + 1000000 AND before.host = e.host
               AND before.record ->> '$.mono_us' <= e.record ->> '$.mono_us'
               -- What 'recover' brought back stands behind the beginning of this ledger.
               AND NOT EXISTS (SELECT 1 FROM event AS begun
                               WHERE begun.kind = 'continued' AND begun.seq < e.seq
                                 AND begun.at_us > e.at_us)))
    UNION ALL
    SELECT 'several outcomes', n, seq, ended_at_us, outcomes
    FROM (
        SELECT d.n, d.ended_at_us, max(e.seq) AS seq,
               group_concat(e.outcome, ', ') AS outcomes
        FROM ended AS d CROSS JOIN event AS e ON e.deployment = d.id AND e.outcome IS NOT NULL
        WHERE (SELECT count(*) FROM event
               WHERE deployment = d.id
                 AND kind IN ('released', 'timed_out', 'refused', 'cancelled', 'skipped',
                              'superseded', 'forced_unlock', 'orphaned')) > 1
        -- The plus keeps the order of the table from being taken for the way through it.
        GROUP BY +d.n
        HAVING count(*) > 1
    )
    UNION ALL
    SELECT 'out of order', n, last_seq, acquired_at_us, '#' || previous || ' had got it before'
    FROM (
        SELECT d.n, d.number, d.last_seq, d.acquired_at_us,
               (SELECT number FROM deployment AS x
                WHERE x.lock = d.lock AND x.acquired_at_us < d.acquired_at_us
                ORDER BY x.acquired_at_us DESC LIMIT 1) AS previous
        FROM every_lock CROSS JOIN deployment AS d
            ON d.lock = every_lock.lock AND d.acquired_at_us >= coalesce(:since, 0)
               AND d.acquired_at_us < coalesce(:until, 9223372036854775807)
    )
    WHERE previous > number
    UNION ALL
    SELECT 'number given twice', d.n, NULL, d.ended_at_us, 'another deployment has it, too'
    FROM ended AS d
    WHERE EXISTS (SELECT 1 FROM deployment AS x
                  WHERE x.lock = d.lock AND x.number = d.number AND x.n <> d.n)
    UNION ALL
    -- As missing-numbers has it.
    SELECT 'number missing', d.n, NULL, d.queue_left_at_us,
           'no event of #' || (low.number + 1)
           || iif(d.number - low.number > 2, ' to #' || (d.number - 1), '') || ' is here'
    FROM place CROSS JOIN deployment AS low ON low.n = place.previous
        CROSS JOIN deployment AS d ON d.n = place.n
    WHERE low.number < d.number - 1
      AND NOT (d.number >= coalesce(d.requested_at_us / 1000000, 9223372036854775807)
               AND d.number <= coalesce(d.requested_at_us / 1000000 + 61, 0))
    UNION ALL
    SELECT 'no request', n, NULL, ended_at_us, 'nobody knows who asked, and when'
    FROM ended
    WHERE requested_at_us IS NULL
    UNION ALL
    SELECT 'forced unlock unfinished', (SELECT n FROM deployment WHERE id = e.deployment), e.seq,
           e.at_us, coalesce(e.shown_actor, e.user, 'somebody') || ' set out and nothing more was told'
    FROM event AS e
    WHERE e.kind = 'forced_unlock' AND e.at_us >= coalesce(:since, 0)
      AND e.at_us < coalesce(:until, 9223372036854775807)
      AND e.record ->> '$.result' IS NULL
      AND NOT EXISTS (SELECT 1 FROM event AS f
                      WHERE f.kind = 'forced_unlock' AND f.at_us >= e.at_us AND f.seq > e.seq
                        AND f.host = e.host AND f.pid = e.pid AND f.lock IS e.lock
                        AND f.record ->> '$.result' IS NOT NULL)
)
SELECT p.problem, coalesce(d.number, e.number) AS number, coalesce(d.lock, e.lock) AS lock,
       coalesce(p.seq, d.last_seq) AS seq, p.at_us, p.found, coalesce(d.shown_actor, e.shown_actor) AS actor
FROM problem AS p
LEFT JOIN deployment AS d ON d.n = p.n
LEFT JOIN event AS e ON e.seq = p.seq
WHERE :lock IS NULL OR coalesce(d.lock, e.lock) = :lock
ORDER BY p.at_us DESC, d.n DESC, p.problem;
