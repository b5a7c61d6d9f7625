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
-- column actor    text: the person who asked for the deployment or freed the lock by force
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
           iif(e.kind IN ('released', 'orphaned', 'nested'), e.held_us, coalesce(e.wait_us, 0))
               AS length_us,
           coalesce(' (' || e.reason || ')', '') AS because,
           coalesce(e.record ->> '$.ahead', 0) AS ahead,
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
), measured AS (
    -- Lengths are cut off, never rounded up.
    SELECT *,
           person || iif(user <> coalesce(actor, user), ' (as ' || user || ')', '') AS who,
           CASE
               WHEN length_us = 0 THEN '0s'
               WHEN length_us < 1000 THEN '<1ms'
               WHEN length_us < 1000000 THEN (length_us / 1000) || 'ms'
               WHEN length_us < 10000000 AND length_us / 100000 % 10 > 0
                   THEN (length_us / 1000000) || '.' || (length_us / 100000 % 10) || 's'
               WHEN length_us < 60000000 THEN (length_us / 1000000) || 's'
               WHEN length_us < 3600000000
                   THEN (length_us / 60000000) || 'm'
                        || iif(length_us / 1000000 % 60 > 0,
                               printf('%02ds', length_us / 1000000 % 60), '')
               WHEN length_us < 86400000000
                   THEN (length_us / 3600000000) || 'h'
                        || iif(length_us / 60000000 % 60 > 0,
                               printf('%02dm', length_us / 60000000 % 60), '')
               ELSE (length_us / 86400000000) || 'd'
                    || iif(length_us / 3600000000 % 24 > 0,
                           printf('%02dh', length_us / 3600000000 % 24), '')
           END AS length,
           coalesce('; last known alive at '
                    || strftime('%Y-%m-%d %H:%M:%S UTC', alive_us / 1000000, 'unixepoch'), '')
               || found_by AS found
    FROM chosen
)
SELECT m.seq, m.at_us, m.at_us - lag(m.at_us) OVER (ORDER BY m.at_us, m.seq) AS gap_us, m.kind,
       m.number,
       coalesce(iif(m.kind = 'forced_unlock', m.person, NULL), d.shown_actor) AS actor,
       CASE m.kind
           WHEN 'requested' THEN
               m.who || ' asked for the lock; '
               || CASE m.ahead
                      WHEN 0 THEN 'nobody was'
                      WHEN 1 THEN '1 deployment was'
                      ELSE m.ahead || ' deployments were'
                  END || ' ahead.'
           WHEN 'acquired' THEN
               'Got the lock after waiting ' || length || '; the command started.'
           WHEN 'released' THEN
               CASE
                   WHEN m.signal IS NOT NULL THEN
                       'The command was ended by signal ' || m.signal || ' after '
                       || coalesce(length, '0s') || because || '; the lock was released.'
                   WHEN m.exit_code = 0 THEN
                       'The command succeeded after ' || coalesce(length, '0s') || because
                       || '; the lock was released.'
                   WHEN m.exit_code IS NOT NULL THEN
                       'The command failed with exit code ' || m.exit_code || ' after '
                       || coalesce(length, '0s') || because || '; the lock was released.'
                   ELSE 'The lock was released after ' || coalesce(length, '0s') || because || '.'
               END
           WHEN 'timed_out' THEN
               'Gave up after waiting ' || length || because || '; nothing was run.'
           WHEN 'refused' THEN
               'Refused to wait for the lock' || because || '; nothing was run.'
           WHEN 'cancelled' THEN
               iif(alive_us IS NULL,
                   'Was cancelled after waiting ' || length || because,
                   'Was found dead while waiting' || found) || '; nothing was run.'
           WHEN 'skipped' THEN 'Was skipped' || because || '; nothing was run.'
           WHEN 'superseded' THEN
               'Stepped aside for a newer deployment after waiting ' || length || because
               || '; nothing was run.'
           WHEN 'orphaned' THEN
               'Died without releasing the lock'
               || coalesce(', after holding the lock for ' || length, '') || because || found || '.'
           WHEN 'wrapper_lost' THEN
               'The wrapper was lost (killed); its keeper, pid ' || coalesce(m.pid, 'unknown')
               || ', continues.'
           WHEN 'overran' THEN 'The command ran longer than it was allowed to' || because || '.'
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
