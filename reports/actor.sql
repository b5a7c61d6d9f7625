-- title: Everything a person did
-- The deployments somebody asked for and the locks that person freed by force, or tried to, newest
-- first. The name is looked for as the person behind sudo, as who logged in, who called sudo, and
-- as the effective user.
--
-- param who   text: name of a user
-- param since time?: first moment of asking or forcing; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param limit integer? = 100: how many; NULL: 100, -1: all
-- param lock  text?: path of a lock; NULL for all
-- column at_us   time: when the person asked, or freed the lock
-- column did     text: deployed or forced
-- column number  integer: the deployment; of a forced unlock the one that had the lock
-- column lock    text: path of the lock
-- column outcome text: how the deployment ended, or waiting, or running
-- column reason  text: why it ended so, or why the lock was freed
-- column victim_actor text: of a forced unlock: whose deployment lost the lock
-- column actor   text: the person
-- column user    text: effective user
-- column login   text: who had logged in
-- column source  text: from where
-- column tier    text: kind of deployment
-- column sha     text: commit
-- column wait_us duration: how long it waited
-- column held_us duration: how long it had the lock
-- column command words: command with arguments

WITH RECURSIVE every_actor AS (
    -- One look into the index for each person, and for each user the person became.
    SELECT min(actor) AS actor FROM deployment WHERE actor >= ''
    UNION ALL
    SELECT (SELECT min(actor) FROM deployment WHERE actor > every_actor.actor)
    FROM every_actor
    WHERE actor IS NOT NULL
), person AS (
    SELECT actor, (SELECT min(user) FROM deployment WHERE actor = every_actor.actor) AS user
    FROM every_actor
    WHERE actor IS NOT NULL
    UNION ALL
    SELECT actor,
           (SELECT min(user) FROM deployment WHERE actor = person.actor AND user > person.user)
    FROM person
    WHERE user IS NOT NULL
), act AS (
    SELECT d.n, NULL AS seq, d.requested_at_us AS at_us
    FROM person CROSS JOIN deployment AS d
        ON d.n IN (SELECT x.n FROM deployment AS x
                   WHERE x.actor = person.actor AND x.user IS person.user
                     AND x.requested_at_us >= coalesce(:since, 0)
                     AND x.requested_at_us < coalesce(:until, 9223372036854775807)
                     AND (:lock IS NULL OR x.lock = :lock)
                   ORDER BY x.requested_at_us DESC
                   LIMIT coalesce(:limit, 100))
    WHERE :who IN (person.actor, person.user)
    UNION
    -- In this person's name.
    SELECT d.n, NULL, d.requested_at_us
    FROM deployment AS d
    WHERE d.n IN (SELECT x.n FROM deployment AS x
                  WHERE x.claimed_actor = :who
                    AND x.requested_at_us >= coalesce(:since, 0)
                    AND x.requested_at_us < coalesce(:until, 9223372036854775807)
                    AND (:lock IS NULL OR x.lock = :lock)
                  ORDER BY x.requested_at_us DESC
                  LIMIT coalesce(:limit, 100))
    UNION
    SELECT d.n, NULL, d.requested_at_us
    FROM event AS e CROSS JOIN deployment AS d ON d.id = e.deployment
    WHERE e.kind = 'requested' AND e.record ->> '$.login' <> e.actor
      AND e.at_us >= coalesce(:since, 0) AND e.at_us < coalesce(:until, 9223372036854775807)
      AND :who IN (e.record ->> '$.login', e.record ->> '$.sudo_user')
    UNION
    -- A forced unlock is two events; the first one tells who and why.
    SELECT NULL, e.seq, e.at_us
    FROM event AS e
    WHERE e.kind = 'forced_unlock'
      AND e.at_us >= coalesce(:since, 0) AND e.at_us < coalesce(:until, 9223372036854775807)
      AND :who IN (e.actor, e.user, e.record ->> '$.login', e.record ->> '$.sudo_user',
                   e.record ->> '$.claimed_actor')
      AND (e.record ->> '$.result' IS NULL OR e.record ->> '$.result' = 'not_permitted'
           OR (e.record ->> '$.result' = 'gone' AND e.record ->> '$.victim' = 'dead_orphan'))
), chosen AS MATERIALIZED (
    SELECT act.n, act.seq, act.at_us
    FROM act
    LEFT JOIN deployment AS d ON :lock IS NOT NULL AND d.n = act.n
    LEFT JOIN event AS e ON :lock IS NOT NULL AND e.seq = act.seq
    WHERE :lock IS NULL OR coalesce(d.lock, e.lock) = :lock
    ORDER BY act.at_us DESC
    LIMIT coalesce(:limit, 100)
), told AS (
    SELECT c.n, c.at_us, r.record, coalesce(r.shown_actor, d.shown_actor) AS actor, r.user,
           NULL AS reason, NULL AS number, NULL AS lock
    FROM chosen AS c CROSS JOIN deployment AS d ON d.n = c.n
        LEFT JOIN event AS r ON r.seq = d.requested_seq
    UNION ALL
    SELECT (SELECT n FROM deployment WHERE id = e.deployment), c.at_us, e.record, e.shown_actor, e.user,
           coalesce(e.reason, ''), e.number, e.lock
    FROM chosen AS c CROSS JOIN event AS e ON e.seq = c.seq
)
SELECT told.at_us, iif(told.reason IS NULL, 'deployed', 'forced') AS did,
       coalesce(d.number, told.number) AS number, coalesce(d.lock, told.lock) AS lock,
       iif(d.n IS NULL, NULL,
           coalesce(d.outcome, iif(d.acquired_at_us IS NULL, 'waiting', 'running'))) AS outcome,
       nullif(coalesce(told.reason, d.reason), '') AS reason,
       iif(told.reason IS NULL, NULL, d.shown_actor) AS victim_actor, told.actor, told.user,
       told.record ->> '$.login' AS login, coalesce(told.record ->> '$.source', d.source) AS source, d.tier, d.sha,
       d.wait_us, d.held_us,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = d.requested_seq) AS command
FROM told LEFT JOIN deployment AS d ON d.n = told.n
ORDER BY told.at_us DESC, number DESC;
