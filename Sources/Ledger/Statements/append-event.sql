-- One event at the end of the chain.
INSERT INTO event (seq, record, hash) VALUES (?1, ?2, ?3)
