-- title: Deployments in spite of a freeze
-- used by: deploystats report
-- Those that got the lock in the window while deployments were frozen because somebody said so,
-- newest first.
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
-- param limit    integer?: how many; NULL for all
-- column number  integer: its ticket
-- column id      text: the deployment
-- column lock    text: path of the lock
-- column at_us   time: when it got the lock
-- column reason  text: why it had to be
-- column outcome text: how it ended, or running
-- column tier    text: kind of deployment
-- column source  text: where it came from
-- column person  text: who asked
-- column sha     text: commit
-- column run_url text: address of the CI run

SELECT d.number, d.id, d.lock, d.acquired_at_us AS at_us, e.record ->> '$.override_reason' AS reason,
       coalesce(d.outcome, 'running') AS outcome, d.tier, d.source,
       coalesce(d.shown_actor, d.user) AS person, d.sha, d.run_url
FROM deployment AS d
JOIN event AS e ON e.deployment = d.id AND e.kind = 'acquired'
WHERE d.overrode = 1 AND d.acquired_at_us >= :since AND d.acquired_at_us < :until
  AND (:actors IS NULL OR coalesce(d.actor, d.user) IN (SELECT value FROM json_each(:actors))
       OR d.claimed_actor IN (SELECT value FROM json_each(:actors))
       OR d.shown_actor IN (SELECT value FROM json_each(:actors)))
  AND (:sources IS NULL OR d.source IN (SELECT value FROM json_each(:sources)))
  AND (:tiers IS NULL OR d.tier IN (SELECT value FROM json_each(:tiers)))
  AND (:outcomes IS NULL
       OR coalesce(d.outcome, iif(d.acquired_at_us IS NULL, 'waiting', 'running'))
          IN (SELECT value FROM json_each(:outcomes)))
  AND (:locks IS NULL OR d.lock IN (SELECT value FROM json_each(:locks)))
  AND (:events IS NULL OR d.run_event IN (SELECT value FROM json_each(:events)))
  AND (:branches IS NULL OR d.ref IN (SELECT value FROM json_each(:branches))
       OR d.ref IN (SELECT 'refs/heads/' || value FROM json_each(:branches)))
  AND (:shas IS NULL
       OR EXISTS (SELECT 1 FROM json_each(:shas)
                  WHERE substr(d.sha, 1, length(value)) = value))
ORDER BY d.acquired_at_us DESC, d.n DESC
LIMIT coalesce(:limit, -1);
