-- title: Skip rate
-- used by: deploystats metrics
-- How many of all deployments that ended in the window were left out: skipped, refused because they
-- would not wait, or superseded when the deployment at the end of the chain of those that each
-- stepped aside for the next did not succeed. One that succeeded delivered all of them: these are
-- batched, and count as carried out. One in flight leaves them pending, in neither count, like those
-- refused because the lock could not be used, or deployments were frozen. In flight ones are not
-- counted; imported CI runs are a report of their own.
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
-- column n          integer: deployments that ended, pending, unusable and frozen ones left out
-- column left_out   integer: of these, left out
-- column skipped    integer: of those left out, skipped because enough were pending
-- column superseded integer: of those left out, stepped aside for a newer one
-- column refused    integer: of those left out, not willing to wait
-- column batched    integer: stepped aside, and delivered by the one at the end of the chain
-- column pending    integer: stepped aside for one that is in flight
-- column unusable   integer: refused because the lock could not be used
-- column frozen     integer: refused because deployments were frozen
-- column reasons    json: the recorded reasons of those left out, with how often each came

WITH ended AS NOT MATERIALIZED (
    SELECT outcome, reason,
           CASE
               WHEN outcome = 'superseded' THEN
                   CASE
                       WHEN cover_outcome IS NULL THEN 'pending'
                       WHEN cover_outcome = 'succeeded' THEN 'batched'
                       ELSE 'left out'
                   END
               WHEN outcome = 'refused' AND reason IN ('unusable', 'frozen') THEN reason
               WHEN outcome IN ('skipped', 'refused') THEN 'left out'
               ELSE 'carried out'
           END AS skip
    FROM deployment
    WHERE ended_at_us >= :since AND ended_at_us < :until AND outcome IS NOT NULL
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
), by_reason AS (
    SELECT coalesce(reason, outcome) AS reason, count(*) AS times
    FROM ended
    WHERE skip = 'left out'
    GROUP BY 1
    ORDER BY 1
)
SELECT count(*) FILTER (WHERE skip IN ('carried out', 'left out', 'batched')) AS n,
       count(*) FILTER (WHERE skip = 'left out') AS left_out,
       count(*) FILTER (WHERE skip = 'left out' AND outcome = 'skipped') AS skipped,
       count(*) FILTER (WHERE skip = 'left out' AND outcome = 'superseded') AS superseded,
       count(*) FILTER (WHERE skip = 'left out' AND outcome = 'refused') AS refused,
       count(*) FILTER (WHERE skip = 'batched') AS batched,
       count(*) FILTER (WHERE skip = 'pending') AS pending,
       count(*) FILTER (WHERE skip = 'unusable') AS unusable,
       count(*) FILTER (WHERE skip = 'frozen') AS frozen,
       (SELECT json_group_object(reason, times) FROM by_reason) AS reasons
FROM ended;
