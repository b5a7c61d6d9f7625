-- title: Success rate
-- used by: deploystats metrics
-- How many of the deployments that had the lock and ended in the window succeeded, and why the
-- others did not. The deployment failure rate is 1 minus that. A change that broke something although
-- its deployment succeeded is not known here.
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
-- column n              integer: deployments that had the lock and ended
-- column succeeded      integer: of these, succeeded
-- column command        integer: the command exited with something else than 0
-- column signal         integer: a signal ended the command
-- column start          integer: the command could not be started
-- column health         integer: the command succeeded, and the check did not
-- column overran        integer: it was ended because it ran too long
-- column force_unlocked integer: a person freed the lock
-- column orphaned       integer: it died, and nobody can tell how its command ended
-- column rolled_back    integer: of all these an older version was put back, or that was tried
-- column failed_rollbacks integer: of these the rollback failed

WITH ended AS NOT MATERIALIZED (
    SELECT outcome,
           failure, rollback
    FROM deployment
    WHERE ended_at_us >= :since AND ended_at_us < :until AND outcome IS NOT NULL
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
)
SELECT count(*) AS n,
       count(*) FILTER (WHERE outcome = 'succeeded') AS succeeded,
       count(*) FILTER (WHERE failure = 'command') AS command,
       count(*) FILTER (WHERE failure = 'signal') AS signal,
       count(*) FILTER (WHERE failure = 'start') AS start,
       count(*) FILTER (WHERE failure = 'health') AS health,
       count(*) FILTER (WHERE failure = 'overran') AS overran,
       count(*) FILTER (WHERE failure = 'force-unlocked') AS force_unlocked,
       count(*) FILTER (WHERE failure = 'orphaned') AS orphaned,
       count(*) FILTER (WHERE rollback IS NOT NULL) AS rolled_back,
       count(*) FILTER (WHERE rollback <> 'done') AS failed_rollbacks
FROM ended;
