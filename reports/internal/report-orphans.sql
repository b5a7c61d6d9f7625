-- title: Deployments that lost their wrapper while they had the lock, in a window
-- used by: deploystats report
-- Each when its wrapper was lost or, where nobody could say that, at its last sign of life, oldest
-- first, with how it ended or when somebody found it dead.
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
-- column number   integer: its ticket
-- column id       text: the deployment
-- column lock     text: path of the lock
-- column at_us    time: when its wrapper was lost, or its last sign of life
-- column outcome  text: how it ended, or running
-- column found_us time: when it was found dead; NULL: its end is known, or it runs
-- column held_us  duration: how long it had the lock
-- column reason   text: why it ended so, as far as is known
-- column tier     text: kind of deployment
-- column source   text: where it came from
-- column person   text: who asked
-- column sha      text: commit
-- column command  words: command with arguments
-- column run_url  text: address of its CI run

WITH candidate AS (
    SELECT n FROM deployment WHERE wrapper_lost_at_us >= :since AND wrapper_lost_at_us < :until
    UNION
    SELECT n FROM deployment
    WHERE outcome = 'orphaned' AND outcome <> 'succeeded'
      AND ended_at_us >= :since AND ended_at_us < :until
)
SELECT number, id, lock, orphaned_at_us AS at_us,
       coalesce(outcome, 'running') AS outcome,
       iif(outcome = 'orphaned',
           (SELECT max(at_us) FROM event
            WHERE event.deployment = d.id AND event.kind = 'orphaned'), NULL) AS found_us,
       held_us, reason, tier, source, coalesce(shown_actor, user) AS person, sha,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command,
       run_url
FROM deployment AS d
WHERE n IN candidate AND orphaned_at_us >= :since AND orphaned_at_us < :until
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
ORDER BY orphaned_at_us, n
LIMIT coalesce(:limit, -1);
