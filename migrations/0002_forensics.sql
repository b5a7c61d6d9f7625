-- What the questions people ask after an incident (reports/) need, so that they are answered at
-- once on a large ledger, too.

-- Who had a lock at a time, who had it before, who got it next.
CREATE INDEX deployment_by_acquired ON deployment (lock, acquired_at_us)
    WHERE acquired_at_us IS NOT NULL;

-- From the first of a deployment's times to the last; NULL while it is in flight.
ALTER TABLE deployment ADD COLUMN span_us INTEGER GENERATED ALWAYS AS (
    max(ended_at_us, queue_left_at_us)
    - min(coalesce(requested_at_us, queue_left_at_us), coalesce(acquired_at_us, queue_left_at_us))
) VIRTUAL;

-- The few that took longer than an hour. Of all others that were under way at a time, both ends lie
-- within the hour around it, where deployment_by_ended and deployment_by_queue_left find them.
CREATE INDEX deployment_long ON deployment (ended_at_us) WHERE span_us > 3600000000;

-- What did not go well, by how it ended; the many successes cost nothing here.
CREATE INDEX deployment_by_outcome ON deployment (outcome, ended_at_us)
    WHERE outcome <> 'succeeded';

-- All attempts to deploy a commit, by its beginning.
CREATE INDEX deployment_by_sha ON deployment (sha) WHERE sha IS NOT NULL;

-- What a person asked for, and what was asked for as a user. A row is begun without a person and
-- gets one in the next statement; with the condition that touches one page and not two.
CREATE INDEX deployment_by_actor ON deployment (actor, user, requested_at_us)
    WHERE actor IS NOT NULL;

-- Locks that a person freed, with a deployment or without one, and the few requests in which who
-- logged in is not who acts.
CREATE INDEX event_of_people ON event (kind, at_us)
    WHERE kind = 'forced_unlock' OR record ->> '$.login' <> actor;
