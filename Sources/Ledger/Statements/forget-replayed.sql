-- Makes place for the next event of a replay.
DELETE FROM event
