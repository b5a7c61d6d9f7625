-- One deployment, if it still has no outcome: its number, when it asked, since when it had the lock at
-- the latest, and the time of its newest event.
SELECT number, requested_at_us, coalesce(acquired_at_us, wrapper_lost_at_us),
    (SELECT max(at_us) FROM event WHERE event.deployment = deployment.id)
FROM deployment
WHERE id = ?1 AND outcome IS NULL
