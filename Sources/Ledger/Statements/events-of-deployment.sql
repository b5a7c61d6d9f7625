-- The records of one deployment, in the order of the ledger.
SELECT record FROM event WHERE deployment = ?1 ORDER BY seq
