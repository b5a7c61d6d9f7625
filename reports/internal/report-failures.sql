-- title: Failed deployments
-- used by: deploystats report
-- Those that had the lock and ended in the window otherwise than with success, newest first.
--
-- param since    time: first moment of the window
-- param until    time: first moment after the window
-- param actors   list?: the people who asked; a JSON array of texts, NULL for all
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- param outcomes list?: outcomes, or waiting and running
-- param locks    list?: paths of locks
-- param events   list?: what set off their CI runs, such as push
-- param branches list?: branches or tags
-- param shas     list?: beginnings of commits
-- param limit    integer?: how many; NULL for all
-- column number    integer: its ticket
-- column id        text: the deployment
-- column lock      text: path of the lock
-- column ended_us  time: when it ended
-- column failure   text: why: command, signal, start, health, overran, force-unlocked or orphaned
-- column rollback  text: what its rollback came to: done, or how it failed
-- column exit_code integer: of its command
-- column signal    integer: that ended its command
-- column held_us   duration: how long it had the lock
-- column tier      text: kind of deployment
-- column source    text: where it came from
-- column person    text: who asked
-- column sha       text: commit
-- column run_url   text: address of the CI run
-- column command   words: command with arguments

SELECT number, id, lock, ended_at_us AS ended_us,
       failure, rollback,
       exit_code, signal, held_us, tier, source,
       coalesce(shown_actor, user) AS person, sha, run_url,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command
FROM deployment
WHERE ended_at_us >= :since AND ended_at_us < :until
  AND outcome IN ('failed', 'force_unlocked', 'orphaned') AND outcome <> 'succeeded'
  AND acquired_at_us IS NOT NULL
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
ORDER BY ended_at_us DESC, n DESC
LIMIT coalesce(:limit, -1);
