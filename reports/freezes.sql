-- title: Freezes
-- When deployments were forbidden, until when, by whom and why, and how often somebody deployed all
-- the same; the newest first. A freeze that was changed has its newest end and reason.
--
-- param since time?: first moment of the window; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param at    time?: the moment its state is told for; NULL: now
-- param lock  text?: path of a lock; NULL for all
-- column freeze       text: the freeze
-- column state        text: in force; ended: by a person before its time; over: its time came
-- column lock         text: path of the lock
-- column host         text: the machine
-- column frozen_at_us time: when it began
-- column until_us     time: when it ends
-- column ended_at_us  time: when a person ended it
-- column actor        text: the person who froze
-- column ended_by     text: the person who ended it
-- column reason       text: why
-- column number       integer: the deployment whose rollback froze
-- column overrides    integer: deployments that ran in spite of it

WITH told AS MATERIALIZED (
    SELECT seq, kind, at_us, lock, host, coalesce(shown_actor, user) AS person, reason, number,
           coalesce(record ->> '$.freeze', id) AS freeze, record ->> '$.until_us' AS until_us
    FROM event
    WHERE kind IN ('frozen', 'unfrozen')
), freeze AS (
    SELECT freeze, min(at_us) AS frozen_at_us, max(seq) AS seq, min(seq) AS first
    FROM told
    WHERE kind = 'frozen'
    GROUP BY freeze
), ended AS (
    SELECT freeze, min(at_us) AS at_us, person FROM told WHERE kind = 'unfrozen' GROUP BY freeze
), moment (at_us) AS (
    VALUES (coalesce(:at, CAST(strftime('%s', 'now') AS INTEGER) * 1000000))
), override AS MATERIALIZED (
    -- One deployment may override several.
    SELECT overridden.value AS freeze
    FROM deployment
    CROSS JOIN event ON event.deployment = deployment.id AND event.kind = 'acquired'
    CROSS JOIN json_each(event.record, '$.overrode') AS overridden
    WHERE deployment.overrode = 1
)
SELECT freeze.freeze,
       CASE
           WHEN ended.at_us <= moment.at_us THEN 'ended'
           WHEN last.until_us <= moment.at_us THEN 'over'
           ELSE 'in force'
       END AS state,
       last.lock, last.host, freeze.frozen_at_us, last.until_us, ended.at_us AS ended_at_us,
       last.person AS actor, ended.person AS ended_by, last.reason, first.number,
       (SELECT count(*) FROM override WHERE override.freeze = freeze.freeze) AS overrides
FROM moment, freeze
JOIN told AS last ON last.seq = freeze.seq
JOIN told AS first ON first.seq = freeze.first
LEFT JOIN ended ON ended.freeze = freeze.freeze
WHERE (:lock IS NULL OR last.lock = :lock)
  AND freeze.frozen_at_us < coalesce(:until, 9223372036854775807)
  AND coalesce(min(ended.at_us, last.until_us), last.until_us, 9223372036854775807)
      > coalesce(:since, 0)
ORDER BY freeze.frozen_at_us DESC, freeze.freeze DESC;
