-- How one deployment ended; NULL while it is in flight.
SELECT outcome FROM deployment WHERE id = ?1
