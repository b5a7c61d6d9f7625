-- Summaries that do not say what the table of deployments says, missing ones among them.
SELECT block
FROM deployment_block JOIN deployment_block_content AS content USING (block)
WHERE deployment_block.to_us IS NOT NULL
  AND (deployment_block.from_us IS NOT content.from_us
       OR deployment_block.to_us IS NOT content.to_us
       OR deployment_block.locks IS NOT content.locks
       OR deployment_block.kinds IS NOT content.kinds
       OR deployment_block.lines IS NOT content.lines)
UNION ALL
SELECT DISTINCT (n - 1) / 256 FROM deployment
WHERE (n - 1) / 256 NOT IN (SELECT block FROM deployment_block)
