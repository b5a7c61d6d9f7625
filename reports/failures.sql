-- title: Deployments that failed
-- Those that had the lock and ended without success, newest first: why, and which
-- success under the same lock followed.
--
-- param since time?: first moment of the end; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column number      integer: the deployment that failed
-- column lock        text: path of the lock
-- column ended_at_us time: when it ended
-- column actor       text: the person
-- column sha         text: commit
-- column failure     text: why: command, signal, start, health, overran, force-unlocked or orphaned
-- column reason      text: why it ended so, as recorded
-- column exit_code   integer: of its command
-- column signal      integer: that ended its command
-- column message     text: what the person had to say when they asked
-- column rollback    text: what its rollback came to: done, or how it failed; NULL: there was none
-- column held_us     duration: how long it had the lock
-- column next_number integer: the next success under the lock; NULL: none yet
-- column next_sha    text: the commit of that
-- column next_at_us  time: when that had succeeded
-- column until_us    duration: how much later that was; negative when this one was abandoned and ended after it
-- column source      text: where it came from
-- column tier        text: kind of deployment
-- column run_url     text: address of the CI run
-- column command     words: command with arguments

WITH failed AS (
    SELECT d.*,
           (SELECT n FROM deployment AS x
            WHERE x.lock = d.lock AND x.acquired_at_us > d.acquired_at_us
              AND x.outcome = 'succeeded'
            ORDER BY x.acquired_at_us LIMIT 1) AS next
    FROM deployment AS d
    WHERE d.outcome IN ('failed', 'force_unlocked', 'orphaned') AND d.outcome <> 'succeeded'
      AND d.ended_at_us >= coalesce(:since, 0)
      AND d.ended_at_us < coalesce(:until, 9223372036854775807)
      AND d.acquired_at_us IS NOT NULL AND (:lock IS NULL OR d.lock = :lock)
)
SELECT d.number, d.lock, d.ended_at_us, d.shown_actor AS actor, d.sha,
       d.failure AS failure,
       d.reason, d.exit_code, d.signal,
       (SELECT detail ->> '$.message' FROM event_detail WHERE seq = d.requested_seq) AS message,
       d.rollback, d.held_us, next.number AS next_number, next.sha AS next_sha,
       next.ended_at_us AS next_at_us, next.ended_at_us - d.ended_at_us AS until_us, d.source,
       d.tier, d.run_url,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = d.requested_seq) AS command
FROM failed AS d
LEFT JOIN deployment AS next ON next.n = d.next
ORDER BY d.ended_at_us DESC, d.n DESC;
