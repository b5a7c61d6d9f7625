-- How many tables, indexes and triggers a database has; none in a new one.
SELECT count(*) FROM sqlite_schema
