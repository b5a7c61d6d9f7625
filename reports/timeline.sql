-- title: What happened around a time
-- Every event within half an hour before and after a moment, one sentence each, in the order of
-- time. Events that reached the ledger late, out of a spool, stand where they happened.
--
-- param around time: the moment
-- param within duration?: how far to look to both sides; NULL: half an hour
-- param lock   text?: path of a lock; NULL for all
-- column seq      integer: place in the ledger
-- column at_us    time: when it happened
-- column gap_us   duration: since the event before
-- column kind     text: what happened
-- column number   integer: the deployment
-- column actor    text: the person who asked for the deployment, freed the lock by force, or froze it
-- column sentence text: the event in words
-- column lock     text: path of the lock
-- column tier     text: kind of deployment
-- column sha      text: commit
-- column host     text: the machine

WITH signals (signal, name) AS (
    -- signal(7)
    VALUES (1, 'HUP'), (2, 'INT'), (3, 'QUIT'), (4, 'ILL'), (5, 'TRAP'), (6, 'ABRT'), (7, 'BUS'),
           (8, 'FPE'), (9, 'KILL'), (10, 'USR1'), (11, 'SEGV'), (12, 'USR2'), (13, 'PIPE'),
           (14, 'ALRM'), (15, 'TERM'), (16, 'STKFLT'), (17, 'CHLD'), (18, 'CONT'), (19, 'STOP'),
           (20, 'TSTP'), (21, 'TTIN'), (22, 'TTOU'), (23, 'URG'), (24, 'XCPU'), (25, 'XFSZ'),
           (26, 'VTALRM'), (27, 'PROF'), (28, 'WINCH'), (29, 'POLL'), (30, 'PWR'), (31, 'SYS')
), chosen AS MATERIALIZED (
    SELECT e.seq, e.at_us, e.kind, e.number, e.lock, e.host, e.deployment, e.record, e.held_us,
           e.exit_code, e.pid, signals.name AS signal, e.user,
           coalesce(e.shown_actor, e.user, 'Somebody') AS person, e.actor,
           CASE
               WHEN e.kind = 'released' THEN coalesce(e.record ->> '$.command_us', e.held_us)
               WHEN e.kind IN ('orphaned', 'nested') THEN e.held_us
               WHEN e.kind = 'overran' THEN e.record ->> '$.limit_us'
               WHEN e.kind IN ('health_checked', 'rolled_back') THEN e.record ->> '$.took_us'
               ELSE coalesce(e.wait_us, 0)
           END AS length_us,
           iif(e.record ->> '$.frozen_us' > 0, e.record ->> '$.frozen_us', NULL) AS frozen_us,
           coalesce(' (' || e.reason || ')', '') AS because,
           coalesce(e.record ->> '$.ahead', 0) AS ahead, e.id AS event,
           coalesce(' by signal ' || signals.name, ' with exit code ' || e.exit_code, '')
               AS step_end,
           e.record ->> '$.result' AS result,
           e.record ->> '$.last_alive_us' AS alive_us,
           coalesce('; #' || (e.record ->> '$.next_number') || ' got the lock next', '')
               AS followed,
           coalesce('; recorded by deployment ' || (e.record ->> '$.recorded_by'), '') AS found_by,
           coalesce(' from ' || nullif(origin, ''), '') AS place
    FROM (
        SELECT *,
               trim(coalesce(record ->> '$.source', '') || ' '
                    || coalesce(record ->> '$.client', '')) AS origin
        FROM event
        WHERE at_us >= :around - coalesce(:within, 1800000000)
          AND at_us < :around + coalesce(:within, 1800000000)
          AND (:lock IS NULL OR lock = :lock)
    ) AS e
    LEFT JOIN signals ON signals.signal = e.signal
), lengths AS (
    SELECT length_us AS us FROM chosen WHERE length_us IS NOT NULL
    UNION
    SELECT frozen_us FROM chosen WHERE frozen_us IS NOT NULL
), named AS MATERIALIZED (
    -- Lengths are cut off, never rounded up.
    SELECT us,
           CASE
               WHEN us = 0 THEN '0s'
               WHEN us < 1000 THEN '<1ms'
               WHEN us < 1000000 THEN (us / 1000) || 'ms'
               WHEN us < 10000000 AND us / 100000 % 10 > 0
                   THEN (us / 1000000) || '.' || (us / 100000 % 10) || 's'
               WHEN us < 60000000 THEN (us / 1000000) || 's'
               WHEN us < 3600000000
                   THEN (us / 60000000) || 'm'
                        || iif(us / 1000000 % 60 > 0,
                               printf('%02ds', us / 1000000 % 60), '')
               WHEN us < 86400000000
                   THEN (us / 3600000000) || 'h'
                        || iif(us / 60000000 % 60 > 0,
                               printf('%02dm', us / 60000000 % 60), '')
               ELSE (us / 86400000000) || 'd'
                    || iif(us / 3600000000 % 24 > 0,
                           printf('%02dh', us / 3600000000 % 24), '')
           END AS length
    FROM lengths
), measured AS (
    SELECT chosen.*, named.length,
           CASE result
               WHEN 'healthy' THEN 'passed'
               WHEN 'done' THEN 'succeeded'
               WHEN 'timed_out' THEN 'took too long and was ended'
               WHEN 'not_run' THEN 'could not be started'
               WHEN 'interrupted' THEN 'was interrupted'
               WHEN 'unhealthy' THEN 'failed' || step_end
               WHEN 'failed' THEN 'failed' || step_end
               ELSE 'ended in an unknown way'
           END AS step_result,
           coalesce(' and ' || freeze.length || ' frozen', '') AS frozen,
           person || iif(user <> coalesce(actor, user), ' (as ' || user || ')', '') AS who,
           coalesce('; last known alive at '
                    || strftime('%Y-%m-%d %H:%M:%S UTC', alive_us / 1000000, 'unixepoch'), '')
               || found_by AS found
    FROM chosen
    LEFT JOIN named ON named.us = chosen.length_us
    LEFT JOIN named AS freeze ON freeze.us = chosen.frozen_us
)
SELECT m.seq, m.at_us, m.at_us - lag(m.at_us) OVER (ORDER BY m.at_us, m.seq) AS gap_us, m.kind,
       m.number,
       coalesce(iif(m.kind IN ('forced_unlock', 'frozen', 'unfrozen'), m.person, NULL),
                d.shown_actor) AS actor,
       CASE m.kind
           WHEN 'requested' THEN
               m.who || ' asked for the lock; '
               || CASE m.ahead
                      WHEN 0 THEN 'nobody was'
                      WHEN 1 THEN '1 deployment was'
                      ELSE m.ahead || ' deployments were'
                  END || ' ahead.'
           WHEN 'acquired' THEN
               'Got the lock after waiting ' || length || frozen || '; the command started'
               || iif(coalesce(json_array_length(m.record, '$.overrode'), 0) > 0,
                      ', in spite of a freeze'
                      || coalesce(' (' || (m.record ->> '$.override_reason') || ')', ''), '')
               || '.'
           WHEN 'released' THEN
               CASE
                   WHEN m.signal IS NOT NULL THEN
                       'The command was ended by signal ' || m.signal || ' after '
                   WHEN m.exit_code = 0 THEN 'The command succeeded after '
                   WHEN m.exit_code IS NOT NULL THEN
                       'The command failed with exit code ' || m.exit_code || ' after '
                   ELSE 'The lock was released after '
               END
               || coalesce(length, '0s') || because
               || CASE m.record ->> '$.health'
                      WHEN 'healthy' THEN '; its check passed'
                      WHEN 'unhealthy' THEN '; its check FAILED'
                      WHEN 'unchecked' THEN '; it was never checked'
                      ELSE ''
                  END
               || CASE
                      WHEN m.record ->> '$.rollback' = 'done' THEN '; it was rolled back'
                      WHEN m.record ->> '$.rollback'
                           IN ('failed', 'timed_out', 'not_run', 'interrupted')
                          THEN '; its rollback FAILED'
                      ELSE ''
                  END
               || iif(m.signal IS NULL AND m.exit_code IS NULL, '.', '; the lock was released.')
           WHEN 'timed_out' THEN
               'Gave up after waiting ' || length || frozen || because || '; nothing was run.'
           WHEN 'refused' THEN
               'Refused to wait for the lock' || frozen || because || '; nothing was run.'
           WHEN 'cancelled' THEN
               iif(alive_us IS NULL,
                   'Was cancelled after waiting ' || length || frozen || because,
                   'Was found dead while waiting' || found) || '; nothing was run.'
           WHEN 'skipped' THEN 'Was skipped' || because || '; nothing was run.'
           WHEN 'superseded' THEN
               'Stepped aside for a newer deployment after waiting ' || length || frozen || because
               || '; nothing was run.'
           WHEN 'orphaned' THEN
               'Died without releasing the lock'
               || coalesce(', after holding the lock for ' || length, '') || because || found || '.'
           WHEN 'wrapper_lost' THEN
               'The wrapper was lost (killed); its keeper, pid ' || coalesce(m.pid, 'unknown')
               || ', continues.'
           WHEN 'overran' THEN
               CASE
                   WHEN length IS NOT NULL AND m.record ->> '$.reason' = 'max-duration' THEN
                       'The command ran longer than ' || length || ', its --max-duration.'
                   WHEN length IS NOT NULL AND m.record ->> '$.reason' = 'max-silence' THEN
                       'The command printed nothing for ' || length || ', its --max-silence.'
                   ELSE 'The command ran longer than it was allowed to' || because || '.'
               END
           WHEN 'health_checked' THEN
               coalesce('Attempt ' || (m.record ->> '$.attempt')
                        || coalesce('/' || (m.record ->> '$.attempts'), '') || ' of the check',
                        'The check')
               || ' ' || step_result || coalesce(' after ' || length, '') || '.'
           WHEN 'rolled_back' THEN
               'The rollback ' || step_result || coalesce(' after ' || length, '')
               || coalesce(' (failed step: ' || (m.record ->> '$.failed_step') || ')', '')
               || CASE
                      WHEN m.record ->> '$.last_good_number' IS NOT NULL THEN
                          '; the last good deployment was #' || (m.record ->> '$.last_good_number')
                          || coalesce(
                              ' (' || substr(m.record ->> '$.last_good_sha', 1, 10) || ')', '')
                      ELSE coalesce('; the last good deployment was '
                                    || substr(m.record ->> '$.last_good_sha', 1, 10), '')
                  END || '.'
           WHEN 'frozen' THEN
               m.who
               || iif(coalesce(m.record ->> '$.freeze', m.event) = m.event, ' froze deployments',
                      ' changed the freeze, now')
               || coalesce(' until ' || strftime('%Y-%m-%d %H:%M:%S UTC',
                                                 (m.record ->> '$.until_us') / 1000000,
                                                 'unixepoch'), '')
               || because || '.'
           WHEN 'unfrozen' THEN m.who || ' ended the freeze' || because || '.'
           WHEN 'nested' THEN
               iif(m.held_us IS NULL,
                   'A command started inside, under the same lock: '
                   || coalesce((SELECT group_concat(value, ' ')
                                FROM event_detail, json_each(detail, '$.command')
                                WHERE event_detail.seq = m.seq), 'not recorded')
                   || '.',
                   'The command inside (pid ' || coalesce(m.pid, 'unknown') || ') '
                   || coalesce('was ended by signal ' || m.signal,
                               'ended with exit code ' || coalesce(m.exit_code, 'unknown'))
                   || ' after ' || length || because || '.')
           WHEN 'forced_unlock' THEN
               CASE
                   WHEN result IS NULL THEN
                       m.who || place || ' began a forced unlock' || because || '.'
                   WHEN result = 'gone' AND m.record ->> '$.victim' = 'dead_orphan' THEN
                       m.who || place || ' cleared its leftovers' || because || '.'
                   WHEN result = 'gone' THEN
                       'No process held the lock any more' || followed || '.'
                   WHEN result = 'terminated' THEN
                       'The processes holding the lock ended on TERM' || followed || '.'
                   WHEN result = 'killed' THEN
                       'The processes holding the lock were killed' || followed || '.'
                   WHEN result = 'failed' THEN 'The lock could not be freed.'
                   WHEN result = 'abandoned' THEN
                       'It lost the lock and was left running' || followed || '.'
                   WHEN result = 'ended' THEN 'The command that was left running has ended.'
                   WHEN result = 'not_permitted' THEN
                       m.who || place || ' tried a forced unlock and was not permitted to'
                       || because || '.'
                   ELSE 'The lock was freed by force: ' || result || because || '.'
               END
           ELSE coalesce(m.kind, 'An event without a kind') || because || '.'
       END AS sentence,
       m.lock, d.tier, d.sha, m.host
FROM measured AS m
LEFT JOIN deployment AS d ON d.id = m.deployment
ORDER BY m.at_us, m.seq;
