-- title: Deployments
-- used by: deploystats deployments
-- The newest deployments, newest first, by when they asked; with a window those that were under way at
-- some time in it.
-- An imported CI run that a deployment here was part of is not listed beside it.
--
-- param since    time?: first moment of the window
-- param until    time?: first moment after the window
-- param actors   list?: the people who asked; a JSON array of texts, NULL for all
-- param sources  list?: where they asked from, such as ssh
-- param tiers    list?: kinds of deployment, such as docker
-- param outcomes list?: outcomes, or waiting and running
-- param locks    list?: paths of locks
-- param events   list?: what set off their CI runs, such as push
-- param branches list?: branches or tags
-- param shas     list?: beginnings of commits
-- param before   text?: only what comes after this deployment in the list; its id
-- param limit    integer?: how many; NULL for all
-- column number          integer: ticket
-- column id              text: the deployment
-- column lock            text: path of the lock
-- column outcome         text: how it ended, or waiting, or running
-- column requested_at_us time: when it asked
-- column acquired_at_us  time: when it got the lock
-- column ended_at_us     time: when it ended; of an orphan the last sign of life
-- column wrapper_lost_at_us time: when its wrapper was lost while it had the lock
-- column wait_us         duration: how long it waited
-- column held_us         duration: how long it had the lock
-- column exit_code       integer: of its command
-- column signal          integer: that ended its command
-- column reason          text: why it ended so
-- column host            text: the machine
-- column user            text: effective user
-- column actor           text: the person
-- column source          text: where it came from
-- column tier            text: kind of deployment
-- column sha             text: commit
-- column ref             text: branch or tag
-- column run_url         text: address of the CI run
-- column event           text: what set off the CI run
-- column workflow        text: what the CI calls that which ran
-- column batch_key       text: what makes a batch, of which the newest covers the others
-- column covered_by      text: the deployment it stepped aside for
-- column covered_by_number integer: its ticket
-- column command_us      duration: how long its command ran
-- column health_us       duration: how long it was checked
-- column rollback_us     duration: how long its rollback ran
-- column frozen_us       duration: how long it waited only because deployments were frozen
-- column ended_with      integer: the exit code of its wrapper
-- column failure         text: why it had the lock and did not succeed, such as health
-- column health          text: what its check came to: healthy, unhealthy or unchecked
-- column rollback        text: what its rollback came to: done, or how it failed
-- column overrode        integer: 1: it ran in spite of a freeze
-- column log_file        text: where its output was kept
-- column command         words: command with arguments

WITH last AS (
    -- The one that the list goes on behind.
    SELECT n, coalesce(requested_at_us, acquired_at_us, queue_left_at_us, ended_at_us, 0) AS at_us
    FROM deployment WHERE id = :before
), run_by_address (run, deployment) AS NOT MATERIALIZED (
    -- A run with the deployments of the wrapper, or the recorded skip, that it was: those that name
    -- its address and asked while it ran. A minute more on both sides, because clocks differ. An
    -- address may go on behind the run, such as with '/attempts/2', but not with a digit: that is
    -- another run.
    SELECT run.n, own.n
    FROM deployment AS run
    JOIN deployment AS own
      ON own.run_url >= run.run_url AND own.run_url < run.run_url || '~'
     AND substr(own.run_url, length(run.run_url) + 1, 1) NOT BETWEEN '0' AND '9'
    WHERE run.is_imported = 1 AND own.is_imported = 0
      AND own.requested_at_us
          BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000
), run_by_commit (run, deployment) AS NOT MATERIALIZED (
    -- The same for a deployment that names no address: the only one of a run's commit that asked
    -- while the run went on, if it is the only run of that commit then.
    SELECT run.n, own.n
    FROM deployment AS run
    JOIN deployment AS own
      ON own.sha >= substr(run.sha, 1, 7) AND own.sha <= run.sha
     AND substr(run.sha, 1, length(own.sha)) = own.sha
    WHERE run.is_imported = 1 AND own.is_imported = 0 AND own.run_url IS NULL
      AND own.requested_at_us
          BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000
      AND NOT EXISTS (
          SELECT 1 FROM deployment AS other
          WHERE other.sha >= substr(run.sha, 1, 7) AND other.sha <= run.sha
            AND substr(run.sha, 1, length(other.sha)) = other.sha
            AND other.is_imported = 0 AND other.run_url IS NULL AND other.n <> own.n
            AND other.requested_at_us
                BETWEEN run.requested_at_us - 60000000 AND run.ended_at_us + 60000000)
      AND NOT EXISTS (
          SELECT 1 FROM deployment AS other
          WHERE other.sha = run.sha AND other.is_imported = 1 AND other.n <> run.n
            AND own.requested_at_us
                BETWEEN other.requested_at_us - 60000000 AND other.ended_at_us + 60000000)
), matching AS NOT MATERIALIZED (
    SELECT *, coalesce(requested_at_us, acquired_at_us, queue_left_at_us, ended_at_us, 0) AS at_us
    FROM deployment
    WHERE coalesce(requested_at_us, acquired_at_us, queue_left_at_us, ended_at_us, 0)
          -- One bound, whichever is earlier: the index is entered there.
          <= min(coalesce(:until - 1, 9223372036854775807),
                 iif(:before IS NULL, 9223372036854775807, coalesce((SELECT at_us FROM last), -1)))
      AND (:before IS NULL
           OR coalesce(requested_at_us, acquired_at_us, queue_left_at_us, ended_at_us, 0)
              < (SELECT at_us FROM last)
           OR n < (SELECT n FROM last))
      AND (is_imported = 0
           OR NOT EXISTS (SELECT 1 FROM run_by_address WHERE run = deployment.n)
              AND NOT EXISTS (SELECT 1 FROM run_by_commit WHERE run = deployment.n))
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
), under_way AS (
    SELECT n FROM deployment
    WHERE ended_at_us >= :since AND (:until IS NULL OR requested_at_us < :until)
    UNION ALL
    SELECT n FROM deployment WHERE outcome IS NULL
)
SELECT number, id, lock,
       coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running')) AS outcome,
       requested_at_us, acquired_at_us, ended_at_us, wrapper_lost_at_us, wait_us, held_us, exit_code, signal, reason,
       host, user, shown_actor AS actor, source, tier, sha, ref, run_url, run_event AS event,
       workflow, batch_key, covered_by,
       covered_by_number, command_us, health_us, rollback_us, frozen_us, ended_with, failure, health,
       rollback, nullif(overrode, 0) AS overrode, log_file,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command
FROM (
    SELECT * FROM matching WHERE :since IS NULL
    UNION ALL
    SELECT * FROM matching WHERE :since IS NOT NULL AND n IN under_way
    ORDER BY at_us DESC, n DESC
    LIMIT coalesce(:limit, -1)
)
ORDER BY at_us DESC, n DESC;
