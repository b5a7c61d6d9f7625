-- title: Events
-- used by: deploystats events
-- What happened, in the order of the ledger. Facts of the deployment (actor, source, tier, sha,
-- command) stand beside every event of it.
--
-- param since    time?: first moment of the window
-- param until    time?: first moment after the window
-- param actors   list?: the people who asked; a JSON array of texts, NULL for all
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- param outcomes list?: outcomes, or waiting and running
-- param locks    list?: paths of locks
-- param events   list?: what set off their CI runs, such as push
-- param branches list?: branches or tags
-- param shas     list?: beginnings of commits
-- param after    integer?: only events with a higher seq
-- param limit    integer?: only the newest; NULL for all
-- column seq        integer: place in the ledger
-- column id         text: the event
-- column at_us      time: when it happened
-- column kind       text: what happened
-- column deployment text: the deployment
-- column number     integer: its ticket
-- column lock       text: path of the lock
-- column host       text: the machine
-- column user       text: effective user who wrote the event
-- column actor      text: the person who asked for the deployment, freed the lock by force, or froze it
-- column pid        integer: process that wrote the event; of wrapper_lost the keeper
-- column source     text: where the deployment came from
-- column tier       text: kind of deployment
-- column sha        text: commit
-- column ref        text: branch or tag
-- column event      text: what set off the CI run
-- column workflow   text: what the CI calls that which ran
-- column wait_us    duration: how long it waited
-- column held_us    duration: how long it had the lock
-- column exit_code  integer: of the command
-- column signal     integer: that ended the command
-- column outcome    text: how the deployment ended
-- column reason     text: why
-- column ahead      integer: of one that was skipped, those running or waiting before it
-- column covered_by text: the deployment it stepped aside for
-- column covered_by_number integer: its ticket
-- column last_alive_us time: of one that was found dead, its last sign of life
-- column victim     text: in which way a lock was held that a person freed
-- column waiting    integer: how many waited for it then; CI runs that were pending at a skip
-- column next_number integer: the ticket of who got the lock next
-- column result     text: what a forced unlock, an attempt of the check, or a rollback came to
-- column frozen_us  duration: how long it waited only because deployments were frozen
-- column command_us duration: how long the command ran
-- column health_us  duration: how long it was checked
-- column rollback_us duration: how long the rollback ran
-- column ended_with integer: the exit code of the wrapper
-- column health     text: what the check came to
-- column rollback   text: what the rollback came to
-- column attempt    integer: which attempt of the check
-- column attempts   integer: of how many at most
-- column took_us    duration: how long the attempt, or the rollback, took
-- column failed_step text: what made the rollback necessary
-- column limit_us   duration: the limit that the command exceeded
-- column freeze     text: the freeze that begins or ends
-- column until_us   time: when the freeze ends
-- column override_reason text: why it ran in spite of a freeze
-- column log_file   text: where the output of the command was kept
-- column command    words: command with arguments
-- column hash       hash: of the event, chained to all before it

WITH beginning AS (
    -- A clock may have been set back or forward, so the order of time is not that of the ledger:
    -- nothing before the first event that is late enough can match.
    SELECT CASE
               WHEN :after > 0 THEN :after + 1
               WHEN :since IS NULL THEN 1
               ELSE (SELECT min(seq) FROM event INDEXED BY event_by_time WHERE at_us >= :since)
           END AS seq
), matching AS NOT MATERIALIZED (
    SELECT e.seq AS seq
    FROM event AS e
    LEFT JOIN deployment AS d ON d.id = e.deployment
    WHERE e.seq >= (SELECT seq FROM beginning)
      AND (:since IS NULL OR e.at_us >= :since)
      AND (:until IS NULL OR e.at_us < :until)
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
), first AS (
    SELECT CASE
               WHEN :limit IS NULL THEN (SELECT seq FROM beginning)
               ELSE (SELECT min(seq) FROM (SELECT seq FROM matching ORDER BY seq DESC LIMIT :limit))
           END AS seq
)
SELECT e.seq, e.id, e.at_us, e.kind, e.deployment, e.number, e.lock, e.host, e.user,
       coalesce(iif(e.kind IN ('forced_unlock', 'frozen', 'unfrozen'), e.shown_actor, NULL),
                d.shown_actor) AS actor,
       e.pid, d.source, d.tier, d.sha, d.ref,
       d.run_event AS event, d.workflow, e.wait_us, e.held_us, e.exit_code, e.signal, e.outcome,
       e.reason, iif(e.kind = 'skipped', e.record ->> '$.ahead', NULL) AS ahead,
       e.record ->> '$.covered_by' AS covered_by,
       e.record ->> '$.covered_by_number' AS covered_by_number,
       e.record ->> '$.last_alive_us' AS last_alive_us, e.record ->> '$.victim' AS victim,
       e.record ->> '$.waiting' AS waiting, e.record ->> '$.next_number' AS next_number,
       e.record ->> '$.result' AS result, e.record ->> '$.frozen_us' AS frozen_us,
       e.record ->> '$.command_us' AS command_us, e.record ->> '$.health_us' AS health_us,
       e.record ->> '$.rollback_us' AS rollback_us, e.record ->> '$.ended_with' AS ended_with,
       e.record ->> '$.health' AS health, e.record ->> '$.rollback' AS rollback,
       e.record ->> '$.attempt' AS attempt, e.record ->> '$.attempts' AS attempts,
       e.record ->> '$.took_us' AS took_us, e.record ->> '$.failed_step' AS failed_step,
       e.record ->> '$.limit_us' AS limit_us, e.record ->> '$.freeze' AS freeze,
       e.record ->> '$.until_us' AS until_us,
       e.record ->> '$.override_reason' AS override_reason,
       e.record ->> '$.log_file' AS log_file,
       coalesce((SELECT detail -> '$.command' FROM event_detail WHERE seq = e.seq),
                (SELECT detail -> '$.command' FROM event_detail WHERE seq = d.requested_seq))
           AS command,
       lower(hex(e.hash)) AS hash
FROM event AS e
LEFT JOIN deployment AS d ON d.id = e.deployment
WHERE e.seq >= (SELECT seq FROM first)
  AND (:since IS NULL OR e.at_us >= :since)
  AND (:until IS NULL OR e.at_us < :until)
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
ORDER BY e.seq;
