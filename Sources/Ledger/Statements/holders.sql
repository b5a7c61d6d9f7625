-- Deployments of one host and lock that have the lock as far as the ledger knows.
SELECT id, number, pid, pid_start, boot, pid_ns
FROM deployment INDEXED BY deployment_in_flight
WHERE outcome IS NULL AND host = ?1 AND lock = ?2 AND pid IS NOT NULL
    AND coalesce(acquired_at_us, wrapper_lost_at_us) IS NOT NULL
ORDER BY n
