-- title: The last success
-- used by: deploystats alerts
-- When the newest selected deployment succeeded.
--
-- param until    time: first moment that is not looked at
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- column ended_us time: when it ended
-- column number   integer: its ticket

SELECT ended_at_us AS ended_us, number
FROM deployment
WHERE ended_at_us < :until AND outcome = 'succeeded' AND acquired_at_us IS NOT NULL
  AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
  AND (:tiers IS NULL OR tier IN (SELECT value FROM json_each(:tiers)))
ORDER BY ended_at_us DESC
LIMIT 1;
