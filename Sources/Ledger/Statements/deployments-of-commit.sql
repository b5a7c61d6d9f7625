-- All deployments of a commit under a lock.
SELECT id FROM deployment WHERE sha = ?1 AND lock = ?2 ORDER BY n
