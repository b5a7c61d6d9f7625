-- title: The last good deployment before a time
-- For each lock the last deployment that had succeeded, and passed its check if it had one, by then, and everything that got the lock
-- after it until then: what may have broken it. One that names a commit is preferred: others deliver
-- nothing. When none had succeeded, all that came before.
--
-- param at   time: the moment, such as the beginning of an incident
-- param lock text?: path of a lock; NULL for all
-- column role           text: last good, after it, or under way: not ended by then
-- column number         integer: ticket
-- column lock           text: path of the lock
-- column outcome        text: how it ended, or running
-- column acquired_at_us time: when it got the lock
-- column ended_at_us    time: when it ended; of an orphan the last sign of life; NULL: not yet
-- column before_us      duration: from its end to that moment; NULL: it had not ended
-- column held_us        duration: how long it had the lock
-- column exit_code      integer: of its command
-- column signal         integer: that ended its command
-- column actor          text: the person
-- column source         text: where it came from
-- column tier           text: kind of deployment
-- column sha            text: commit
-- column ref            text: branch or tag
-- column command        words: command with arguments

WITH RECURSIVE every_lock AS (
    SELECT min(lock) AS lock FROM deployment
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment WHERE lock > every_lock.lock)
    FROM every_lock
    WHERE lock IS NOT NULL
), good AS MATERIALIZED (
    SELECT lock,
           coalesce(
               (SELECT n FROM deployment
                WHERE lock = every_lock.lock AND acquired_at_us <= :at AND outcome = 'succeeded'
                  AND rollback IS NULL AND (health IS NULL OR health = 'healthy')
                  AND ended_at_us <= :at AND sha IS NOT NULL
                ORDER BY acquired_at_us DESC LIMIT 1),
               (SELECT n FROM deployment
                WHERE lock = every_lock.lock AND acquired_at_us <= :at AND outcome = 'succeeded'
                  AND rollback IS NULL AND (health IS NULL OR health = 'healthy')
                  AND ended_at_us <= :at
                ORDER BY acquired_at_us DESC LIMIT 1)) AS n
    FROM every_lock
    WHERE lock IS NOT NULL AND (:lock IS NULL OR lock = :lock)
), answer AS (
    SELECT n, 'last good' AS role FROM good WHERE n IS NOT NULL
    UNION ALL
    SELECT d.n, iif(d.ended_at_us <= :at, 'after it', 'under way')
    FROM good CROSS JOIN deployment AS d
        ON d.lock = good.lock AND d.acquired_at_us <= :at
           AND d.acquired_at_us
               >= coalesce((SELECT acquired_at_us FROM deployment WHERE n = good.n), 0)
    WHERE d.n IS NOT good.n
)
SELECT role, number, lock, coalesce(outcome, 'running') AS outcome, acquired_at_us, ended_at_us,
       iif(ended_at_us <= :at, :at - ended_at_us, NULL) AS before_us, held_us, exit_code, signal,
       shown_actor AS actor, source, tier, sha, ref,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command
FROM answer CROSS JOIN deployment AS d ON d.n = answer.n
ORDER BY lock, acquired_at_us, d.n;
