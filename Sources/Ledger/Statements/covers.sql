-- The deployments that stepped aside, and those that say how their cover ended.
SELECT id FROM deployment WHERE outcome = 'superseded' OR cover_outcome IS NOT NULL ORDER BY n
