-- title: Time to deliver
-- used by: deploystats metrics
-- From the first request for a commit under a lock to the first success that delivered it: that of a
-- deployment of the commit, or of the one at the end of the chain of those that each stepped aside
-- for the next. A commit counts in the window of that success, and is selected by its first request.
-- Not yet: first asked for in the window and not delivered at its end; in no percentile. A commit
-- that is part of a later one, and did not step aside for it, stays "not yet": the ledger knows no
-- ancestry. Percentiles are nearest rank. Imported CI runs are a report of their own.
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
-- param now      time: until when the ages of those not yet delivered are counted
-- column n              integer: commits delivered
-- column p50_us         duration: median
-- column p95_us         duration: 95th percentile
-- column max_us         duration: maximum
-- column mean_us        duration: arithmetic mean
-- column not_yet        integer: commits first asked for in the window that were not delivered
-- column oldest_us      duration: the age of the oldest of these at the end of the window
-- column redeployed     integer: successes in the window whose commit had been delivered before
-- column without_commit integer: successes in the window that named no commit

WITH selected AS NOT MATERIALIZED (
    SELECT * FROM deployment
    WHERE is_ci_run = 0
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
), delivered AS MATERIALIZED (
    SELECT max(0, delivered_at_us - requested_at_us) AS length_us
    FROM selected
    WHERE is_first_request = 1 AND delivered_at_us >= :since AND delivered_at_us < :until
), ranked AS (
    SELECT length_us, row_number() OVER (ORDER BY length_us) AS rank, count(*) OVER () AS n
    FROM delivered
), undelivered AS MATERIALIZED (
    SELECT max(0, min(:until, :now) - requested_at_us) AS age_us
    FROM selected
    WHERE is_first_request = 1
      AND requested_at_us >= :since AND requested_at_us < :until
      AND (delivered_at_us IS NULL OR delivered_at_us >= :until)
), succeeded AS MATERIALIZED (
    SELECT is_request,
           is_request AND CASE
               WHEN is_first_request THEN delivered_by IS NOT NULL
               ELSE (SELECT first.delivered_by FROM deployment AS first
                     WHERE first.sha = d.sha AND first.lock = d.lock
                       AND first.requested_at_us IS NOT NULL AND first.is_first_request = 1
                     ORDER BY first.requested_at_us LIMIT 1) IS NOT d.n
           END AS repeats
    FROM selected AS d
    WHERE ended_at_us >= :since AND ended_at_us < :until AND outcome = 'succeeded'
)
SELECT (SELECT count(*) FROM delivered) AS n,
       (SELECT length_us FROM ranked WHERE rank = (n * 50 + 99) / 100) AS p50_us,
       (SELECT length_us FROM ranked WHERE rank = (n * 95 + 99) / 100) AS p95_us,
       (SELECT max(length_us) FROM delivered) AS max_us,
       (SELECT CAST(avg(length_us) AS INTEGER) FROM delivered) AS mean_us,
       (SELECT count(*) FROM undelivered) AS not_yet,
       (SELECT max(age_us) FROM undelivered) AS oldest_us,
       (SELECT count(*) FROM succeeded WHERE repeats) AS redeployed,
       (SELECT count(*) FROM succeeded WHERE NOT is_request) AS without_commit;
