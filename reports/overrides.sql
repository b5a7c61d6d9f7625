-- title: Deployments in spite of a freeze
-- Those that got the lock while deployments were frozen because somebody said so, newest first.
--
-- param since time?: first moment of getting the lock; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column number         integer: ticket
-- column id             text: the deployment
-- column lock           text: path of the lock
-- column acquired_at_us time: when it got the lock
-- column person         text: who asked
-- column reason         text: why it had to be
-- column freezes        json: the freezes
-- column outcome        text: how it ended, or running
-- column sha            text: commit
-- column tier           text: kind of deployment

SELECT d.number, d.id, d.lock, d.acquired_at_us, coalesce(d.shown_actor, d.user) AS person,
       e.record ->> '$.override_reason' AS reason, e.record -> '$.overrode' AS freezes,
       coalesce(d.outcome, 'running') AS outcome, d.sha, d.tier
FROM deployment AS d
JOIN event AS e ON e.deployment = d.id AND e.kind = 'acquired'
WHERE d.overrode = 1 AND d.acquired_at_us >= coalesce(:since, 0)
  AND d.acquired_at_us < coalesce(:until, 9223372036854775807)
  AND (:lock IS NULL OR d.lock = :lock)
ORDER BY d.acquired_at_us DESC, d.n DESC;
