-- The newest deployment of a lock that succeeded: one with a check only does when it passed that.
-- ?1 the host, ?2 the lock, ?3 the tier or NULL for any
SELECT id, number, sha, ref, tier, ended_at_us
FROM deployment
WHERE lock = ?2
    AND acquired_at_us IS NOT NULL
    AND outcome = 'succeeded'
    AND host = ?1
    AND (?3 IS NULL OR tier = ?3)
ORDER BY acquired_at_us DESC
LIMIT 1;
