-- The same ledger with less for SQLite to read: every process parses the whole schema when it opens
-- the ledger, and compiles all triggers of `event` before it appends. So what three triggers derived
-- comes from one, two guards are one, and the views are part of the queries in reports/ that asked
-- them. No comments inside of statements: every connection reads them. IF EXISTS, because a ledger
-- that somebody took one of them from goes on, too.

DROP VIEW IF EXISTS run_by_address;
DROP VIEW IF EXISTS run_by_commit;
DROP TRIGGER IF EXISTS deployment_follows_batches;
DROP TRIGGER IF EXISTS deployment_follows_imports;
DROP TRIGGER IF EXISTS deployment_follows_events;

-- The projection.
--
-- `imported` tells all of a run of CI in one event, whatever was known before. A run has no number
-- and no lock, and it never was in the queue, so it has no time at which it left it.
--
-- The first final event decides the outcome, with one exception: an outcome that a sweep inferred
-- (its event carries last_alive_us) yields to the word of the deployment itself, which may reach the
-- ledger later from a spool. What it stepped aside for is kept whatever was decided before.
--
-- A forced unlock decides the outcome before anything ends. What is told of the end afterwards, by
-- the wrapper that saw it or by the tool that saw to it, is no second outcome: the last statement.
--
-- A statement for each kind of event, because each touches other indexes: one that set all columns
-- would be compiled no faster, and would write pages that did not change.
CREATE TRIGGER deployment_follows_events AFTER INSERT ON event
WHEN NEW.deployment IS NOT NULL AND NEW.kind <> 'nested'
BEGIN
    INSERT INTO deployment (id, number, lock, host, last_seq)
    VALUES (
        NEW.deployment, iif(NEW.kind = 'imported', NULL, NEW.number),
        iif(NEW.kind = 'imported', NULL, NEW.lock), NEW.host, NEW.seq)
    ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq;

    UPDATE deployment SET
        boot            = NEW.record ->> '$.boot',
        pid             = NEW.pid,
        pid_start       = NEW.record ->> '$.pid_start',
        user            = NEW.user,
        actor           = NEW.actor,
        source          = NEW.record ->> '$.source',
        tier            = NEW.record ->> '$.tier',
        sha             = NEW.record ->> '$.sha',
        ref             = NEW.record ->> '$.ref',
        run_url         = NEW.record ->> '$.run_url',
        ahead           = NEW.record ->> '$.ahead',
        requested_at_us = NEW.at_us,
        requested_seq   = NEW.seq
    WHERE id = NEW.deployment AND NEW.kind = 'requested';

    UPDATE deployment SET
        user             = NEW.user,
        actor            = NEW.actor,
        source           = 'import',
        tier             = NEW.record ->> '$.tier',
        sha              = NEW.record ->> '$.sha',
        ref              = NEW.record ->> '$.ref',
        run_url          = NEW.record ->> '$.run_url',
        requested_at_us  = NEW.at_us - coalesce(NEW.held_us, 0),
        queue_left_at_us = NULL,
        ended_at_us      = NEW.at_us,
        wait_us          = NULL,
        held_us          = NEW.held_us,
        outcome          = NEW.outcome,
        reason           = NEW.reason,
        inferred         = 0
    WHERE id = NEW.deployment AND NEW.kind = 'imported';

    UPDATE deployment SET
        batch_key         = coalesce(NEW.record ->> '$.batch_key', batch_key),
        covered_by        = coalesce(NEW.record ->> '$.covered_by', covered_by),
        covered_by_number = coalesce(NEW.record ->> '$.covered_by_number', covered_by_number)
    WHERE id = NEW.deployment AND NEW.kind IN ('requested', 'superseded')
      AND coalesce(NEW.record ->> '$.batch_key', NEW.record ->> '$.covered_by') IS NOT NULL;

    UPDATE deployment SET
        acquired_at_us   = NEW.at_us,
        queue_left_at_us = NEW.at_us,
        wait_us          = NEW.wait_us
    WHERE id = NEW.deployment AND NEW.kind = 'acquired';

    UPDATE deployment SET
        outcome          = NEW.outcome,
        reason           = NEW.reason,
        exit_code        = NEW.exit_code,
        signal           = NEW.signal,
        held_us          = NEW.held_us,
        inferred         = NEW.record ->> '$.last_alive_us' IS NOT NULL,
        wait_us          = coalesce(NEW.wait_us, wait_us),
        ended_at_us      = coalesce(NEW.record ->> '$.last_alive_us', NEW.at_us),
        queue_left_at_us = coalesce(
            acquired_at_us, NEW.record ->> '$.last_alive_us', NEW.at_us)
    WHERE id = NEW.deployment AND NEW.outcome IS NOT NULL
      AND (outcome IS NULL
           OR (inferred = 1 AND NEW.record ->> '$.last_alive_us' IS NULL));

    UPDATE deployment SET
        exit_code   = coalesce(NEW.exit_code, exit_code),
        signal      = coalesce(NEW.signal, signal),
        held_us     = max(coalesce(held_us, 0), NEW.held_us),
        ended_at_us = max(ended_at_us, NEW.at_us)
    WHERE id = NEW.deployment AND NEW.outcome IS NULL AND NEW.held_us IS NOT NULL
      AND outcome = 'force_unlocked';
END;

-- Every event of a deployment that is known sets last_seq, so that this is compiled for that one
-- statement of the trigger above and not for all of them.
DROP TRIGGER IF EXISTS deployment_block_outdated;
CREATE TRIGGER deployment_block_outdated AFTER UPDATE OF last_seq ON deployment
BEGIN
    DELETE FROM deployment_block WHERE block = (NEW.n - 1) / 256;
END;

-- A REPLACE whose place or id is taken would delete the older event without asking
-- event_never_deleted, unless the connection sets recursive_triggers.
DROP TRIGGER IF EXISTS event_only_at_the_end;
DROP TRIGGER IF EXISTS event_only_once;
CREATE TRIGGER event_only_at_the_end BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
  OR EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
BEGIN
    SELECT raise(ABORT, 'events are appended once, in order, one after the other');
END;
