-- title: Locks freed by force, in a window
-- used by: deploystats report
-- Every forced unlock, oldest first: who, why and what it came to; attempts that were not permitted
-- are none. A
-- stranger, such as flock(1), is no deployment; with a filter only locks that a deployment had are
-- shown.
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
-- column at_us       time: when it was decided
-- column number      integer: the deployment that had the lock; NULL: a stranger
-- column id          text: that deployment
-- column lock        text: path of the lock
-- column forced_by   text: the person who did it
-- column source      text: where that person acted from
-- column client      text: address of the SSH client
-- column reason      text: why
-- column result      text: what it came to, such as terminated; NULL: it was not told
-- column person      text: whose deployment it was
-- column held_us     duration: how long that had held the lock when it ended
-- column tier        text: kind of deployment
-- column next_number integer: who got the lock next, if that was seen
-- column run_url     text: address of its CI run

WITH told AS MATERIALIZED (
    SELECT seq, at_us, host, pid, lock, deployment, number, reason,
           coalesce(shown_actor, user) AS forced_by,
           record ->> '$.source' AS source, record ->> '$.client' AS client,
           record ->> '$.result' AS result, record ->> '$.victim' AS victim,
           record ->> '$.next_number' AS next_number
    FROM event
    WHERE kind = 'forced_unlock' AND at_us >= :since
)
SELECT told.at_us, told.number, told.deployment AS id, told.lock, forced_by, told.source, client,
       told.reason,
       -- The event before tells who and why, those after what came of it.
       coalesce(result, (SELECT after.result FROM told AS after
                         WHERE after.seq > told.seq AND after.host = told.host
                           AND after.pid IS told.pid AND after.deployment IS told.deployment
                         ORDER BY after.seq LIMIT 1)) AS result,
       coalesce(d.shown_actor, d.user) AS person, d.held_us, d.tier,
       (SELECT max(after.next_number) FROM told AS after
        WHERE after.seq >= told.seq AND after.host = told.host AND after.pid IS told.pid
          AND after.deployment IS told.deployment) AS next_number,
       d.run_url
FROM told LEFT JOIN deployment AS d ON d.id = told.deployment
WHERE told.at_us < :until
  AND (result IS NULL OR (result = 'gone' AND victim = 'dead_orphan'))
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
ORDER BY told.seq
LIMIT coalesce(:limit, -1);
