-- Deployments of one host and lock without an outcome, oldest first. Named, because the planner
-- would rather walk all deployments of the lock.
SELECT id, number, pid, pid_start, boot, pid_ns
FROM deployment INDEXED BY deployment_in_flight
WHERE outcome IS NULL AND host = ?1 AND lock = ?2 AND pid IS NOT NULL
ORDER BY n
