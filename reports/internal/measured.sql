-- title: Deployments as the metrics measure them
-- used by: deploystats metrics, explain and report
-- All deployments of the summaries around a window, and those that are in no summary yet, as far as
-- they are selected: what the metrics are computed from when something is filtered. Imported CI runs
-- that had no lock are not part of it.
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
-- param size     integer: how many deployments a summary is about
-- column lock          text: path of the lock
-- column tier          text: kind of deployment
-- column outcome       text: how it ended; NULL: in flight
-- column reason        text: why it ended so
-- column requested_us  time: when it asked
-- column left_us       time: when it left the queue
-- column wait_us       duration: how long it waited
-- column ended_us      time: when it ended; of an orphan the last sign of life
-- column ran_us        duration: how long its command ran; else how long it had the lock
-- column lost_us       time: when its wrapper was lost
-- column had_lock      integer: 1: it had the lock
-- column ahead         integer: how many were ahead of it when it asked
-- column failure       text: why it did not succeed with the lock, such as signal
-- column cover         text: how the deployment it stepped aside for ended, at the end of the chain
-- column is_request    integer: 1: it is a request for a commit
-- column is_first      integer: 1: the first one for that commit under its lock
-- column delivered_us  time: when the commit of a first request was delivered
-- column repeats       integer: 1: it delivered a commit that had been delivered before
-- column rollback      text: what its rollback came to
-- column frozen_us     duration: how long a freeze held it back

WITH RECURSIVE every_summary (block) AS (
    SELECT (max(n) - 1) / :size FROM deployment
    UNION ALL
    SELECT block - 1 FROM every_summary WHERE block > 0
), around (block) AS MATERIALIZED (
    SELECT block FROM deployment_block WHERE to_us >= :since AND from_us < :until
    UNION ALL
    SELECT block FROM every_summary WHERE block NOT IN (SELECT block FROM deployment_block)
)
SELECT lock, tier, outcome, reason, requested_at_us AS requested_us, queue_left_at_us AS left_us,
       wait_us, ended_at_us AS ended_us, ran_us, wrapper_lost_at_us AS lost_us,
       acquired_at_us IS NOT NULL AS had_lock, ahead,
       failure, cover_outcome AS cover, is_request, is_first_request AS is_first,
       delivered_at_us AS delivered_us,
       (outcome = 'succeeded' AND is_request AND CASE
           WHEN is_first_request THEN delivered_by IS NOT NULL
           ELSE (SELECT first.delivered_by FROM deployment AS first
                 WHERE first.sha = deployment.sha AND first.lock = deployment.lock
                   AND first.requested_at_us IS NOT NULL AND first.is_first_request = 1
                 ORDER BY first.requested_at_us LIMIT 1) IS NOT deployment.n
       END) IS TRUE AS repeats,
       rollback, frozen_us
FROM around CROSS JOIN deployment
WHERE n > block * :size AND n <= (block + 1) * :size
  AND is_ci_run = 0
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
                  WHERE substr(sha, 1, length(value)) = value));
