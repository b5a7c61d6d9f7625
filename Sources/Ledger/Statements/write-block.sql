-- Writes a block that is not written.
INSERT INTO deployment_block (block, from_us, to_us, locks, kinds, lines) VALUES (?, ?, ?, ?, ?, ?)
