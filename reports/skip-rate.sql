-- title: Skip rate
-- used by: deploystats metrics
-- How many of all deployments that ended in the window, however they ended, were not carried out on
-- purpose. In flight ones are not counted; imported CI runs are a report of their own.
--
-- param since    time: first moment of the window
-- param until    time: first moment after the window
-- param actors   list?: the people who asked; a JSON array of texts, NULL for all
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- param outcomes list?: outcomes, or waiting and running
-- param locks    list?: paths of locks
-- param shas     list?: beginnings of commits
-- column n          integer: deployments that ended
-- column skipped    integer: left out because enough were pending
-- column superseded integer: stepped aside for a newer one
-- column refused    integer: were not willing to wait
-- column reasons    json: the recorded reasons of all these, with how often each came

WITH ended AS NOT MATERIALIZED (
    SELECT outcome, reason
    FROM deployment
    WHERE ended_at_us >= :since AND ended_at_us < :until AND outcome IS NOT NULL
      AND (acquired_at_us IS NOT NULL OR source IS NOT 'import')
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
), by_reason AS (
    SELECT coalesce(reason, outcome) AS reason, count(*) AS times
    FROM ended
    WHERE outcome IN ('skipped', 'superseded', 'refused')
    GROUP BY 1
    ORDER BY 1
)
SELECT count(*) AS n,
       count(*) FILTER (WHERE outcome = 'skipped') AS skipped,
       count(*) FILTER (WHERE outcome = 'superseded') AS superseded,
       count(*) FILTER (WHERE outcome = 'refused') AS refused,
       (SELECT json_group_object(reason, times) FROM by_reason) AS reasons
FROM ended;
