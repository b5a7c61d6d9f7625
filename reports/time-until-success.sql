-- title: Time from a failure to the next success
-- The failures after which the next deployments under the same lock failed, too, or none followed, are
-- one: it begins with the end of the first, and ends with the end of the next success. Listed are those
-- that ended in the window, and those that began in it and had not ended at its end.
--
-- param since time?: first moment; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column lock           text: path of the lock
-- column failed_number  integer: the first deployment that failed
-- column failed_us      time: when that ended
-- column failure        text: why it failed
-- column next_number    integer: the next one that succeeded; NULL: none did
-- column next_us        time: when that ended
-- column length_us      duration: from the one to the other; NULL while it is open

WITH RECURSIVE known_lock (lock) AS (
    SELECT min(lock) FROM deployment WHERE acquired_at_us IS NOT NULL
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment
            WHERE acquired_at_us IS NOT NULL AND lock > known_lock.lock)
    FROM known_lock WHERE lock IS NOT NULL
), failed (n) AS (
    SELECT n FROM deployment
    WHERE outcome IN ('failed', 'force_unlocked', 'orphaned') AND outcome <> 'succeeded'
      AND ended_at_us >= coalesce(:since, 0) AND ended_at_us < coalesce(:until, 9223372036854775807) AND acquired_at_us IS NOT NULL
    UNION
    -- Of each lock the first one that failed since the last success before the window.
    SELECT (SELECT d.n FROM deployment AS d
            WHERE d.lock = known_lock.lock AND d.ended_at_us < coalesce(:since, 0)
              -- Or all that came later would be looked at.
              AND d.acquired_at_us < coalesce(:since, 0)
              AND d.acquired_at_us > coalesce(
                  (SELECT s.acquired_at_us FROM deployment AS s
                   WHERE s.lock = known_lock.lock AND s.acquired_at_us < coalesce(:since, 0)
                     AND s.ended_at_us < coalesce(:since, 0) AND s.outcome = 'succeeded'
                   ORDER BY s.acquired_at_us DESC LIMIT 1), -9223372036854775807)
              AND d.outcome <> 'succeeded'
            ORDER BY d.acquired_at_us LIMIT 1)
    FROM known_lock WHERE lock IS NOT NULL
), first AS (
    SELECT d.*
    FROM failed JOIN deployment AS d ON d.n = failed.n
    WHERE (:lock IS NULL OR d.lock = :lock)
      AND coalesce((SELECT before.outcome FROM deployment AS before
                    WHERE before.lock = d.lock AND before.acquired_at_us < d.acquired_at_us
                      AND before.outcome IS NOT NULL
                    ORDER BY before.acquired_at_us DESC LIMIT 1), 'succeeded') = 'succeeded'
), followed AS (
    SELECT first.*, (SELECT s.n FROM deployment AS s
                     WHERE s.lock = first.lock AND s.acquired_at_us > first.acquired_at_us
                       AND s.outcome = 'succeeded' AND s.ended_at_us < coalesce(:until, 9223372036854775807)
                       AND s.acquired_at_us < coalesce(:until, 9223372036854775807)
                     ORDER BY s.acquired_at_us LIMIT 1) AS next_n
    FROM first
)
SELECT f.lock, f.number AS failed_number, f.ended_at_us AS failed_us, f.failure,
       next.number AS next_number, next.ended_at_us AS next_us,
       max(0, next.ended_at_us - f.ended_at_us) AS length_us
FROM followed AS f LEFT JOIN deployment AS next ON next.n = f.next_n
WHERE next.ended_at_us >= coalesce(:since, 0) OR (next.n IS NULL AND f.ended_at_us >= coalesce(:since, 0))
ORDER BY f.ended_at_us, f.n;
