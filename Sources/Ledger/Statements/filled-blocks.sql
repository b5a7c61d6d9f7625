-- The blocks of deployments of which something happened in a window, as far as they are written.
SELECT from_us, to_us, locks, kinds, lines FROM deployment_block WHERE to_us >= ? AND from_us < ?
