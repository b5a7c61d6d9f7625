-- title: Deployments in blocks
-- The blocks of deployments of which something happened in the window. The metrics of all
-- deployments are computed from them, because SQLite takes far longer to look at a million rows;
-- with a filter the query of each metric is run itself, and both are the same figures.
--
-- param since time: first moment of the window
-- param until time: first moment after the window
-- column from_us time: nothing of the block happened before
-- column locks   text: locks, one JSON text a line
-- column kinds   text: what else tells deployments apart, one JSON array a line
-- column lines   text: one deployment a line; the view deployment_block_content explains it

SELECT from_us, locks, kinds, lines
FROM deployment_block
WHERE to_us >= :since AND from_us < :until
UNION ALL
SELECT from_us, locks, kinds, lines
FROM deployment_block_content
WHERE block IN (SELECT block FROM deployment_block WHERE to_us IS NULL)
  AND to_us >= :since AND from_us < :until;
