-- How many blocks filled-blocks.sql gives.
SELECT count(*) FROM deployment_block WHERE to_us >= ? AND from_us < ?
