-- title: What a metric may count, deployment by deployment
-- used by: deploystats explain
-- Every deployment that ended, left the queue or lost its wrapper in the window, was in the queue at
-- its end, or is in flight: all that any metric of the window looks at, in order of arrival.
--
-- param since    time: first moment of the window
-- param until    time: first moment after the window
-- param actors   list?: the people who asked; a JSON array of texts, NULL for all
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- param outcomes list?: outcomes, or waiting and running
-- param locks    list?: paths of locks
-- param events   list?: what set off their CI runs, such as push
-- param branches list?: branches or tags
-- param shas     list?: beginnings of commits
-- column number        integer: its ticket
-- column id            text: the deployment
-- column lock          text: path of the lock
-- column outcome       text: how it ended; NULL: in flight
-- column tier          text: kind of deployment
-- column person        text: who asked
-- column requested_us  time: when it asked
-- column acquired_us   time: when it got the lock
-- column left_us       time: when it left the queue
-- column ended_us      time: when it ended
-- column orphaned_us   time: when it became an orphan: its wrapper was lost, or its last sign of life
-- column lost_us       time: when its wrapper was lost
-- column wait_us       duration: how long it waited
-- column ran_us        duration: how long its command ran; else how long it had the lock
-- column health_us     duration: how long it was checked
-- column rollback_us   duration: how long its rollback ran
-- column frozen_us     duration: how long a freeze held it back
-- column rollback      text: what its rollback came to
-- column ahead         integer: how many were ahead of it when it asked
-- column reason        text: why it ended so
-- column failure       text: why it did not succeed with the lock, such as signal
-- column cover         text: how the deployment it stepped aside for ended, at the end of the chain
-- column is_request    integer: 1: it is a request for a commit
-- column is_first      integer: 1: the first one for that commit under its lock
-- column delivered_us  time: when the commit of a first request was delivered
-- column repeats       integer: 1: it delivered a commit that had been delivered before
-- column is_ci_run     integer: 1: a CI run that was imported and had no lock

WITH candidate AS (
    SELECT n FROM deployment WHERE ended_at_us >= :since AND ended_at_us < :until
    UNION
    SELECT n FROM deployment
    WHERE queue_left_at_us >= :since
      AND (queue_left_at_us < :until OR requested_at_us < :until)
    UNION
    SELECT n FROM deployment WHERE wrapper_lost_at_us >= :since AND wrapper_lost_at_us < :until
    UNION
    SELECT n FROM deployment WHERE outcome IS NULL AND requested_at_us < :until
    UNION
    SELECT n FROM deployment WHERE delivered_at_us >= :since AND delivered_at_us < :until
)
SELECT number, id, lock, outcome, tier, coalesce(shown_actor, user) AS person,
       requested_at_us AS requested_us, acquired_at_us AS acquired_us,
       queue_left_at_us AS left_us, ended_at_us AS ended_us, orphaned_at_us AS orphaned_us,
       wrapper_lost_at_us AS lost_us, wait_us, ran_us, health_us, rollback_us,
       frozen_us, rollback,
       ahead, reason, failure, cover_outcome AS cover, is_request,
       is_first_request AS is_first, delivered_at_us AS delivered_us,
       (outcome = 'succeeded' AND is_request AND CASE
           WHEN is_first_request THEN delivered_by IS NOT NULL
           ELSE (SELECT first.delivered_by FROM deployment AS first
                 WHERE first.sha = deployment.sha AND first.lock = deployment.lock
                   AND first.requested_at_us IS NOT NULL AND first.is_first_request = 1
                 ORDER BY first.requested_at_us LIMIT 1) IS NOT deployment.n
       END) IS TRUE AS repeats,
       is_ci_run
FROM deployment
WHERE n IN candidate
  AND (:actors IS NULL OR coalesce(actor, user) IN (SELECT value FROM json_each(:actors))
       OR claimed_actor IN (SELECT value FROM json_each(:actors))
       OR shown_actor IN (SELECT value FROM json_each(:actors)))
  AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
  AND (:tiers IS NULL OR tier IN (SELECT value FROM json_each(:tiers)))
  AND (:outcomes IS NULL
       OR coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running'))
          IN (SELECT value FROM json_each(:outcomes)))
  AND (:locks IS NULL OR lock IN (SELECT value FROM json_each(:locks)))
  AND (:events IS NULL OR run_event IN (SELECT value FROM json_each(:events)))
  AND (:branches IS NULL OR ref IN (SELECT value FROM json_each(:branches))
       OR ref IN (SELECT 'refs/heads/' || value FROM json_each(:branches)))
  AND (:shas IS NULL
       OR EXISTS (SELECT 1 FROM json_each(:shas)
                  WHERE substr(sha, 1, length(value)) = value))
ORDER BY n;
