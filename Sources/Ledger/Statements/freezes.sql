-- Events that began or ended freezes of one host and lock, in their order.
SELECT record
FROM event INDEXED BY event_of_freezes
WHERE kind IN ('frozen', 'unfrozen') AND lock = ?2 AND host = ?1
ORDER BY seq
