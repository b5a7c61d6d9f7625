-- Details behind a place in the chain that belong to no event.
SELECT seq FROM event_detail
WHERE seq > ?1 AND NOT EXISTS (SELECT 1 FROM event WHERE event.seq = event_detail.seq)
