-- Records with their details behind a place in the chain, in its order.
SELECT event.seq, event.record, event_detail.salt, event_detail.detail
FROM event LEFT JOIN event_detail ON event_detail.seq = event.seq
WHERE event.seq > ?1
ORDER BY event.seq
LIMIT ?2
