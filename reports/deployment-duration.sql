-- title: Deployment duration by tier
-- used by: deploystats metrics
-- How long the commands of successful deployments that ended in the window ran; where that is not
-- known, how long they had the lock. Wait, check and rollback are not part of it, and neither are
-- imported CI runs: they had no lock. Nearest-rank percentiles.
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
-- param too_quick json?: for each tier the length in microseconds below which a note is due
-- column tier      text: kind of deployment; NULL when none was given
-- column n         integer: successful deployments
-- column p50_us    duration: median
-- column p95_us    duration: 95th percentile
-- column max_us    duration: longest
-- column mean_us   duration: arithmetic mean
-- column too_quick integer: how many were quicker than their tier's lower bound
-- column excluded  integer: succeeded without a usable length; in no figure above

WITH succeeded AS (
    SELECT tier, ran_us, ran_us >= 0 AS usable
    FROM deployment
    WHERE ended_at_us >= :since AND ended_at_us < :until
      AND outcome = 'succeeded'
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
), by_tier AS (
    SELECT tier,
           count(*) FILTER (WHERE usable) AS n,
           max(ran_us) FILTER (WHERE usable) AS max_us,
           CAST(avg(ran_us) FILTER (WHERE usable) AS INTEGER) AS mean_us,
           count(*) FILTER (WHERE usable IS NOT 1) AS excluded,
           json_group_array(ran_us) FILTER (WHERE usable) AS lengths
    FROM succeeded
    GROUP BY tier
), sorted AS MATERIALIZED (
    SELECT tier, n, max_us, mean_us, excluded, lengths,
           (SELECT json_group_array(value)
            FROM (SELECT value FROM json_each(lengths) ORDER BY value)) AS ascending,
           (SELECT value FROM json_each(:too_quick) WHERE key = tier) AS bound_us
    FROM by_tier
)
SELECT tier, n,
       ascending ->> ((n * 50 + 99) / 100 - 1) AS p50_us,
       ascending ->> ((n * 95 + 99) / 100 - 1) AS p95_us,
       max_us, mean_us,
       (SELECT count(*) FROM json_each(lengths) WHERE value < bound_us) AS too_quick,
       excluded
FROM sorted
ORDER BY tier IS NULL, tier;
