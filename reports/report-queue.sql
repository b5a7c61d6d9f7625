-- title: Deployments that left the queue, one by one
-- used by: deploystats report
-- Everything the charts of waits and queues are drawn from, in order of leaving: who left the queue
-- in the window, and who was in it at its end and left later.
--
-- param since    time: first moment of the window
-- param until    time: first moment after the window
-- param actors   list?: the people who asked; a JSON array of texts, NULL for all
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- param outcomes list?: outcomes, or waiting and running
-- param locks    list?: paths of locks
-- param shas     list?: beginnings of commits
-- column left_us   time: when it left the queue
-- column asked_us  time: when it asked
-- column wait_us   duration: how long it waited
-- column timed_out integer: 1: a timeout ended the wait
-- column counts    integer: 1: it acquired, timed out or was cancelled, as the wait times count
-- column queue     text: path of the lock it waited for; NULL: it went straight through

SELECT queue_left_at_us AS left_us, requested_at_us AS asked_us, wait_us,
       outcome IS 'timed_out' AS timed_out,
       acquired_at_us IS NOT NULL OR outcome IN ('timed_out', 'cancelled') AS counts,
       iif(acquired_at_us IS NOT NULL AND ahead = 0 AND wait_us < 10000, NULL, lock) AS queue
FROM deployment
WHERE queue_left_at_us >= :since AND (queue_left_at_us < :until OR requested_at_us < :until)
  AND (acquired_at_us IS NOT NULL OR outcome NOT IN ('skipped', 'refused'))
  AND (:actors IS NULL OR actor IN (SELECT value FROM json_each(:actors))
       OR claimed_actor IN (SELECT value FROM json_each(:actors)))
  AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
  AND (:tiers IS NULL OR tier IN (SELECT value FROM json_each(:tiers)))
  AND (:outcomes IS NULL
       OR coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running'))
          IN (SELECT value FROM json_each(:outcomes)))
  AND (:locks IS NULL OR lock IN (SELECT value FROM json_each(:locks)))
  AND (:shas IS NULL
       OR EXISTS (SELECT 1 FROM json_each(:shas)
                  WHERE substr(sha, 1, length(value)) = value))
ORDER BY queue_left_at_us;
