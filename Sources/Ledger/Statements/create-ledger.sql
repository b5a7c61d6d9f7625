-- Gives a new ledger its identity, from which the hash chain starts.
INSERT INTO ledger (one, id, created_at_us) VALUES (1, randomblob(32), ?1)
