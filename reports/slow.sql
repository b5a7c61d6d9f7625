-- title: Deployments that took long
-- Commands that ran longer than the target of their tier, or longer than some times the median of
-- the successful ones of their tier, or of the same command there; those that took longest beyond
-- that first. What is usual for a command is known from this time and the 30 days before. Two
-- commands are the same when all of their words are, apart from the commit. What runs now counts with
-- the time it has had the lock so far.
--
-- param since  time?: first moment of the end; NULL: from the beginning
-- param until  time?: first moment afterwards; NULL: up to now, and what runs now
-- param factor real?: how many times the median; NULL: 3
-- param limit  integer? = 50: how many; NULL: 50, -1: all
-- param lock   text?: path of a lock; NULL for all
-- column number       integer: ticket
-- column lock         text: path of the lock
-- column tier         text: kind of deployment
-- column held_us      duration: how long it had the lock, or has had it so far
-- column target_us    duration: the target of its tier; NULL: the tier has none
-- column median_us    duration: median of the successful ones of its tier in this time
-- column times_median real: how many times that it took
-- column usual_us     duration: median of the successes of the same command and tier
-- column times_usual  real: how many times that it took
-- column why          text: longer than what: target, median, both of these, or usual: only than the same command usually takes
-- column outcome      text: how it ended, or running
-- column ended_at_us  time: when it ended; NULL: not yet
-- column actor        text: the person
-- column source       text: where it came from
-- column sha          text: commit
-- column command      words: command with arguments

WITH clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now_us
), target (tier, target_us) AS (
    VALUES ('lightning', 300000000), ('docker', 600000000)
), ran AS MATERIALIZED (
    SELECT d.n, d.tier, d.held_us, d.outcome = 'succeeded' AS is_success, d.requested_seq, d.sha,
           d.ended_at_us >= coalesce(:since, 0) AS is_asked
    FROM deployment AS d
    WHERE d.ended_at_us >= coalesce(:since, 0) - 2592000000000
      AND d.ended_at_us < coalesce(:until, 9223372036854775807)
      AND d.acquired_at_us IS NOT NULL AND d.held_us >= 0
      AND (:lock IS NULL OR d.lock = :lock)
    UNION ALL
    SELECT d.n, d.tier, now_us - d.acquired_at_us, 0, d.requested_seq, d.sha, 1
    FROM deployment AS d CROSS JOIN clock
    WHERE d.outcome IS NULL AND d.acquired_at_us IS NOT NULL AND :until IS NULL
      AND (:lock IS NULL OR d.lock = :lock)
), spoken AS MATERIALIZED (
    SELECT ran.n, ran.tier, ran.held_us, ran.is_success, ran.is_asked,
           iif(length(ran.sha) >= 7, replace(detail -> '$.command', ran.sha, ''),
               detail -> '$.command') AS command
    FROM ran LEFT JOIN event_detail AS e ON e.seq = ran.requested_seq
), sorted AS (
    -- Far quicker than numbering the rows.
    SELECT tier, count(*) AS n, json_group_array(held_us) AS ascending
    FROM (SELECT tier, held_us FROM ran WHERE is_success AND is_asked ORDER BY tier, held_us)
    GROUP BY tier
), median AS MATERIALIZED (
    SELECT tier, ascending ->> ((n + 1) / 2 - 1) AS median_us FROM sorted
), usual AS MATERIALIZED (
    SELECT tier, command, ascending ->> ((n + 1) / 2 - 1) AS usual_us
    FROM (SELECT tier, command, count(*) AS n, json_group_array(held_us) AS ascending
          FROM (SELECT tier, command, held_us FROM spoken
                WHERE is_success AND command IS NOT NULL ORDER BY tier, command, held_us)
          GROUP BY tier, command)
), slow AS (
    SELECT spoken.n, spoken.held_us, target_us, median_us, usual_us,
           spoken.held_us > target_us AS over_target,
           spoken.held_us > median_us * coalesce(:factor, 3) AS over_median
    FROM spoken
    LEFT JOIN target ON target.tier = spoken.tier
    LEFT JOIN median ON median.tier IS spoken.tier
    LEFT JOIN usual ON usual.command = spoken.command AND usual.tier IS spoken.tier
    WHERE is_asked
      AND (over_target OR over_median OR spoken.held_us > usual_us * coalesce(:factor, 3))
    ORDER BY spoken.held_us * 1.0 / coalesce(target_us, median_us, usual_us) DESC,
             spoken.held_us DESC, spoken.n DESC
    LIMIT coalesce(:limit, 50)
)
SELECT d.number, d.lock, d.tier, slow.held_us, target_us, median_us,
       slow.held_us * 1.0 / nullif(median_us, 0) AS times_median, usual_us,
       slow.held_us * 1.0 / nullif(usual_us, 0) AS times_usual,
       CASE
           WHEN over_target AND over_median THEN 'both'
           WHEN over_target THEN 'target'
           WHEN over_median THEN 'median'
           ELSE 'usual'
       END AS why,
       coalesce(d.outcome, 'running') AS outcome, d.ended_at_us, d.shown_actor AS actor, d.source, d.sha,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = d.requested_seq) AS command
FROM slow CROSS JOIN deployment AS d ON d.n = slow.n
ORDER BY slow.held_us * 1.0 / coalesce(target_us, median_us, usual_us) DESC, slow.held_us DESC,
         d.n DESC;
