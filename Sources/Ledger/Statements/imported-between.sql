-- Address and attempt of the imported runs with ids from one to another.
SELECT deployment.run_url, event.record ->> '$.run_attempt'
FROM deployment
JOIN event ON event.deployment = deployment.id AND event.kind = 'imported'
WHERE deployment.id >= ?1 AND deployment.id <= ?2
