-- The ledger: append-only events and what is derived from them.
-- Never edit this file once it has been released; add the next number instead.
--
-- Every process parses the whole schema when it opens the ledger, and compiles all triggers of a
-- table before it writes to it. So there are no comments inside of statements, triggers only guard,
-- and what is derived is written by Sources/Ledger/Deployments.

-- Who this ledger is. The hash chain starts from `id`, so events of one ledger cannot pass for
-- another's.
CREATE TABLE ledger (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    id            BLOB    NOT NULL CHECK (length(id) = 32),
    created_at_us INTEGER NOT NULL
) STRICT;

-- One immutable fact per row. `record` is the JSON line as it was hashed, spooled and exported;
-- hash = SHA-256(hash of the event before ‖ record), for the first event over ledger.id.
-- Everything else is read out of `record`. All columns are VIRTUAL: stored copies were measured to
-- cost half of the append rate. shown_actor is for people: `ann via deploy`.
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
    reason     TEXT    GENERATED ALWAYS AS (record ->> '$.reason') VIRTUAL,
    shown_actor TEXT   GENERATED ALWAYS AS (
        iif(record ->> '$.claimed_actor' <> coalesce(actor, user),
            (record ->> '$.claimed_actor') || ' via ' || coalesce(actor, user), actor)
    ) VIRTUAL
) STRICT;

-- Appending is idempotent by the event's id. Ids are UUIDv7, so the index grows at its end.
CREATE UNIQUE INDEX event_by_id ON event (id);
-- All events of one deployment, and whether one of a kind is among them.
CREATE INDEX event_by_deployment ON event (deployment, kind) WHERE deployment IS NOT NULL;
-- Events since a time. A clock may have been set back or forward, so the order of the ledger cannot
-- stand in for the order of time.
CREATE INDEX event_by_time ON event (at_us);
-- Locks that a person freed, with a deployment or without one, and the few requests in which who
-- logged in is not who acts.
CREATE INDEX event_of_people ON event (kind, at_us)
    WHERE kind = 'forced_unlock' OR record ->> '$.login' <> actor;
-- Where a ledger began anew because the one before was damaged or gone, and how a person settled
-- that: asked by every verification, alert and report.
CREATE INDEX event_by_beginning ON event (kind) WHERE kind = 'continued';

-- What may turn out to be secret (arguments, directory, message) is kept out of the hashed record:
-- the record carries detail_hash = SHA-256(salt ‖ detail) as hexadecimal text.
CREATE TABLE event_detail (
    seq    INTEGER PRIMARY KEY REFERENCES event (seq),
    salt   BLOB    NOT NULL CHECK (length(salt) = 16),
    detail TEXT    NOT NULL CHECK (json_valid(detail))
) STRICT;

-- One row per deployment, in order of arrival. Derived: DeploymentRow.swift says what each event
-- makes of it, a fold of the events gives the same rows, and `deploystats verify` checks that.
--
-- pid_ns: the pid namespace in which pid is the process that answers for the deployment; after
-- `wrapper_lost` that is the keeper. ahead: deployments running or waiting before this one when it
-- asked. requested_seq: the event that carries the command. queue_left_at_us: acquired, timed out,
-- cancelled, …: the end of the wait. ended_at_us: of one that was found dead, its last proof of life.
-- outcome: NULL while in flight. inferred: 1 when somebody else concluded the outcome.
-- wrapper_lost_at_us: when the wrapper was first known to be lost while the deployment had the lock.
-- batch_key: the newest with the same key covers the others. covered_by: what it stepped aside for.
-- span_us: from the first of its times to the last; NULL while it is in flight. orphaned_at_us: when
-- it became an orphan; NULL: it is none. Of one whose keeper died, too, before it could say anything,
-- that is its last proof of life. shown_actor: for people, the person before who it really was, as
-- `ann via deploy`; `Actor.text` says it, too.
CREATE TABLE deployment (
    n                  INTEGER PRIMARY KEY,
    id                 TEXT    NOT NULL UNIQUE,
    number             INTEGER,
    lock               TEXT,
    host               TEXT,
    boot               TEXT,
    pid                INTEGER,
    pid_start          INTEGER,
    pid_ns             INTEGER,
    user               TEXT,
    actor              TEXT,
    claimed_actor      TEXT,
    source             TEXT,
    tier               TEXT,
    sha                TEXT,
    ref                TEXT,
    run_url            TEXT,
    batch_key          TEXT,
    ahead              INTEGER,
    requested_at_us    INTEGER,
    requested_seq      INTEGER,
    acquired_at_us     INTEGER,
    queue_left_at_us   INTEGER,
    ended_at_us        INTEGER,
    wait_us            INTEGER,
    held_us            INTEGER,
    exit_code          INTEGER,
    signal             INTEGER,
    outcome            TEXT,
    reason             TEXT,
    inferred           INTEGER NOT NULL DEFAULT 0,
    wrapper_lost_at_us INTEGER,
    covered_by         TEXT,
    covered_by_number  INTEGER,
    last_seq           INTEGER NOT NULL,
    span_us INTEGER GENERATED ALWAYS AS (
        max(ended_at_us, queue_left_at_us) - min(
            coalesce(requested_at_us, queue_left_at_us), coalesce(acquired_at_us, queue_left_at_us))
    ) VIRTUAL,
    orphaned_at_us INTEGER GENERATED ALWAYS AS (
        coalesce(wrapper_lost_at_us, iif(outcome = 'orphaned', ended_at_us, NULL))
    ) VIRTUAL,
    shown_actor TEXT GENERATED ALWAYS AS (
        iif(claimed_actor <> coalesce(actor, user),
            claimed_actor || ' via ' || coalesce(actor, user), actor)
    ) VIRTUAL
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
-- Who had a lock at a time, who had it before, who got it next.
CREATE INDEX deployment_by_acquired ON deployment (lock, acquired_at_us)
    WHERE acquired_at_us IS NOT NULL;
-- The few that took longer than an hour. Of all others that were under way at a time, both ends lie
-- within the hour around it, where deployment_by_ended and deployment_by_queue_left find them.
CREATE INDEX deployment_long ON deployment (ended_at_us) WHERE span_us > 3600000000;
-- What did not go well, by how it ended; the many successes cost nothing here.
CREATE INDEX deployment_by_outcome ON deployment (outcome, ended_at_us)
    WHERE outcome <> 'succeeded';
-- All attempts to deploy a commit, by its beginning.
CREATE INDEX deployment_by_sha ON deployment (sha) WHERE sha IS NOT NULL;
-- What a person asked for, and what was asked for as a user.
CREATE INDEX deployment_by_actor ON deployment (actor, user, requested_at_us)
    WHERE actor IS NOT NULL;
-- What was done in somebody's name.
CREATE INDEX deployment_by_claim ON deployment (claimed_actor, requested_at_us)
    WHERE claimed_actor IS NOT NULL;
-- What a deployment covered.
CREATE INDEX deployment_by_covered ON deployment (covered_by) WHERE covered_by IS NOT NULL;
-- What came later in the same batch.
CREATE INDEX deployment_by_batch ON deployment (lock, batch_key, number)
    WHERE batch_key IS NOT NULL;
-- Joining a run of CI with the deployment of the wrapper that was part of it.
CREATE INDEX deployment_by_run ON deployment (run_url) WHERE run_url IS NOT NULL;
-- Runs that ended in a window.
CREATE INDEX deployment_imported ON deployment (ended_at_us, outcome) WHERE source = 'import';
-- Orphans whose keeper told of them; deployment_by_outcome finds the rest.
CREATE INDEX deployment_by_loss ON deployment (wrapper_lost_at_us)
    WHERE wrapper_lost_at_us IS NOT NULL;

-- Summaries of deployments, so that metrics over years need not look at every row of the table.
--
-- 256 deployments in order of arrival are a block. Some time after they have all arrived, whoever
-- appends writes down all that the metrics require of them, as lines of text that a program reads at
-- the speed of memory; Sources/Ledger/Statements/block-content.sql says what is in them. A block
-- with a deployment that changes later is thrown away, and written anew at the next occasion.
-- Derived, like `deployment`: a block that is missing is computed when it is read, and
-- `deploystats verify` computes all of them anew.
--
-- block: of the deployments with block * 256 < n <= (block + 1) * 256; from_us, to_us: nothing of
-- them happened before or after.
CREATE TABLE deployment_block (
    block   INTEGER PRIMARY KEY,
    from_us INTEGER NOT NULL,
    to_us   INTEGER NOT NULL,
    locks   TEXT NOT NULL,
    kinds   TEXT NOT NULL,
    lines   TEXT NOT NULL
) STRICT;

CREATE INDEX deployment_block_by_time ON deployment_block (to_us, from_us);

-- A REPLACE whose place or id is taken would delete the older event without asking
-- event_never_deleted, unless the connection sets recursive_triggers.
CREATE TRIGGER event_only_at_the_end BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
  OR EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
BEGIN
    SELECT raise(ABORT, 'events are appended once, in order, one after the other');
END;

CREATE TRIGGER event_never_updated BEFORE UPDATE ON event
BEGIN
    SELECT raise(ABORT, 'events are never changed');
END;

-- Fires for REPLACE too, because every writer sets recursive_triggers; event_only_at_the_end stops a
-- REPLACE from a connection that does not.
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
