-- title: Deployments in flight
-- used by: deploystats metrics
-- Deployments without an outcome, oldest first: they wait, or they run.
--
-- param actors   list?: the people who asked; a JSON array of texts, NULL for all
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- param outcomes list?: outcomes, or waiting and running
-- param locks    list?: paths of locks
-- param events   list?: what set off their CI runs, such as push
-- param branches list?: branches or tags
-- param shas     list?: beginnings of commits
-- column id              text: the deployment
-- column number          integer: its ticket
-- column lock            text: path of the lock
-- column state           text: waiting or running
-- column host            text: the machine it runs on
-- column boot            text: that machine's boot
-- column pid             integer: the process that answers for it: its wrapper, or its keeper when that was lost
-- column pid_start       integer: when the process started, in clock ticks since boot
-- column pid_ns          integer: the pid namespace it belongs to
-- column user            text: effective user
-- column actor           text: the person
-- column source          text: where it came from
-- column sha             text: commit
-- column ref             text: branch or tag
-- column run_url         text: address of the CI run
-- column tier            text: kind of deployment
-- column requested_at_us time: when it asked
-- column acquired_at_us  time: when it got the lock
-- column wrapper_lost_at_us time: when its wrapper was lost

SELECT id, number, lock, iif(acquired_at_us IS NULL, 'waiting', 'running') AS state,
       host, boot, pid, pid_start, pid_ns, user, shown_actor AS actor, source, sha, ref, run_url, tier, requested_at_us,
       acquired_at_us, wrapper_lost_at_us
FROM deployment
WHERE outcome IS NULL
  AND (:actors IS NULL OR coalesce(actor, user) IN (SELECT value FROM json_each(:actors))
       OR claimed_actor IN (SELECT value FROM json_each(:actors))
       OR shown_actor IN (SELECT value FROM json_each(:actors)))
  AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
  AND (:tiers IS NULL OR tier IN (SELECT value FROM json_each(:tiers)))
  AND (:outcomes IS NULL
       OR coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running'))
          IN (SELECT value FROM json_each(:outcomes)))
  AND (:locks IS NULL OR lock IN (SELECT value FROM json_each(:locks)))
  AND (:events IS NULL OR run_event IN (SELECT value FROM json_each(:events)))
  AND (:branches IS NULL OR ref IN (SELECT value FROM json_each(:branches))
       OR ref IN (SELECT 'refs/heads/' || value FROM json_each(:branches)))
  AND (:shas IS NULL
       OR EXISTS (SELECT 1 FROM json_each(:shas)
                  WHERE substr(sha, 1, length(value)) = value))
ORDER BY n;
