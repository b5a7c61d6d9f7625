-- The first request for a commit under a lock.
SELECT id FROM deployment
WHERE sha = ?1 AND lock = ?2 AND requested_at_us IS NOT NULL AND is_first_request = 1
ORDER BY requested_at_us
LIMIT 1
