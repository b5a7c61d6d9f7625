-- title: The last deployments
-- used by: deploystats alerts
-- Of each lock the deployment that had it and ended last in the window, as far as it is selected.
--
-- param since    time: first moment of the window
-- param until    time: first moment after the window
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- column lock      text: path of the lock
-- column number    integer: its ticket
-- column id        text: the deployment
-- column ended_us  time: when it ended
-- column outcome   text: how it ended
-- column failure   text: why it did not succeed
-- column rollback  text: what its rollback came to: done, or how it failed
-- column exit_code integer: of its command
-- column person    text: who asked

SELECT lock, number, id, max(ended_at_us) AS ended_us, outcome, failure, rollback, exit_code,
       coalesce(shown_actor, user) AS person
FROM deployment
WHERE ended_at_us >= :since AND ended_at_us < :until
  AND acquired_at_us IS NOT NULL AND outcome IS NOT NULL
  AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
  AND (:tiers IS NULL OR tier IN (SELECT value FROM json_each(:tiers)))
GROUP BY lock
ORDER BY lock;
