-- Freezes of one host and lock that began or ended among the newest events, oldest first.
SELECT record
FROM event
WHERE seq > (SELECT max(seq) FROM event) - ?3 AND kind IN ('frozen', 'unfrozen')
    AND host = ?1 AND lock = ?2
ORDER BY seq
