-- The newest deployment of a lock of a host, and of a tier unless that is NULL, that a rollback can
-- go back to: it succeeded, passed its check if it had one, and was not rolled back itself. One that
-- names a commit is preferred: whoever restarts a service under the lock has delivered nothing.
WITH good AS NOT MATERIALIZED (
    SELECT id, number, sha, ref, tier, ended_at_us
    FROM deployment
    WHERE lock = ?1 AND host = ?2 AND (?3 IS NULL OR tier = ?3)
      AND outcome = 'succeeded' AND rollback IS NULL AND (health IS NULL OR health = 'healthy')
)
SELECT * FROM (
    SELECT * FROM good
    WHERE sha IS NOT NULL
      -- No number is looked at where no commit was ever named.
      AND number >= (SELECT 0 WHERE EXISTS (SELECT 1 FROM deployment WHERE sha IS NOT NULL))
    ORDER BY number DESC
    LIMIT 1
)
UNION ALL
SELECT * FROM (SELECT * FROM good ORDER BY number DESC LIMIT 1)
LIMIT 1
