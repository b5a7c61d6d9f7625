-- How the newest other deployment of a lock ended that had it.
-- ?1 the host, ?2 the lock, ?3 the deployment that does not count
SELECT number, outcome
FROM deployment
WHERE lock = ?2
    AND acquired_at_us IS NOT NULL
    AND outcome IS NOT NULL
    AND host = ?1
    AND id <> ?3
ORDER BY acquired_at_us DESC
LIMIT 1;
