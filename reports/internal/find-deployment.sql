-- title: Find a deployment
-- used by: deploystats show
-- The deployments that a number or the beginning of an id can mean, newest first.
--
-- param number    integer?: ticket
-- param id        text?: id or its beginning
-- param locks     list?: paths of locks; a JSON array of texts, NULL for all
-- column id              text: the deployment
-- column number          integer: its ticket
-- column lock            text: path of the lock
-- column state           text: outcome, or waiting, or running
-- column requested_at_us time: when it asked
-- column actor           text: the person
-- column boot            text: boot of its machine
-- column host            text: its machine
-- column pid             integer: its process
-- column pid_start       integer: when the process started, in clock ticks since boot

WITH RECURSIVE every_lock AS (
    -- One look into the index for each lock; the last one is that of deployments without a lock.
    SELECT min(lock) AS lock FROM deployment
    UNION ALL
    SELECT (SELECT min(lock) FROM deployment WHERE lock > every_lock.lock)
    FROM every_lock
    WHERE lock IS NOT NULL
), candidate AS (
    SELECT n FROM deployment WHERE number = :number AND lock IN every_lock
    UNION ALL
    SELECT n FROM deployment WHERE number = :number AND lock IS NULL
    UNION ALL
    SELECT n FROM deployment
    WHERE :number IS NULL AND id >= :id AND id < :id || char(0x10ffff)
)
SELECT id, number, lock,
       coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running')) AS state,
       requested_at_us, shown_actor AS actor, boot, host, pid, pid_start
FROM deployment
WHERE n IN candidate
  AND (:id IS NULL OR substr(id, 1, length(:id)) = :id)
  AND (:locks IS NULL OR lock IN (SELECT value FROM json_each(:locks)))
ORDER BY n DESC
LIMIT 21;
