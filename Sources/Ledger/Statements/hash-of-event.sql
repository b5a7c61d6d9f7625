-- The hash of one event.
SELECT hash FROM event WHERE seq = ?
