-- The ledger: append-only events and what is derived from them.
-- Never edit this file once it has been released; add the next number instead.

-- Who this ledger is. The hash chain starts from `id`, so events of one ledger cannot pass for
-- another's.
CREATE TABLE ledger (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    id            BLOB    NOT NULL CHECK (length(id) = 32),
    created_at_us INTEGER NOT NULL
) STRICT;

-- One immutable fact a row. `record` is the JSON line as it was hashed, spooled and exported;
-- hash = SHA-256(hash of the event before ‖ record), for the first event over ledger.id.
-- Everything else is read out of `record`. All columns are VIRTUAL: stored copies were measured to
-- cost half of the append rate.
CREATE TABLE event (
    seq        INTEGER PRIMARY KEY,
    record     TEXT    NOT NULL CHECK (json_valid(record)),
    hash       BLOB    NOT NULL CHECK (length(hash) = 32),
    id         TEXT    NOT NULL GENERATED ALWAYS AS (record ->> '$.id') VIRTUAL,
    at_us      INTEGER NOT NULL GENERATED ALWAYS AS (record ->> '$.at_us') VIRTUAL,
    kind       TEXT    NOT NULL GENERATED ALWAYS AS (record ->> '$.kind') VIRTUAL,
    deployment TEXT    GENERATED ALWAYS AS (record ->> '$.deployment') VIRTUAL,
    number     INTEGER GENERATED ALWAYS AS (record ->> '$.number') VIRTUAL,
    lock       TEXT    GENERATED ALWAYS AS (record ->> '$.lock') VIRTUAL,
    host       TEXT    GENERATED ALWAYS AS (record ->> '$.host') VIRTUAL,
    user       TEXT    GENERATED ALWAYS AS (record ->> '$.user') VIRTUAL,
    actor      TEXT    GENERATED ALWAYS AS (record ->> '$.actor') VIRTUAL,
    pid        INTEGER GENERATED ALWAYS AS (record ->> '$.pid') VIRTUAL,
    wait_us    INTEGER GENERATED ALWAYS AS (record ->> '$.wait_us') VIRTUAL,
    held_us    INTEGER GENERATED ALWAYS AS (record ->> '$.held_us') VIRTUAL,
    exit_code  INTEGER GENERATED ALWAYS AS (record ->> '$.exit_code') VIRTUAL,
    signal     INTEGER GENERATED ALWAYS AS (record ->> '$.signal') VIRTUAL,
    outcome    TEXT    GENERATED ALWAYS AS (record ->> '$.outcome') VIRTUAL,
    reason     TEXT    GENERATED ALWAYS AS (record ->> '$.reason') VIRTUAL
) STRICT;

-- Appending is idempotent by the event's id. Ids are UUIDv7, so the index grows at its end.
CREATE UNIQUE INDEX event_by_id ON event (id);

-- All events of one deployment, and whether one of a kind is among them.
CREATE INDEX event_by_deployment ON event (deployment, kind) WHERE deployment IS NOT NULL;

-- Events since a time. A clock may have been set back or forward, so the order of the ledger cannot
-- stand in for the order of time.
CREATE INDEX event_by_time ON event (at_us);

-- What may turn out to be secret (arguments, directory, message) is kept out of the hashed record:
-- the record carries detail_hash = SHA-256(salt ‖ detail) as hexadecimal text.
CREATE TABLE event_detail (
    seq    INTEGER PRIMARY KEY REFERENCES event (seq),
    salt   BLOB    NOT NULL CHECK (length(salt) = 16),
    detail TEXT    NOT NULL CHECK (json_valid(detail))
) STRICT;

-- One row per deployment, in order of arrival. Derived: a replay of the events gives the same rows,
-- and `deploystats verify` checks that. Only the trigger below writes it.
CREATE TABLE deployment (
    n                INTEGER PRIMARY KEY,
    id               TEXT    NOT NULL UNIQUE,
    number           INTEGER,
    lock             TEXT,
    host             TEXT,
    boot             TEXT,
    pid              INTEGER,
    pid_start        INTEGER,
    user             TEXT,
    actor            TEXT,
    source           TEXT,
    tier             TEXT,
    sha              TEXT,
    ref              TEXT,
    run_url          TEXT,
    ahead            INTEGER, -- deployments running or waiting before this one when it asked
    requested_at_us  INTEGER,
    acquired_at_us   INTEGER,
    queue_left_at_us INTEGER, -- acquired, timed out, cancelled, …: the end of the wait
    ended_at_us      INTEGER, -- of an orphan: its last proof of life
    wait_us          INTEGER,
    held_us          INTEGER,
    exit_code        INTEGER,
    signal           INTEGER,
    outcome          TEXT,    -- NULL: in flight
    reason           TEXT,
    inferred         INTEGER NOT NULL DEFAULT 0, -- 1: somebody else concluded the outcome
    requested_seq    INTEGER, -- the event that carries the command
    last_seq         INTEGER NOT NULL
) STRICT;

-- The number of a deployment is what people type.
CREATE INDEX deployment_by_number ON deployment (lock, number);
-- Metrics count a deployment where the measured interval ends. The columns behind the time are all
-- that the metrics read when nothing is filtered, so that they need not look into the table.
CREATE INDEX deployment_by_queue_left ON deployment
    (queue_left_at_us, requested_at_us, acquired_at_us, outcome, wait_us, ahead, lock)
    WHERE queue_left_at_us IS NOT NULL;
CREATE INDEX deployment_by_ended ON deployment
    (ended_at_us, requested_at_us, acquired_at_us, outcome, tier, held_us)
    WHERE ended_at_us IS NOT NULL;
-- The sweep and the state of the queue look only at these few.
CREATE INDEX deployment_in_flight ON deployment (n) WHERE outcome IS NULL;

CREATE TRIGGER event_only_at_the_end BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
BEGIN
    SELECT raise(ABORT, 'events are appended in order, one after the other');
END;

-- A REPLACE whose id is taken would delete the older event without asking event_never_deleted,
-- unless the connection sets recursive_triggers.
CREATE TRIGGER event_only_once BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.record ->> '$.id')
BEGIN
    SELECT raise(ABORT, 'an event is appended once');
END;

CREATE TRIGGER event_never_updated BEFORE UPDATE ON event
BEGIN
    SELECT raise(ABORT, 'events are never changed');
END;

-- Fires for REPLACE too, because every writer sets recursive_triggers; event_only_at_the_end and
-- event_only_once stop a REPLACE from a connection that does not.
CREATE TRIGGER event_never_deleted BEFORE DELETE ON event
BEGIN
    SELECT raise(ABORT, 'events are never deleted');
END;

CREATE TRIGGER event_detail_never_updated BEFORE UPDATE ON event_detail
BEGIN
    SELECT raise(ABORT, 'details of events are never changed');
END;

CREATE TRIGGER event_detail_never_deleted BEFORE DELETE ON event_detail
BEGIN
    SELECT raise(ABORT, 'details of events are never deleted');
END;

CREATE TRIGGER event_detail_only_with_its_event BEFORE INSERT ON event_detail
WHEN EXISTS (SELECT 1 FROM event_detail WHERE seq = NEW.seq)
  OR NEW.seq IS NOT (SELECT max(seq) FROM event)
BEGIN
    SELECT raise(ABORT, 'a detail is written together with its event');
END;

CREATE TRIGGER ledger_never_updated BEFORE UPDATE ON ledger
BEGIN
    SELECT raise(ABORT, 'the identity of a ledger never changes');
END;

CREATE TRIGGER ledger_never_deleted BEFORE DELETE ON ledger
BEGIN
    SELECT raise(ABORT, 'the identity of a ledger never changes');
END;

CREATE TRIGGER ledger_only_once BEFORE INSERT ON ledger
WHEN EXISTS (SELECT 1 FROM ledger)
BEGIN
    SELECT raise(ABORT, 'the identity of a ledger never changes');
END;

-- The projection. The first final event decides the outcome, with one exception: an outcome that a
-- sweep inferred (its event carries last_alive_us) yields to the word of the deployment itself,
-- which may reach the ledger later from a spool.
CREATE TRIGGER deployment_follows_events AFTER INSERT ON event
WHEN NEW.deployment IS NOT NULL AND NEW.kind IS NOT 'nested'
BEGIN
    INSERT INTO deployment (id, number, lock, host, last_seq)
    VALUES (NEW.deployment, NEW.number, NEW.lock, NEW.host, NEW.seq)
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

    -- A forced unlock decides the outcome before anything ends. What is told of the end afterwards,
    -- by the wrapper that saw it or by the tool that saw to it, is no second outcome.
    UPDATE deployment SET
        exit_code   = coalesce(NEW.exit_code, exit_code),
        signal      = coalesce(NEW.signal, signal),
        held_us     = max(coalesce(held_us, 0), NEW.held_us),
        ended_at_us = max(ended_at_us, NEW.at_us)
    WHERE id = NEW.deployment AND NEW.outcome IS NULL AND NEW.held_us IS NOT NULL
      AND outcome = 'force_unlocked';
END;
