-- The summary of a block of deployments, of which one has changed.
DELETE FROM deployment_block WHERE block = ?1
