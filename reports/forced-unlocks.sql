-- title: Locks freed by force
-- Every time a person freed a lock by force or was not permitted to, newest first: who, why, what
-- it interrupted, what came of it and who got the lock next. A stranger, such as flock(1), has no
-- number.
--
-- param since time?: first moment; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column at_us          time: when it was decided
-- column number         integer: the deployment that had the lock
-- column lock           text: path of the lock
-- column forced_by      text: the person behind sudo
-- column forced_as      text: the effective user
-- column source         text: where the person acted from
-- column client         text: address of the SSH client
-- column reason         text: why
-- column victim         text: what had the lock: holder, running_orphan, left_behind, dead_orphan or stranger
-- column alive          text: what was still alive: all, the command, something it started, nothing, or unknown of a stranger
-- column victim_actor   text: whose deployment it was
-- column ran_us         duration: how long it had had the lock by then
-- column result         text: what came of it, such as terminated, killed, abandoned or not_permitted; abandoned, ended: it ran on and has ended; NULL: the tool was killed before it recorded the result
-- column ended_at_us    time: when the deployment ended, as far as is known; NULL: abandoned and not ended
-- column ran_on_us      duration: how much longer it ran without holding the lock
-- column exit_code      integer: of the command
-- column signal         integer: that ended the command
-- column outcome        text: of the deployment; not force_unlocked when it was over before
-- column reported       text: the last event of the deployment itself afterwards; NULL: none
-- column reported_at_us time: when it last reported
-- column waiting        integer: how many waited for the lock
-- column next_number    integer: who got the lock next
-- column next_at_us     time: when that was
-- column next_actor     text: whose deployment that was

WITH told AS MATERIALIZED (
    SELECT seq, at_us, host, pid, lock, deployment, number, user, shown_actor, reason, outcome, record,
           record ->> '$.victim' AS victim, record ->> '$.result' AS result,
           record ->> '$.victim_pid' AS victim_pid
    FROM event
    WHERE kind = 'forced_unlock' AND at_us >= coalesce(:since, 0)
      AND (:lock IS NULL OR lock = :lock)
), act AS (
    -- The first event decides, the others of the same process tell what came of it.
    SELECT *,
           result IS NULL OR result = 'not_permitted'
           OR (result = 'gone' AND victim = 'dead_orphan') AS is_decision
    FROM told
), numbered AS MATERIALIZED (
    SELECT *,
           sum(is_decision) OVER (
               PARTITION BY host, pid, lock, victim_pid ORDER BY seq) AS nth
    FROM act
), forced AS (
    SELECT a.*, d.n, d.outcome AS ended_as, d.acquired_at_us, d.shown_actor AS victim_actor,
           -- The end was written down when the next one had the lock already.
           min(d.ended_at_us, coalesce(d.acquired_at_us + d.held_us, d.ended_at_us))
               AS ended_at_us, d.exit_code, d.signal,
           coalesce(a.result,
                    (SELECT group_concat(result, ', ')
                     FROM (SELECT result FROM numbered AS b
                           WHERE b.host = a.host AND b.pid = a.pid AND b.lock IS a.lock
                             AND b.victim_pid IS a.victim_pid AND b.nth = a.nth
                             AND NOT b.is_decision
                           ORDER BY b.seq))) AS results,
           (SELECT max(b.record ->> '$.next_number') FROM numbered AS b
            WHERE b.host = a.host AND b.pid = a.pid AND b.lock IS a.lock
              AND b.victim_pid IS a.victim_pid AND b.nth = a.nth) AS seen_next,
           (SELECT max(e.seq) FROM event AS e
            WHERE e.deployment = a.deployment AND e.kind <> 'forced_unlock' AND e.seq > a.seq)
               AS last_word
    FROM numbered AS a
    LEFT JOIN deployment AS d ON d.id = a.deployment
    WHERE a.is_decision AND a.at_us < coalesce(:until, 9223372036854775807)
), followed AS (
    SELECT f.*,
           iif(f.results IS 'not_permitted', NULL,
               coalesce(
                   (SELECT n FROM deployment WHERE lock = f.lock AND number = f.seen_next),
                   (SELECT n FROM deployment
                    WHERE lock = f.lock AND acquired_at_us >= f.at_us
                    ORDER BY acquired_at_us LIMIT 1))) AS next_n,
           f.results IN ('abandoned', 'failed') AND f.last_word IS NULL AS runs_on
    FROM forced AS f
)
SELECT f.at_us, f.number, f.lock, f.shown_actor AS forced_by, f.user AS forced_as,
       f.record ->> '$.source' AS source, f.record ->> '$.client' AS client, f.reason, f.victim,
       CASE f.victim
           WHEN 'holder' THEN 'all'
           WHEN 'running_orphan' THEN 'the command'
           WHEN 'left_behind' THEN 'something it started'
           WHEN 'dead_orphan' THEN 'nothing'
           ELSE 'unknown'
       END AS alive,
       f.victim_actor, f.at_us - f.acquired_at_us AS ran_us, f.results AS result,
       iif(f.runs_on, NULL, f.ended_at_us) AS ended_at_us,
       iif(f.runs_on OR f.ended_as IS NOT 'force_unlocked', NULL,
           max(0, f.ended_at_us - f.at_us)) AS ran_on_us,
       f.exit_code, f.signal, f.ended_as AS outcome,
       (SELECT kind FROM event WHERE seq = f.last_word) AS reported,
       (SELECT at_us FROM event WHERE seq = f.last_word) AS reported_at_us,
       f.record ->> '$.waiting' AS waiting, next.number AS next_number,
       next.acquired_at_us AS next_at_us, next.shown_actor AS next_actor
FROM followed AS f LEFT JOIN deployment AS next ON next.n = f.next_n
ORDER BY f.seq DESC;
