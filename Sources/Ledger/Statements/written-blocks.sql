-- The blocks that are written, from one to another.
SELECT block, from_us, to_us, locks, kinds, lines FROM deployment_block
WHERE block BETWEEN ?1 AND ?2
ORDER BY block
