-- title: Find a deployment
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

SELECT id, number, lock,
       coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running')) AS state,
       requested_at_us, actor, boot, host, pid, pid_start
FROM deployment
WHERE (:number IS NULL OR number = :number)
  AND (:id IS NULL OR substr(id, 1, length(:id)) = :id)
  AND (:locks IS NULL OR lock IN (SELECT value FROM json_each(:locks)))
ORDER BY n DESC
LIMIT 21;
