-- title: The CI run of a deployment
-- used by: deploystats show
-- What was imported about the CI runs that a deployment was part of, attempt by attempt.
--
-- param deployment text: id of the deployment
-- column attempt   integer: which attempt of the run
-- column run_url   text: address of the run
-- column reason    text: how the CI calls its end
-- column ended_at_us time: when it ended
-- column held_us   duration: how long it took

WITH own AS (
    SELECT n FROM deployment WHERE id = :deployment
)
SELECT (SELECT record ->> '$.run_attempt' FROM event WHERE event.deployment = run.id) AS attempt,
       run.run_url, run.reason, run.ended_at_us, run.held_us
FROM deployment AS run
WHERE run.n IN (
    SELECT run FROM run_by_address WHERE deployment = (SELECT n FROM own)
    UNION
    SELECT run FROM run_by_commit WHERE deployment = (SELECT n FROM own))
ORDER BY run.ended_at_us;
