-- The deployment at a place.
SELECT id FROM deployment WHERE n = ?1
