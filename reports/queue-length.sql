-- title: Queue length
-- used by: deploystats metrics
-- How many deployments waited at a time, for each lock: a step function that goes up when one asks
-- and down when it leaves the queue, clipped to the window. The holder is not a waiter, and neither
-- is who went straight through to a free lock, was skipped, or refused to wait. The time that a freeze
-- held one back is left out, as if it had come first: nobody records when it was. Steps at the same
-- moment are added up before the length is read.
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
-- param dead     list?: ids of waiters whose process is known to be gone; they wait no more
-- column lock      text: path of the lock
-- column n         integer: deployments that queued or went straight through
-- column now       integer: waiters at the end of the window
-- column max       integer: most waiters at a time
-- column mean      real: mean over time
-- column share     real: share of the time with three waiters or more

WITH present AS (
    SELECT lock, requested_at_us + max(coalesce(frozen_us, 0), 0) AS waited_from_us,
           queue_left_at_us AS left_at_us,
           acquired_at_us IS NOT NULL AND ahead = 0 AND wait_us < 10000 AS straight_through
    FROM deployment
    WHERE queue_left_at_us >= :since AND requested_at_us < :until
      AND (acquired_at_us IS NOT NULL OR outcome NOT IN ('skipped', 'refused'))
      AND (:actors IS NULL OR coalesce(actor, user) IN (SELECT value FROM json_each(:actors))
           OR claimed_actor IN (SELECT value FROM json_each(:actors))
           OR shown_actor IN (SELECT value FROM json_each(:actors)))
      AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
      AND (:tiers IS NULL OR tier IN (SELECT value FROM json_each(:tiers)))
      AND (:outcomes IS NULL
           OR coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running'))
              IN (SELECT value FROM json_each(:outcomes)))
      AND (:locks IS NULL OR lock IN (SELECT value FROM json_each(:locks)))
      AND (:events IS NULL OR run_event IN (SELECT value FROM json_each(:events)))
      AND (:branches IS NULL OR ref IN (SELECT value FROM json_each(:branches))
           OR ref IN (SELECT 'refs/heads/' || value FROM json_each(:branches)))
      AND (:shas IS NULL
           OR EXISTS (SELECT 1 FROM json_each(:shas)
                      WHERE substr(sha, 1, length(value)) = value))
    UNION ALL
    SELECT lock, requested_at_us, :until, 0
    FROM deployment
    WHERE outcome IS NULL AND acquired_at_us IS NULL AND requested_at_us < :until
      AND (:dead IS NULL OR id NOT IN (SELECT value FROM json_each(:dead)))
      AND (:actors IS NULL OR coalesce(actor, user) IN (SELECT value FROM json_each(:actors))
           OR claimed_actor IN (SELECT value FROM json_each(:actors))
           OR shown_actor IN (SELECT value FROM json_each(:actors)))
      AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
      AND (:tiers IS NULL OR tier IN (SELECT value FROM json_each(:tiers)))
      AND (:outcomes IS NULL
           OR coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running'))
              IN (SELECT value FROM json_each(:outcomes)))
      AND (:locks IS NULL OR lock IN (SELECT value FROM json_each(:locks)))
      AND (:events IS NULL OR run_event IN (SELECT value FROM json_each(:events)))
      AND (:branches IS NULL OR ref IN (SELECT value FROM json_each(:branches))
           OR ref IN (SELECT 'refs/heads/' || value FROM json_each(:branches)))
      AND (:shas IS NULL
           OR EXISTS (SELECT 1 FROM json_each(:shas)
                      WHERE substr(sha, 1, length(value)) = value))
), queue AS MATERIALIZED (
    SELECT row_number() OVER () AS queue, lock, n
    FROM (SELECT lock, count(*) AS n FROM present GROUP BY lock)
), waiter AS (
    SELECT queue AS lock, max(waited_from_us, :since) AS from_us, min(left_at_us, :until) AS to_us
    FROM present JOIN queue ON queue.lock IS present.lock
    WHERE straight_through IS NOT 1
), change AS (
    SELECT lock, from_us AS at_us, 1 AS step FROM waiter WHERE to_us > from_us
    UNION ALL
    SELECT lock, to_us, -1 FROM waiter WHERE to_us > from_us AND to_us < :until
), level AS (
    -- Who leaves at the moment another comes makes place first.
    SELECT lock, step, :until - at_us AS rest_us,
           sum(step) OVER (
               PARTITION BY lock ORDER BY at_us, step ROWS UNBOUNDED PRECEDING) AS length
    FROM change
), figures AS (
    -- A step counts for all the time left; what is above a length adds up to the time above it.
    SELECT lock,
           sum(step) AS now,
           max(length) AS max,
           sum(step * rest_us) AS area,
           sum(step * rest_us) FILTER (WHERE length = iif(step > 0, 3, 2)) AS long_us
    FROM level
    GROUP BY lock
)
SELECT queue.lock AS lock,
       queue.n AS n,
       coalesce(figures.now, 0) AS now,
       coalesce(figures.max, 0) AS max,
       coalesce(figures.area, 0) * 1.0 / (:until - :since) AS mean,
       coalesce(figures.long_us, 0) * 1.0 / (:until - :since) AS share
FROM queue
LEFT JOIN figures ON figures.lock = queue.queue
ORDER BY max DESC, share DESC, mean DESC, queue.lock;
