-- Events behind a place in the chain with their details, in its order.
SELECT event.seq, event.record, event.hash, event_detail.salt, event_detail.detail
FROM event LEFT JOIN event_detail ON event_detail.seq = event.seq
WHERE event.seq > ?1
ORDER BY event.seq
