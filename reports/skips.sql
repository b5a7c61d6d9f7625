-- title: Deployments that were not carried out on purpose
-- Skipped because enough were pending, superseded by a newer one, or refused because they were not
-- willing to wait, newest first; and whether their commit got to production all the same.
--
-- param since time?: first moment; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column number           integer: the deployment that was left out
-- column lock             text: path of the lock
-- column at_us            time: when it was left out
-- column outcome          text: skipped, superseded or refused
-- column reason           text: why
-- column ahead            integer: deployments running or waiting before it
-- column sha              text: its commit
-- column delivered        text: before, later or not: whether the same commit was deployed with success; NULL: it named no commit
-- column delivered_number integer: with which deployment: the first one later, or the last one before
-- column delivered_at_us  time: when that had succeeded
-- column later_us         duration: how much later that was; NULL: before, or not
-- column next_number      integer: the next success of those that asked later, whatever its commit
-- column next_sha         text: the commit of that; a newer one usually contains the older ones
-- column next_at_us       time: when that had succeeded
-- column actor            text: the person
-- column source           text: where it came from
-- column tier             text: kind of deployment
-- column ref              text: branch or tag
-- column run_url          text: address of the CI run

WITH left_out AS (
    SELECT d.*,
           coalesce(
               (SELECT n FROM deployment AS x
                WHERE x.sha = d.sha AND x.lock IS d.lock AND x.outcome = 'succeeded'
                  AND x.ended_at_us >= d.ended_at_us
                ORDER BY x.ended_at_us LIMIT 1),
               (SELECT n FROM deployment AS x
                WHERE x.sha = d.sha AND x.lock IS d.lock AND x.outcome = 'succeeded'
                  AND x.ended_at_us < d.ended_at_us
                ORDER BY x.ended_at_us DESC LIMIT 1)) AS delivered,
           (SELECT n FROM deployment AS x
            WHERE x.lock = d.lock AND x.acquired_at_us > d.ended_at_us
              AND x.requested_at_us > d.requested_at_us AND x.outcome = 'succeeded'
            ORDER BY x.acquired_at_us LIMIT 1) AS next
    FROM deployment AS d
    WHERE d.outcome IN ('skipped', 'superseded', 'refused') AND d.outcome <> 'succeeded'
      AND d.ended_at_us >= coalesce(:since, 0)
      AND d.ended_at_us < coalesce(:until, 9223372036854775807)
      AND (:lock IS NULL OR d.lock = :lock)
)
SELECT d.number, d.lock, d.ended_at_us AS at_us, d.outcome, d.reason, d.ahead, d.sha,
       CASE
           WHEN d.sha IS NULL THEN NULL
           WHEN x.n IS NULL THEN 'not'
           WHEN x.ended_at_us < d.ended_at_us THEN 'before'
           ELSE 'later'
       END AS delivered,
       x.number AS delivered_number, x.ended_at_us AS delivered_at_us,
       iif(x.ended_at_us >= d.ended_at_us, x.ended_at_us - d.ended_at_us, NULL) AS later_us,
       next.number AS next_number, next.sha AS next_sha, next.ended_at_us AS next_at_us,
       d.shown_actor AS actor, d.source, d.tier, d.ref, d.run_url
FROM left_out AS d
LEFT JOIN deployment AS x ON x.n = d.delivered
LEFT JOIN deployment AS next ON next.n = d.next
ORDER BY d.ended_at_us DESC, d.n DESC;
