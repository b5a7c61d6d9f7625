-- One deployment, if it still has no outcome, with the time of its newest event.
SELECT number, requested_at_us, acquired_at_us,
    (SELECT max(at_us) FROM event WHERE event.deployment = deployment.id)
FROM deployment
WHERE id = ?1 AND outcome IS NULL
