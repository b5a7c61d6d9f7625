-- title: Lock wait time
-- used by: deploystats metrics
-- How long deployments waited for their lock: all that queued and left the queue in the window by
-- acquiring, timing out or being cancelled. A timeout is a censored value: had it been allowed to,
-- it would have waited longer; leaving it out would hide the worst waits. The time in which only a
-- freeze held them back is no part of it. Nearest-rank percentiles.
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
-- column n        integer: waits
-- column p50_us   duration: median
-- column p95_us   duration: 95th percentile
-- column max_us   duration: longest
-- column mean_us  duration: arithmetic mean
-- column censored integer: of the waits, those that a timeout cut off
-- column excluded integer: left the queue without a usable length of the wait; in no figure above
-- column frozen   integer: left the queue and had been held back by a freeze, whatever came of them
-- column frozen_us duration: for how long, all together
-- column longest_frozen_us duration: the longest of these times

WITH left_queue AS (
    SELECT wait_us, outcome = 'timed_out' AS timed_out, wait_us >= 0 AS usable
    FROM deployment
    WHERE queue_left_at_us >= :since AND queue_left_at_us < :until
      AND (acquired_at_us IS NOT NULL OR outcome IN ('timed_out', 'cancelled'))
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
), frozen AS (
    SELECT count(*) AS frozen, sum(frozen_us) AS frozen_us, max(frozen_us) AS longest_frozen_us
    FROM deployment
    WHERE queue_left_at_us >= :since AND queue_left_at_us < :until AND frozen_us > 0
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
                      WHERE substr(sha, 1, length(value)) = value))
), counted AS (
    SELECT count(*) FILTER (WHERE usable) AS n,
           max(wait_us) FILTER (WHERE usable) AS max_us,
           CAST(avg(wait_us) FILTER (WHERE usable) AS INTEGER) AS mean_us,
           count(*) FILTER (WHERE usable AND timed_out) AS censored,
           count(*) FILTER (WHERE usable IS NOT 1) AS excluded
    FROM left_queue
), sorted AS (
    SELECT json_group_array(wait_us) AS waits
    FROM (SELECT wait_us FROM left_queue WHERE usable ORDER BY wait_us)
)
SELECT n,
       waits ->> ((n * 50 + 99) / 100 - 1) AS p50_us,
       waits ->> ((n * 95 + 99) / 100 - 1) AS p95_us,
       max_us, mean_us, censored, excluded, frozen, coalesce(frozen_us, 0) AS frozen_us,
       coalesce(longest_frozen_us, 0) AS longest_frozen_us
FROM counted, sorted, frozen;
