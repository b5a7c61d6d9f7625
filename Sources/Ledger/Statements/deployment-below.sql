-- The last row of the deployments below a place, and whether an event up to a place in the chain is
-- about it.
SELECT n, EXISTS (
    SELECT 1 FROM event
    WHERE event.deployment = deployment.id AND event.kind <> 'nested' AND event.seq <= ?2)
FROM deployment
WHERE n < ?1
ORDER BY n DESC
LIMIT 1
