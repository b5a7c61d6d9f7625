-- The events of one deployment up to a place in the chain, in its order.
SELECT seq, record FROM event WHERE deployment = ?1 AND seq <= ?2 ORDER BY seq
