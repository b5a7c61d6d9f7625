-- The random id from which the chain starts.
SELECT id FROM ledger
