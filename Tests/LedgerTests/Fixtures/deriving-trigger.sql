-- How the table of deployments was derived before DeploymentRow: the oracle of the fold.
CREATE TRIGGER deployment_follows_events AFTER INSERT ON event
WHEN NEW.deployment IS NOT NULL AND NEW.kind <> 'nested'
BEGIN
    INSERT INTO deployment (id, number, lock, host, last_seq)
    VALUES (
        NEW.deployment, iif(NEW.kind = 'imported', NULL, NEW.number),
        iif(NEW.kind = 'imported', NULL, NEW.lock), NEW.host, NEW.seq)
    ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq;

    UPDATE deployment SET
        boot      = NEW.record ->> '$.boot',
        pid       = NEW.pid,
        pid_start = NEW.record ->> '$.pid_start',
        pid_ns    = NEW.record ->> '$.pid_ns'
    WHERE id = NEW.deployment
      AND (NEW.kind = 'wrapper_lost'
           OR NEW.kind = 'requested' AND (wrapper_lost_at_us IS NULL OR pid IS NULL));

    UPDATE deployment SET
        user            = NEW.user,
        actor           = NEW.actor,
        claimed_actor   = NEW.record ->> '$.claimed_actor',
        source          = NEW.record ->> '$.source',
        tier            = NEW.record ->> '$.tier',
        sha             = NEW.record ->> '$.sha',
        ref             = NEW.record ->> '$.ref',
        run_url         = NEW.record ->> '$.run_url',
        ahead           = NEW.record ->> '$.ahead',
        requested_at_us = NEW.at_us,
        requested_seq   = NEW.seq,
        is_imported     = 0,
        run_event       = NEW.record ->> '$.event',
        workflow        = NEW.record ->> '$.workflow',
        committed_at_us = NEW.record ->> '$.committed_at_us'
    WHERE id = NEW.deployment AND NEW.kind = 'requested';

    UPDATE deployment SET overran = 1 WHERE id = NEW.deployment AND NEW.kind = 'overran';

    UPDATE deployment SET
        user             = NEW.user,
        actor            = NEW.actor,
        source           = coalesce(NEW.record ->> '$.source', 'import'),
        is_imported      = 1,
        run_event        = NEW.record ->> '$.event',
        workflow         = NEW.record ->> '$.workflow',
        committed_at_us  = NEW.record ->> '$.committed_at_us',
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
        command_us = coalesce(
            max(command_us, NEW.record ->> '$.command_us'), command_us, NEW.record ->> '$.command_us'),
        health_us = coalesce(
            max(health_us, NEW.record ->> '$.health_us'), health_us, NEW.record ->> '$.health_us'),
        rollback_us = coalesce(
            max(rollback_us, NEW.record ->> '$.rollback_us'), rollback_us, NEW.record ->> '$.rollback_us'),
        frozen_us = coalesce(
            max(frozen_us, NEW.record ->> '$.frozen_us'), frozen_us, NEW.record ->> '$.frozen_us'),
        ended_with = coalesce(
            max(ended_with, NEW.record ->> '$.ended_with'), ended_with, NEW.record ->> '$.ended_with')
    WHERE id = NEW.deployment
      AND NEW.kind IN ('acquired', 'released', 'timed_out', 'refused', 'cancelled', 'superseded',
                       'rolled_back');

    UPDATE deployment SET health = NEW.record ->> '$.health'
    WHERE id = NEW.deployment
      AND NEW.kind IN ('acquired', 'released', 'timed_out', 'refused', 'cancelled', 'superseded',
                       'rolled_back')
      AND NEW.record ->> '$.health' IN ('healthy', 'unchecked', 'unhealthy')
      AND coalesce(health < NEW.record ->> '$.health', 1);

    UPDATE deployment SET
        rollback = coalesce(NEW.record ->> '$.rollback', NEW.record ->> '$.result')
    WHERE id = NEW.deployment
      AND NEW.kind IN ('acquired', 'released', 'timed_out', 'refused', 'cancelled', 'superseded',
                       'rolled_back')
      AND (NEW.kind = 'rolled_back' OR NEW.record ->> '$.rollback' IS NOT NULL)
      AND coalesce(NEW.record ->> '$.rollback', NEW.record ->> '$.result')
          IN ('done', 'failed', 'interrupted', 'not_run', 'timed_out')
      AND coalesce(
          rollback < coalesce(NEW.record ->> '$.rollback', NEW.record ->> '$.result'), 1);

    UPDATE deployment SET
        overrode = overrode OR coalesce(json_array_length(NEW.record, '$.overrode'), 0) > 0,
        log_file = coalesce(max(log_file, NEW.record ->> '$.log_file'),
                            log_file, NEW.record ->> '$.log_file')
    WHERE id = NEW.deployment
      AND NEW.kind IN ('acquired', 'released', 'timed_out', 'refused', 'cancelled', 'superseded',
                       'rolled_back');

    UPDATE deployment SET
        wrapper_lost_at_us = min(coalesce(wrapper_lost_at_us, NEW.at_us), NEW.at_us)
    WHERE id = NEW.deployment
      AND (NEW.kind = 'wrapper_lost'
           OR NEW.kind = 'forced_unlock' AND NEW.outcome = 'force_unlocked'
              AND NEW.record ->> '$.victim' IN ('running_orphan', 'dead_orphan'));

    UPDATE deployment SET
        exit_code   = coalesce(NEW.exit_code, exit_code),
        signal      = coalesce(NEW.signal, signal),
        held_us     = max(coalesce(held_us, 0), NEW.held_us),
        ended_at_us = max(ended_at_us, NEW.at_us)
    WHERE id = NEW.deployment AND NEW.outcome IS NULL AND NEW.held_us IS NOT NULL
      AND outcome = 'force_unlocked';
END;
