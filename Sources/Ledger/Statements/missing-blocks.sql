-- The blocks up to one, newest first, that are not written; at most as many as asked for.
WITH RECURSIVE candidate (block) AS (
    VALUES (?1)
    UNION ALL
    SELECT block - 1 FROM candidate WHERE block > 0
)
SELECT block FROM candidate
WHERE block >= 0
  AND NOT EXISTS (SELECT 1 FROM deployment_block WHERE deployment_block.block = candidate.block)
LIMIT ?2
