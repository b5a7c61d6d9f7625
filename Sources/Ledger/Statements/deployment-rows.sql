-- All deployments, in order of arrival.
SELECT n,
    id, number, lock, host, boot, pid, pid_start, pid_ns, user, actor, claimed_actor, source,
    tier, sha, ref, run_url, batch_key, ahead, requested_at_us, requested_seq,
    is_imported, run_event, workflow, committed_at_us,
    acquired_at_us, queue_left_at_us, ended_at_us, wait_us, held_us, exit_code, signal, outcome,
    reason, inferred, overran, wrapper_lost_at_us, covered_by, covered_by_number, last_seq,
    command_us, health_us, rollback_us, frozen_us, ended_with, health, rollback, overrode, log_file,
    cover_outcome, is_first_request, delivered_at_us, delivered_by
FROM deployment
ORDER BY n
