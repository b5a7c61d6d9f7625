-- All events with their details, in the order of the chain.
SELECT event.seq, event.record, event.hash, event_detail.salt, event_detail.detail
FROM event LEFT JOIN event_detail ON event_detail.seq = event.seq
ORDER BY event.seq
