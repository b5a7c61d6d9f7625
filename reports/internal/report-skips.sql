-- title: Deployments that were not carried out on purpose, and their commits
-- used by: deploystats report
-- Skipped, superseded or refused in the window, oldest first, and what became of the commit: the
-- first success under the same lock that asked later and deployed either the same commit or another
-- one of the same branch, which usually contains it. Looked for in the 28 days that follow.
-- Imported CI runs that had no lock are not part of it.
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
-- column at_us        time: when it was left out
-- column outcome      text: skipped, superseded or refused
-- column reason       text: why
-- column tier         text: kind of deployment
-- column source       text: where it came from
-- column person       text: who asked
-- column sha          text: commit
-- column ref          text: branch or tag
-- column later_number integer: the success that followed
-- column later_at_us  time: when that ended
-- column later_sha    text: the commit it deployed
-- column run_url      text: address of its CI run

WITH left_out AS MATERIALIZED (
    SELECT *
    FROM deployment
    WHERE ended_at_us >= :since AND ended_at_us < :until
      AND outcome IN ('skipped', 'superseded', 'refused') AND outcome <> 'succeeded'
      AND is_ci_run = 0
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
    ORDER BY ended_at_us, n
    LIMIT coalesce(:limit, -1)
), followed AS MATERIALIZED (
    SELECT left_out.*,
           (SELECT later.n FROM deployment AS later
            -- Without a commit and without a branch there is nothing to look for.
            WHERE coalesce(left_out.sha, left_out.ref) IS NOT NULL
              AND later.ended_at_us >= left_out.ended_at_us
              AND later.ended_at_us < left_out.ended_at_us + 28 * 86400000000
              AND later.outcome = 'succeeded' AND +later.lock IS left_out.lock
              AND later.requested_at_us >= left_out.requested_at_us
              AND (later.sha = left_out.sha OR later.ref = left_out.ref)
            ORDER BY later.ended_at_us LIMIT 1) AS later_n
    FROM left_out
)
SELECT s.number, s.id, s.lock, s.ended_at_us AS at_us, s.outcome, s.reason, s.tier, s.source,
       coalesce(s.shown_actor, s.user) AS person, s.sha, s.ref,
       later.number AS later_number, later.ended_at_us AS later_at_us, later.sha AS later_sha,
       s.run_url
FROM followed AS s LEFT JOIN deployment AS later ON later.n = s.later_n
ORDER BY s.ended_at_us, s.n;
