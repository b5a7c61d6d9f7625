-- title: Deployments that died with the lock
-- Newest first: when they gave their last proof of life, when and by whom that was noticed, and
-- what it cost those who waited meanwhile.
--
-- param since time?: first moment of the last proof of life; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column number       integer: the deployment that died
-- column lock         text: path of the lock
-- column alive_at_us  time: its last proof of life
-- column found_at_us  time: when it was found dead
-- column unnoticed_us duration: from the one to the other
-- column found_by     integer: the deployment that found it; NULL: check-deploy-lock, or unknown
-- column held_us      duration: how long it had the lock until its last proof of life
-- column next_number  integer: who got the lock next
-- column next_at_us   time: when that was; NULL: nobody has yet
-- column waiters      integer: deployments that waited in between
-- column cost_us      duration: how long they waited in between, all together
-- column reason       text: how it died, as far as is known
-- column actor        text: the person
-- column source       text: where it came from
-- column tier         text: kind of deployment
-- column sha          text: commit
-- column host         text: the machine
-- column pid          integer: the process
-- column command      words: command with arguments

WITH clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now_us
), orphan AS MATERIALIZED (
    SELECT d.n, d.id, d.number, d.lock, d.ended_at_us AS alive_at_us, d.held_us, d.reason, d.actor,
           d.source, d.tier, d.sha, d.host, d.pid, d.requested_seq,
           (SELECT max(seq) FROM event WHERE deployment = d.id AND kind = 'orphaned') AS found_seq,
           (SELECT n FROM deployment AS later
            WHERE later.lock = d.lock AND later.acquired_at_us > d.acquired_at_us
            ORDER BY later.acquired_at_us LIMIT 1) AS next
    FROM deployment AS d
    WHERE d.outcome = 'orphaned' AND d.outcome <> 'succeeded'
      AND d.ended_at_us >= coalesce(:since, 0)
      AND d.ended_at_us < coalesce(:until, 9223372036854775807)
      AND (:lock IS NULL OR d.lock = :lock)
), gap AS MATERIALIZED (
    SELECT orphan.*, e.at_us AS found_at_us,
           (SELECT number FROM deployment WHERE id = e.record ->> '$.recorded_by') AS found_by,
           next.number AS next_number, next.acquired_at_us AS next_at_us,
           coalesce(next.acquired_at_us, now_us) AS free_at_us
    FROM clock, orphan
    LEFT JOIN event AS e ON e.seq = orphan.found_seq
    LEFT JOIN deployment AS next ON next.n = orphan.next
), queued AS (
    SELECT gap.n AS orphan, d.n
    FROM gap CROSS JOIN deployment AS d
        ON d.queue_left_at_us > gap.alive_at_us
           AND d.queue_left_at_us <= gap.free_at_us + 3600000000
    UNION
    SELECT gap.n, d.n
    FROM gap CROSS JOIN deployment AS d
        ON d.span_us > 3600000000 AND d.ended_at_us > gap.alive_at_us
    UNION
    SELECT gap.n, d.n FROM gap CROSS JOIN deployment AS d ON d.outcome IS NULL
), waited AS MATERIALIZED (
    SELECT gap.n AS orphan, count(*) AS waiters,
           sum(min(gap.free_at_us, coalesce(d.queue_left_at_us, gap.free_at_us))
               - max(gap.alive_at_us, d.requested_at_us)) AS cost_us
    FROM queued CROSS JOIN deployment AS d ON d.n = queued.n
        CROSS JOIN gap ON gap.n = queued.orphan
    WHERE d.lock = gap.lock AND d.n <> gap.n AND d.requested_at_us < gap.free_at_us
      AND (d.queue_left_at_us > gap.alive_at_us OR d.queue_left_at_us IS NULL)
      AND (d.outcome IS NULL OR d.outcome NOT IN ('skipped', 'refused'))
    GROUP BY gap.n
)
SELECT number, lock, alive_at_us, found_at_us, found_at_us - alive_at_us AS unnoticed_us, found_by,
       held_us, next_number, next_at_us, coalesce(waiters, 0) AS waiters,
       coalesce(cost_us, 0) AS cost_us, reason, actor, source, tier, sha, host, pid,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command
FROM gap LEFT JOIN waited ON waited.orphan = gap.n
ORDER BY alive_at_us DESC, gap.n DESC;
