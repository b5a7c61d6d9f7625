-- title: Deployments that lost their wrapper while they had the lock
-- Newest first: when the wrapper was lost and how the deployment ended all the same. Of those of
-- which nobody could tell the end: their last sign of life, when and by whom that was noticed, and
-- what it cost those who waited meanwhile.
--
-- param since time?: first moment of the loss; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column number       integer: the deployment
-- column lock         text: path of the lock
-- column orphaned_at_us time: when its wrapper was lost; where nobody could say that, its last sign of life
-- column outcome      text: how it ended, or running
-- column alive_at_us  time: its last sign of life, or its end; NULL: it runs
-- column found_at_us  time: when it was found dead; NULL: its end is known, or it runs
-- column unnoticed_us duration: from the one to the other
-- column found_by     integer: the deployment that found it; NULL: check-deploy-lock, or unknown
-- column held_us      duration: how long it had the lock, until its last sign of life or its end
-- column next_number  integer: who got the lock next
-- column next_at_us   time: when that was; NULL: nobody has yet
-- column waiters      integer: of one that was found dead: deployments that waited in between
-- column cost_us      duration: how long they waited in between, all together
-- column reason       text: why it ended so, as far as is known
-- column actor        text: the person
-- column source       text: where it came from
-- column tier         text: kind of deployment
-- column sha          text: commit
-- column host         text: the machine
-- column pid          integer: the process that answered for it last, its keeper as a rule
-- column command      words: command with arguments

WITH clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now_us
), candidate AS (
    SELECT n FROM deployment
    WHERE wrapper_lost_at_us >= coalesce(:since, 0)
      AND wrapper_lost_at_us < coalesce(:until, 9223372036854775807)
    UNION
    SELECT n FROM deployment
    WHERE outcome = 'orphaned' AND outcome <> 'succeeded' AND ended_at_us >= coalesce(:since, 0)
      AND ended_at_us < coalesce(:until, 9223372036854775807)
), orphan AS MATERIALIZED (
    SELECT d.n, d.id, d.number, d.lock, d.orphaned_at_us, d.outcome, d.ended_at_us AS alive_at_us,
           d.held_us, d.reason, d.shown_actor AS actor, d.source, d.tier, d.sha, d.host, d.pid, d.requested_seq,
           iif(d.outcome = 'orphaned',
               (SELECT max(seq) FROM event WHERE deployment = d.id AND kind = 'orphaned'), NULL)
               AS found_seq,
           (SELECT n FROM deployment AS later
            WHERE later.lock = d.lock AND later.acquired_at_us > d.acquired_at_us
            ORDER BY later.acquired_at_us LIMIT 1) AS next
    FROM candidate CROSS JOIN deployment AS d ON d.n = candidate.n
    WHERE d.orphaned_at_us >= coalesce(:since, 0)
      AND d.orphaned_at_us < coalesce(:until, 9223372036854775807)
      AND (:lock IS NULL OR d.lock = :lock)
), gap AS MATERIALIZED (
    SELECT orphan.*, e.at_us AS found_at_us,
           (SELECT number FROM deployment WHERE id = e.record ->> '$.recorded_by') AS found_by,
           next.number AS next_number, next.acquired_at_us AS next_at_us,
           coalesce(next.acquired_at_us, now_us) AS free_at_us
    FROM clock, orphan
    LEFT JOIN event AS e ON e.seq = orphan.found_seq
    LEFT JOIN deployment AS next ON next.n = orphan.next
), stale AS MATERIALIZED (
    SELECT * FROM gap WHERE outcome = 'orphaned'
), queued AS (
    SELECT gap.n AS orphan, d.n
    FROM stale AS gap CROSS JOIN deployment AS d
        ON d.queue_left_at_us > gap.alive_at_us
           AND d.queue_left_at_us <= gap.free_at_us + 3600000000
    UNION
    SELECT gap.n, d.n
    FROM stale AS gap CROSS JOIN deployment AS d
        ON d.span_us > 3600000000 AND d.ended_at_us > gap.alive_at_us
    UNION
    SELECT gap.n, d.n FROM stale AS gap CROSS JOIN deployment AS d ON d.outcome IS NULL
), waited AS MATERIALIZED (
    SELECT gap.n AS orphan, count(*) AS waiters,
           sum(min(gap.free_at_us, coalesce(d.queue_left_at_us, gap.free_at_us))
               - max(gap.alive_at_us, d.requested_at_us)) AS cost_us
    FROM queued CROSS JOIN deployment AS d ON d.n = queued.n
        CROSS JOIN stale AS gap ON gap.n = queued.orphan
    WHERE d.lock = gap.lock AND d.n <> gap.n AND d.requested_at_us < gap.free_at_us
      AND (d.queue_left_at_us > gap.alive_at_us OR d.queue_left_at_us IS NULL)
      AND (d.outcome IS NULL OR d.outcome NOT IN ('skipped', 'refused'))
    GROUP BY gap.n
)
SELECT number, lock, orphaned_at_us, coalesce(outcome, 'running') AS outcome, alive_at_us,
       found_at_us, found_at_us - alive_at_us AS unnoticed_us, found_by, held_us, next_number,
       next_at_us, coalesce(waiters, 0) AS waiters, coalesce(cost_us, 0) AS cost_us, reason, actor,
       source, tier, sha, host, pid,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command
FROM gap LEFT JOIN waited ON waited.orphan = gap.n
ORDER BY orphaned_at_us DESC, gap.n DESC;
