-- Deployments of one host and lock without an outcome, oldest first.
SELECT id, number, pid, pid_start, boot FROM deployment
WHERE outcome IS NULL AND host = ?1 AND lock = ?2 AND pid IS NOT NULL
ORDER BY n
