-- How long the newest 50 successful deployments of a lock and tier had the lock, ascending.
SELECT held_us
FROM (
    SELECT held_us FROM deployment
    WHERE lock = ?1 AND tier IS ?2 AND outcome = 'succeeded' AND held_us IS NOT NULL
    ORDER BY number DESC
    LIMIT 50
)
ORDER BY held_us
