-- title: The last check of health
-- used by: deploystats status
-- What the check of the newest deployment of a lock came to that had one, among the newest 5000 of
-- the lock: it would take long to find out that nobody ever checked.
--
-- param lock       text: path of the lock
-- column number     integer: the ticket of the deployment
-- column verdict    text: healthy or unhealthy
-- column checked_us time: when the last attempt of the check ended

SELECT d.number, d.health AS verdict,
       coalesce((SELECT max(at_us) FROM event
                 WHERE event.deployment = d.id AND event.kind = 'health_checked'),
                d.ended_at_us) AS checked_us
FROM (
    SELECT id, number, health, ended_at_us, acquired_at_us
    FROM deployment
    WHERE lock = :lock AND acquired_at_us IS NOT NULL
    ORDER BY acquired_at_us DESC
    LIMIT 5000
) AS d
WHERE d.health IN ('healthy', 'unhealthy')
ORDER BY d.acquired_at_us DESC
LIMIT 1;
