-- title: Deployments that died with the lock, in a window
-- used by: deploystats report
-- Each at its last proof of life, oldest first, with when somebody noticed.
--
-- param since    time: first moment of the window
-- param until    time: first moment after the window
-- param actors   list?: the people who asked; a JSON array of texts, NULL for all
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- param outcomes list?: outcomes, or waiting and running
-- param locks    list?: paths of locks
-- param shas     list?: beginnings of commits
-- param limit    integer?: how many; NULL for all
-- column number   integer: its ticket
-- column id       text: the deployment
-- column lock     text: path of the lock
-- column at_us    time: its last proof of life
-- column found_us time: when it was found dead
-- column held_us  duration: how long it had the lock until then
-- column reason   text: how it died, as far as is known
-- column tier     text: kind of deployment
-- column source   text: where it came from
-- column person   text: who asked
-- column sha      text: commit
-- column command  words: command with arguments

SELECT number, id, lock, ended_at_us AS at_us,
       (SELECT max(at_us) FROM event
        WHERE event.deployment = d.id AND event.kind = 'orphaned') AS found_us,
       held_us, reason, tier, source, coalesce(actor, user) AS person, sha,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command
FROM deployment AS d
WHERE ended_at_us >= :since AND ended_at_us < :until
  AND outcome = 'orphaned' AND outcome <> 'succeeded'
  AND (:actors IS NULL OR actor IN (SELECT value FROM json_each(:actors)))
  AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
  AND (:tiers IS NULL OR tier IN (SELECT value FROM json_each(:tiers)))
  AND (:outcomes IS NULL
       OR coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running'))
          IN (SELECT value FROM json_each(:outcomes)))
  AND (:locks IS NULL OR lock IN (SELECT value FROM json_each(:locks)))
  AND (:shas IS NULL
       OR EXISTS (SELECT 1 FROM json_each(:shas)
                  WHERE substr(sha, 1, length(value)) = value))
ORDER BY ended_at_us, n
LIMIT coalesce(:limit, -1);
