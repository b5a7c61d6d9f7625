-- title: The last deployment of a lock
-- used by: deploystats status
-- The deployment that had a lock and ended last.
--
-- param lock     text: path of the lock
-- column number   integer: its ticket
-- column id       text: the deployment
-- column sha      text: commit
-- column tier     text: kind of deployment
-- column person   text: who asked
-- column outcome  text: how it ended
-- column ran_us   duration: how long its command ran; where only the time with the lock is known, that
-- column ended_us time: when it ended

SELECT number, id, sha, tier, coalesce(shown_actor, user) AS person, outcome,
       coalesce(ran_us, max(0, ended_at_us - acquired_at_us)) AS ran_us, ended_at_us AS ended_us
FROM deployment
WHERE lock = :lock AND acquired_at_us IS NOT NULL AND outcome IS NOT NULL
  AND ended_at_us IS NOT NULL
ORDER BY acquired_at_us DESC
LIMIT 1;
