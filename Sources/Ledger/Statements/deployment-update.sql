-- What has become of a deployment, by its place.
UPDATE deployment SET
    acquired_at_us = ?2,
    queue_left_at_us = ?3,
    ended_at_us = ?4,
    wait_us = ?5,
    held_us = ?6,
    exit_code = ?7,
    signal = ?8,
    outcome = ?9,
    reason = ?10,
    inferred = ?11,
    overran = ?12,
    wrapper_lost_at_us = ?13,
    covered_by = ?14,
    covered_by_number = ?15,
    last_seq = ?16,
    cover_outcome = ?17,
    is_first_request = ?18,
    delivered_at_us = ?19,
    delivered_by = ?20
WHERE n = ?1
