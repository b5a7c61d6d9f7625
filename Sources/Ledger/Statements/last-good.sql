-- The newest deployment of a lock of a host, and of a tier unless that is NULL, that a rollback can
-- go back to: it succeeded, passed its check if it had one, and was not rolled back itself.
SELECT id, number, sha, ref, tier, ended_at_us
FROM deployment
WHERE lock = ?1 AND host = ?2 AND (?3 IS NULL OR tier = ?3)
  AND outcome = 'succeeded' AND rollback IS NULL AND (health IS NULL OR health = 'healthy')
ORDER BY number DESC
LIMIT 1
