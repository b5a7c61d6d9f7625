-- title: A commit on its way to production
-- Every attempt to deploy a commit, oldest first, and when it first got there.
--
-- param sha  text: the commit or its beginning
-- param lock text?: path of a lock; NULL for all
-- column number          integer: ticket
-- column lock            text: path of the lock
-- column outcome         text: how it ended, or waiting, or running
-- column reached         text: first: with this it reached production; again: it was there before; NULL: not with this
-- column requested_at_us time: when it asked
-- column acquired_at_us  time: when it got the lock
-- column ended_at_us     time: when it ended
-- column wait_us         duration: how long it waited
-- column held_us         duration: how long it had the lock
-- column since_first_us  duration: from the first request for this commit to the end of this one
-- column exit_code       integer: of its command
-- column signal          integer: that ended its command
-- column reason          text: why it ended so
-- column actor           text: the person
-- column source          text: where it came from
-- column tier            text: kind of deployment
-- column sha             text: the whole commit
-- column ref             text: branch or tag
-- column run_url         text: address of the CI run

WITH attempt AS (
    SELECT d.*, min(d.requested_at_us) OVER (PARTITION BY d.lock, d.sha) AS first_us,
           row_number() OVER (
               PARTITION BY d.lock, d.sha, d.outcome ORDER BY d.ended_at_us, d.n) AS nth
    FROM deployment AS d
    WHERE d.sha >= :sha AND d.sha < :sha || char(0x10ffff) AND (:lock IS NULL OR d.lock = :lock)
)
SELECT number, lock,
       coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running')) AS outcome,
       iif(outcome = 'succeeded', iif(nth = 1, 'first', 'again'), NULL) AS reached,
       requested_at_us, acquired_at_us, ended_at_us, wait_us, held_us,
       ended_at_us - first_us AS since_first_us, exit_code, signal, reason, shown_actor AS actor, source, tier,
       sha, ref, run_url
FROM attempt
ORDER BY requested_at_us, n;
