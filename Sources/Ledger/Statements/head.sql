-- The newest event's place and hash; 0 and the ledger's own id when there is no event yet. Beside
-- it the id.
SELECT seq, hash, (SELECT id FROM ledger) FROM (SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1)
UNION ALL
SELECT 0, id, id FROM ledger
LIMIT 1
