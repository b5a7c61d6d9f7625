-- title: Deployments that ended, one by one
-- used by: deploystats report
-- Everything the charts of durations and the counts by day and tier come from, in order of ending.
-- Imported CI runs that had no lock are not part of it.
--
-- param since    time: first moment of the window
-- param until    time: first moment after the window
-- param actors   list?: the people who asked; a JSON array of texts, NULL for all
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- param outcomes list?: outcomes, or waiting and running
-- param locks    list?: paths of locks
-- param shas     list?: beginnings of commits
-- column ended_us time: when it ended; of an orphan the last proof of life
-- column held_us  duration: how long it had the lock
-- column outcome  text: how it ended
-- column tier     text: kind of deployment
-- column counts_for_orphans integer: 1: it had the lock, and the orphan rate counts it when it ends; others count when their wrapper was lost

SELECT ended_at_us AS ended_us, held_us, outcome, tier,
       (acquired_at_us IS NOT NULL OR outcome = 'orphaned')
       AND n NOT IN (SELECT n FROM deployment WHERE wrapper_lost_at_us IS NOT NULL)
           AS counts_for_orphans
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
ORDER BY ended_at_us;
