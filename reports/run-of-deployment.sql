-- title: The CI run of a deployment
-- What was imported about the CI runs that a deployment was part of, attempt by attempt.
--
-- param deployment text: id of the deployment
-- column attempt   integer: which attempt of the run
-- column run_url   text: address of the run
-- column reason    text: how the CI calls its end
-- column ended_at_us time: when it ended
-- column held_us   duration: how long it took

SELECT DISTINCT
       (SELECT record ->> '$.run_attempt' FROM event WHERE event.deployment = run.id) AS attempt,
       run.run_url, run.reason, run.ended_at_us, run.held_us
FROM joined_run
JOIN deployment AS run ON run.n = joined_run.run
WHERE joined_run.deployment = (SELECT n FROM deployment WHERE id = :deployment)
ORDER BY run.ended_at_us;
