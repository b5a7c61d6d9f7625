-- What can be read of a damaged ledger from an event on.
SELECT event.seq, event.record, event.hash, event_detail.salt, event_detail.detail
FROM event LEFT JOIN event_detail USING (seq)
WHERE event.seq >= ?1 ORDER BY event.seq LIMIT ?2
