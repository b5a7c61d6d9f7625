-- The highest ticket ever given out for a lock.
SELECT max(number) FROM deployment WHERE lock = ?1
