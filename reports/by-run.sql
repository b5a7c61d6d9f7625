-- title: Which deployment a CI run was
-- The deployments that name the address of a CI run, and the run itself when it was imported, oldest
-- first. The end of an address is enough, such as runs/506; what follows the run in the address of a
-- browser, such as a job of it, does no harm.
--
-- param url text: address of the CI run, or its end
-- column number          integer: ticket; NULL: an imported run
-- column lock            text: path of the lock
-- column what            text: deployment, or CI run: it was imported
-- column outcome         text: how it ended, or waiting, or running
-- column requested_at_us time: when it asked
-- column acquired_at_us  time: when it got the lock
-- column ended_at_us     time: when it ended
-- column wait_us         duration: how long it waited
-- column held_us         duration: how long it had the lock
-- column exit_code       integer: of its command
-- column signal          integer: that ended its command
-- column reason          text: why it ended so
-- column actor           text: the person
-- column source          text: where it came from
-- column tier            text: kind of deployment
-- column sha             text: commit
-- column ref             text: branch or tag
-- column run_url         text: address of the CI run as it was recorded
-- column id              text: the deployment
-- column command         words: command with arguments

WITH RECURSIVE given AS MATERIALIZED (
    SELECT :url LIKE '%://%' AS is_whole,
           rtrim(iif(:url LIKE '%://%', :url, '/' || ltrim(:url, '/.…')), '/') AS url
), cut AS MATERIALIZED (
    -- Where the number of the run begins: behind '/runs/', or before the digits at the end.
    SELECT is_whole, url,
           iif(instr(url, '/runs/') > 0, substr(url, 1, instr(url, '/runs/') + 5),
               rtrim(url, '0123456789')) AS place
    FROM given
), every_address (url) AS (
    -- One look into the index for each place that runs are numbered in, such as a repository.
    SELECT min(run_url) FROM deployment WHERE run_url >= '' AND NOT (SELECT is_whole FROM cut)
    UNION ALL
    SELECT (SELECT min(run_url) FROM deployment
            WHERE run_url > CASE
                WHEN instr(url, '/runs/') > 0 THEN
                    substr(url, 1, instr(url, '/runs/') + 5) || ':'
                WHEN rtrim(rtrim(url, '/'), '0123456789') < rtrim(url, '/') THEN
                    rtrim(rtrim(url, '/'), '0123456789') || ':'
                ELSE url
            END)
    FROM every_address
    WHERE url IS NOT NULL
), every_place AS (
    SELECT DISTINCT
           iif(instr(url, '/runs/') > 0, substr(url, 1, instr(url, '/runs/') + 5),
               rtrim(rtrim(url, '/'), '0123456789')) AS place
    FROM every_address
    WHERE url IS NOT NULL
), address AS MATERIALIZED (
    SELECT url FROM cut WHERE is_whole
    UNION ALL
    SELECT every_place.place || substr(cut.url, length(cut.place) + 1)
    FROM cut CROSS JOIN every_place
    WHERE NOT is_whole AND cut.url > cut.place
      AND substr(every_place.place, -length(cut.place)) = cut.place
), shorter (url) AS (
    -- The address of a browser goes on behind the run.
    SELECT substr(url, 1, instr(url || '?', '?') - 1)
    FROM (SELECT substr(url, 1, instr(url || '#', '#') - 1) AS url FROM address)
    UNION
    SELECT rtrim(rtrim(url, replace(url, '/', '')), '/')
    FROM shorter
    WHERE url LIKE '%/%'
), found AS (
    SELECT d.n
    FROM address CROSS JOIN deployment AS d
        ON d.run_url >= address.url AND d.run_url < address.url || '~'
           AND substr(d.run_url, length(address.url) + 1, 1) NOT BETWEEN '0' AND '9'
    UNION
    SELECT d.n
    FROM shorter CROSS JOIN deployment AS d ON d.run_url = shorter.url
    WHERE length(shorter.url) > (SELECT instr(url, '://') FROM cut) + 2
)
SELECT number, lock,
       iif(is_ci_run, 'CI run', 'deployment') AS what,
       coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running')) AS outcome,
       requested_at_us, acquired_at_us, ended_at_us, wait_us, held_us, exit_code, signal, reason,
       shown_actor AS actor, source, tier, sha, ref, run_url, id,
       (SELECT detail -> '$.command' FROM event_detail WHERE seq = requested_seq) AS command
FROM found CROSS JOIN deployment AS d ON d.n = found.n
ORDER BY requested_at_us, d.n;
