-- How many blocks are written, and the block of the newest deployment.
SELECT (SELECT count(*) FROM deployment_block), (SELECT (max(n) - 1) / 256 FROM deployment)
