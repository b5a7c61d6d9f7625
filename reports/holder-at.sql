-- title: Who had the lock at a time
-- For each lock who had it at that moment; when nobody had, who had it before and who got it next.
-- An orphan is counted as the holder until its last sign of life only: look at the row of the one
-- before. More than one holder of a lock: see double-holders.
--
-- param at   time: the moment
-- param lock text?: path of a lock; NULL for all
-- column role           text: holder, previous or next
-- column number         integer: ticket
-- column lock           text: path of the lock
-- column acquired_at_us time: when it got the lock
-- column ended_at_us    time: when it ended; of an orphan the last sign of life; NULL: not yet
-- column outcome        text: how it ended, or running
-- column distance_us    duration: of a holder how long it had had the lock by then, of the previous one how long ago it had ended, of the next one how long it took until it got the lock
-- column actor          text: the person
-- column user           text: effective user
-- column source         text: where it came from
-- column tier           text: kind of deployment
-- column sha            text: commit
-- column host           text: the machine
-- column pid            integer: the process
-- column command        words: command with arguments

WITH RECURSIVE every_lock AS (
    -- One look into the index for each lock.
    SELECT min(lock) AS lock FROM deployment
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment WHERE lock > every_lock.lock)
    FROM every_lock
    WHERE lock IS NOT NULL
), asked AS MATERIALIZED (
    SELECT lock,
           -- The last one that had got it by then, and the first one afterwards.
           (SELECT n FROM deployment
            WHERE lock = every_lock.lock AND acquired_at_us <= :at
            ORDER BY acquired_at_us DESC LIMIT 1) AS latest,
           (SELECT n FROM deployment
            WHERE lock = every_lock.lock AND acquired_at_us > :at
            ORDER BY acquired_at_us LIMIT 1) AS next
    FROM every_lock
    WHERE lock IS NOT NULL AND (:lock IS NULL OR lock = :lock)
), candidate AS (
    -- An abandoned deployment had the lock before and may run still, so the latest is not all.
    SELECT latest AS n FROM asked
    UNION
    SELECT n FROM deployment
    WHERE ended_at_us > :at AND ended_at_us <= :at + 3600000000 AND acquired_at_us <= :at
    UNION
    SELECT n FROM deployment
    WHERE span_us > 3600000000 AND ended_at_us > :at AND acquired_at_us <= :at
    UNION
    SELECT n FROM deployment WHERE outcome IS NULL AND acquired_at_us <= :at
), holder AS MATERIALIZED (
    SELECT d.n, d.lock
    FROM candidate CROSS JOIN deployment AS d ON d.n = candidate.n
    WHERE d.acquired_at_us <= :at AND (d.ended_at_us > :at OR d.outcome IS NULL)
      -- The end of a forced unlock was written down when the next one had the lock already.
      AND (d.outcome IS NOT 'force_unlocked' OR d.acquired_at_us + d.held_us > :at)
      AND (:lock IS NULL OR d.lock = :lock)
), answer AS (
    SELECT 1 AS place, 'holder' AS role, n FROM holder
    UNION ALL
    SELECT 0, 'previous', latest FROM asked WHERE lock NOT IN (SELECT lock FROM holder)
    UNION ALL
    SELECT 2, 'next', next FROM asked WHERE lock NOT IN (SELECT lock FROM holder)
)
SELECT role, number, lock, acquired_at_us, ended_at_us, coalesce(outcome, 'running') AS outcome,
       CASE role
           WHEN 'holder' THEN :at - acquired_at_us
           WHEN 'previous' THEN :at - ended_at_us
           ELSE acquired_at_us - :at
       END AS distance_us,
       shown_actor AS actor, user, source, tier, sha, host, pid,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command
FROM answer CROSS JOIN deployment AS d ON d.n = answer.n
ORDER BY lock, place, acquired_at_us;
