-- The whole table that is derived from the events.
SELECT * FROM deployment ORDER BY n
