-- What a block of deployments has to hold.
--
-- locks: one JSON text per line. kinds: one JSON array per line: tier, outcome, reason of one that
-- was left out, then as 0 or 1 whether it had the lock, went straight through to a free one, and
-- lost its wrapper; why it failed; how its cover ended; then as 0 or 1 whether it is a request for a
-- commit, and the first one; 0 for a commit that was not delivered, 1 when its own end did, 2 when
-- its line says when; as 0 or 1 whether it delivered its commit again; what its rollback came to;
-- and as 0 or 1 whether a freeze held it back. lines: one deployment per line: place of the lock and
-- of the kind among those, from 0; when it asked, counted from from_us; how long after that it left
-- the queue; how long after that it ended; how much its measured wait, and the time its command ran,
-- differ from these lengths; only of a kind that lost its wrapper, when that was, and only of a kind
-- whose line says so, when its commit was delivered, both counted from from_us; only of a kind that
-- a freeze held back, for how long. All in microseconds. What is unknown is left out, and what follows counts from the last known before.
WITH measured AS MATERIALIZED (
    SELECT n, requested_at_us, queue_left_at_us, ended_at_us, wait_us, ran_us,
           wrapper_lost_at_us, delivered_at_us, frozen_us,
           -- A run that was imported alone is in no metric of the lock.
           is_ci_run,
           min(coalesce(requested_at_us, queue_left_at_us, ended_at_us, wrapper_lost_at_us),
               coalesce(queue_left_at_us, ended_at_us, wrapper_lost_at_us, requested_at_us),
               coalesce(ended_at_us, queue_left_at_us, wrapper_lost_at_us, requested_at_us),
               coalesce(wrapper_lost_at_us, ended_at_us, queue_left_at_us, requested_at_us))
               AS first_us,
           max(coalesce(requested_at_us, queue_left_at_us, ended_at_us, wrapper_lost_at_us),
               coalesce(queue_left_at_us, ended_at_us, wrapper_lost_at_us, requested_at_us),
               coalesce(ended_at_us, queue_left_at_us, wrapper_lost_at_us, requested_at_us),
               coalesce(wrapper_lost_at_us, ended_at_us, queue_left_at_us, requested_at_us))
               AS last_us,
           json_quote(lock) AS lock,
           json_array(
               tier, outcome, iif(outcome IN ('skipped', 'superseded', 'refused'), reason, NULL),
               acquired_at_us IS NOT NULL,
               (acquired_at_us IS NOT NULL AND ahead = 0 AND wait_us < 10000) IS TRUE,
               wrapper_lost_at_us IS NOT NULL, failure, cover_outcome, is_request,
               is_first_request,
               CASE
                   WHEN delivered_at_us IS NULL THEN 0
                   WHEN delivered_at_us = ended_at_us THEN 1
                   ELSE 2
               END,
               (outcome = 'succeeded' AND is_request AND CASE
                   WHEN is_first_request THEN delivered_by IS NOT NULL
                   ELSE (SELECT first.delivered_by FROM deployment AS first
                         WHERE first.sha = deployment.sha AND first.lock = deployment.lock
                           AND first.requested_at_us IS NOT NULL AND first.is_first_request = 1
                         ORDER BY first.requested_at_us LIMIT 1) IS NOT deployment.n
               END) IS TRUE,
               rollback, (frozen_us > 0) IS TRUE) AS kind
    FROM deployment
    WHERE n > ?1 * 256 AND n <= (?1 + 1) * 256
), counted AS (
    SELECT * FROM measured WHERE NOT is_ci_run
), bounds AS (
    -- Whoever asks about the time in which a commit was delivered must meet its first request.
    SELECT min(first_us) AS from_us, max(max(last_us, coalesce(delivered_at_us, last_us))) AS to_us
    FROM measured
)
SELECT from_us, to_us,
       (SELECT coalesce(group_concat(lock, char(10)), '')
        FROM (SELECT DISTINCT lock FROM counted ORDER BY lock)) AS locks,
       (SELECT coalesce(group_concat(kind, char(10)), '')
        FROM (SELECT DISTINCT kind FROM counted ORDER BY kind)) AS kinds,
       (SELECT coalesce(group_concat(
                   lock_place || ',' || kind_place
                   || ',' || coalesce(requested_at_us - from_us, '')
                   || ',' || coalesce(queue_left_at_us - coalesce(requested_at_us, from_us), '')
                   || ',' || coalesce(
                       ended_at_us - coalesce(queue_left_at_us, requested_at_us, from_us), '')
                   || ',' || coalesce(wait_us - coalesce(queue_left_at_us - requested_at_us, 0), '')
                   || ',' || coalesce(ran_us - coalesce(ended_at_us - queue_left_at_us, 0), '')
                   || coalesce(',' || (wrapper_lost_at_us - from_us), '')
                   || iif(delivered_at_us = ended_at_us, '',
                          coalesce(',' || (delivered_at_us - from_us), ''))
                   || iif(frozen_us > 0, ',' || frozen_us, ''),
                   char(10)), '')
        FROM (SELECT dense_rank() OVER (ORDER BY lock) - 1 AS lock_place,
                     dense_rank() OVER (ORDER BY kind) - 1 AS kind_place,
                     requested_at_us, queue_left_at_us, ended_at_us, wait_us, ran_us,
                     wrapper_lost_at_us, delivered_at_us, frozen_us
              FROM counted
              ORDER BY n)) AS lines,
       -- A block must fit into a row, however long the texts are that others gave.
       NOT EXISTS (SELECT 1 FROM deployment
                   WHERE n > ?1 * 256 AND n <= (?1 + 1) * 256
                     AND length(coalesce(lock, '')) + length(coalesce(tier, ''))
                         + length(coalesce(reason, '')) > 4000) AS fits
FROM bounds
