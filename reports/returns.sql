-- title: Returns to an earlier commit
-- Deployments that succeeded in the window with a commit that had succeeded before under the same
-- lock, when the last success under it was of another commit.
--
-- param since time?: first moment; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column number        integer: the deployment
-- column lock          text: path of the lock
-- column ended_us      time: when it succeeded
-- column sha           text: the commit it went back to
-- column before_number integer: the deployment it took the place of
-- column before_sha    text: the commit of that
-- column actor         text: who asked

WITH again AS (
    SELECT * FROM deployment INDEXED BY deployment_again
    WHERE outcome = 'succeeded' AND sha IS NOT NULL AND is_first_request = 0
      AND ended_at_us >= coalesce(:since, 0) AND ended_at_us < coalesce(:until, 9223372036854775807)
      AND acquired_at_us IS NOT NULL AND (:lock IS NULL OR lock = :lock)
), replaced AS (
    SELECT again.*, (SELECT p.n FROM deployment AS p
                     WHERE p.lock = again.lock AND p.acquired_at_us < again.acquired_at_us
                       AND p.outcome = 'succeeded'
                     ORDER BY p.acquired_at_us DESC LIMIT 1) AS before_n
    FROM again
)
SELECT r.number, r.lock, r.ended_at_us AS ended_us, r.sha, before.number AS before_number,
       before.sha AS before_sha, coalesce(r.shown_actor, r.user) AS actor
FROM replaced AS r JOIN deployment AS before ON before.n = r.before_n
WHERE before.sha IS NOT r.sha
  AND EXISTS (SELECT 1 FROM deployment AS e
              WHERE e.sha = r.sha AND e.lock = r.lock AND e.outcome = 'succeeded'
                AND e.acquired_at_us < before.acquired_at_us)
ORDER BY r.ended_at_us, r.n;
