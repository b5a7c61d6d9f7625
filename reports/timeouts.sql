-- title: Deployments that gave up waiting
-- Newest first: how long they had waited, and who had the lock when they gave up. For the whole
-- wait see blocked-by.
--
-- param since time?: first moment of giving up; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column number         integer: the deployment that gave up
-- column lock           text: path of the lock
-- column gave_up_at_us  time: when
-- column wait_us        duration: how long it had waited
-- column ahead          integer: deployments running or waiting before it when it asked
-- column holder         integer: who had the lock when it gave up; NULL: nobody that is recorded
-- column holder_actor   text: whose deployment that was
-- column holder_for_us  duration: how long the holder had had the lock by then
-- column holder_rest_us duration: how much longer the holder had it; NULL: it still has it
-- column holder_outcome text: how the holder ended, or running
-- column actor          text: who gave up
-- column source         text: where that came from
-- column tier           text: kind of deployment
-- column sha            text: commit
-- column reason         text: why it gave up
-- column command        words: command with arguments

SELECT d.number, d.lock, d.queue_left_at_us AS gave_up_at_us, d.wait_us, d.ahead,
       h.number AS holder, h.shown_actor AS holder_actor,
       d.queue_left_at_us - h.acquired_at_us AS holder_for_us,
       h.ended_at_us - d.queue_left_at_us AS holder_rest_us,
       iif(h.n IS NULL, NULL, coalesce(h.outcome, 'running')) AS holder_outcome,
       d.shown_actor AS actor, d.source, d.tier, d.sha, d.reason,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = d.requested_seq) AS command
FROM deployment AS d
LEFT JOIN deployment AS h
    ON h.n = (SELECT n FROM deployment AS x
              WHERE x.lock = d.lock AND x.acquired_at_us <= d.queue_left_at_us
              ORDER BY x.acquired_at_us DESC LIMIT 1)
       AND (h.ended_at_us > d.queue_left_at_us OR h.outcome IS NULL)
WHERE d.outcome = 'timed_out' AND d.outcome <> 'succeeded'
  AND d.ended_at_us >= coalesce(:since, 0)
  AND d.ended_at_us < coalesce(:until, 9223372036854775807)
  AND (:lock IS NULL OR d.lock = :lock)
ORDER BY d.ended_at_us DESC, d.n DESC;
