-- The first of the deployments from a number on to get a lock since a time.
SELECT number FROM deployment
WHERE lock = ?1 AND number >= ?2 AND acquired_at_us >= ?3
ORDER BY acquired_at_us, number
LIMIT 1
