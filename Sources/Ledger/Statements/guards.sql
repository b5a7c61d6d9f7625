-- All triggers but those that derive the deployments.
SELECT name FROM sqlite_schema
WHERE type = 'trigger' AND name NOT LIKE 'deployment\_follows\_%' ESCAPE '\'
