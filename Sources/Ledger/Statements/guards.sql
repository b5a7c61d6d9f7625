-- All triggers but the one that derives the deployments.
SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name <> 'deployment_follows_events'
