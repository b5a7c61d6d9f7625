-- All blocks that are written.
SELECT block, from_us, to_us, locks, kinds, lines FROM deployment_block ORDER BY block
