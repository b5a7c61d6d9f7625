-- Where the event with this id is in the chain, if nothing is kept beside it.
SELECT seq FROM event
WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM event_detail WHERE event_detail.seq = event.seq)
