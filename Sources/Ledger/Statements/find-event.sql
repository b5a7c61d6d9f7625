-- The record of the event with this id.
SELECT record FROM event WHERE id = ?1
