-- The deployments that stepped aside for a deployment, not for one that stepped aside for it.
SELECT id FROM deployment WHERE covered_by = ?1 AND outcome = 'superseded' ORDER BY n
