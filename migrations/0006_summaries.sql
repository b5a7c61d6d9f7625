-- Summaries of deployments, so that metrics over years need not look at every row of the table.
--
-- 256 deployments in order of arrival are one `deployment_block`. Once 256 more have arrived, the
-- block gets a copy of all that the metrics want of its deployments, as lines of text that a program
-- reads at the speed of memory. A block with a deployment that changes later is emptied, and filled
-- again at the next occasion. Derived, like `deployment`: `deploystats verify` computes all blocks
-- anew. Only the triggers below write it.
CREATE TABLE deployment_block (
    block   INTEGER PRIMARY KEY, -- deployments with block * 256 < n <= (block + 1) * 256
    from_us INTEGER,             -- nothing of them happened before
    to_us   INTEGER,             -- nothing of them happened after; NULL: not filled
    locks   TEXT,                -- one JSON text a line
    kinds   TEXT,                -- one JSON array a line; see deployment_measures
    lines   TEXT                 -- one deployment a line; see deployment_block_content
) STRICT;

CREATE INDEX deployment_block_by_time ON deployment_block (to_us, from_us);

-- What metrics measure of a deployment, and what they tell deployments apart by.
--
-- kind: tier, outcome, reason of one that was left out, then as 0 or 1 whether it had the lock,
-- went straight through to a free one, and was ended because it ran too long.
CREATE VIEW deployment_measures AS
SELECT n, requested_at_us, queue_left_at_us, ended_at_us, wait_us, held_us,
       min(coalesce(requested_at_us, queue_left_at_us, ended_at_us),
           coalesce(queue_left_at_us, ended_at_us, requested_at_us),
           coalesce(ended_at_us, queue_left_at_us, requested_at_us)) AS first_us,
       max(coalesce(requested_at_us, queue_left_at_us, ended_at_us),
           coalesce(queue_left_at_us, ended_at_us, requested_at_us),
           coalesce(ended_at_us, queue_left_at_us, requested_at_us)) AS last_us,
       json_quote(lock) AS lock,
       json_array(
           tier, outcome, iif(outcome IN ('skipped', 'superseded', 'refused'), reason, NULL),
           acquired_at_us IS NOT NULL,
           (acquired_at_us IS NOT NULL AND ahead = 0 AND wait_us < 10000) IS TRUE,
           outcome IS 'failed' AND EXISTS (
               SELECT 1 FROM event
               WHERE event.deployment = deployment.id AND event.kind = 'overran')) AS kind
FROM deployment;

-- What every block has to hold. A line is: place of the lock and of the kind among those of the
-- block, from 0; when it asked, counted from from_us; how long after that it left the queue; how
-- long after that it ended; how much its measured wait and hold differ from these lengths. All in
-- microseconds. What is unknown is left out, and what follows counts from the last known before.
CREATE VIEW deployment_block_content AS
SELECT block,
       (SELECT min(first_us) FROM deployment_measures
        WHERE n > block * 256 AND n <= (block + 1) * 256) AS from_us,
       (SELECT max(last_us) FROM deployment_measures
        WHERE n > block * 256 AND n <= (block + 1) * 256) AS to_us,
       (SELECT group_concat(lock, char(10))
        FROM (SELECT DISTINCT lock FROM deployment_measures
              WHERE n > block * 256 AND n <= (block + 1) * 256
              ORDER BY lock)) AS locks,
       (SELECT group_concat(kind, char(10))
        FROM (SELECT DISTINCT kind FROM deployment_measures
              WHERE n > block * 256 AND n <= (block + 1) * 256
              ORDER BY kind)) AS kinds,
       (SELECT group_concat(
                   lock_place || ',' || kind_place
                   || ',' || coalesce(requested_at_us - from_us, '')
                   || ',' || coalesce(queue_left_at_us - coalesce(requested_at_us, from_us), '')
                   || ',' || coalesce(
                       ended_at_us - coalesce(queue_left_at_us, requested_at_us, from_us), '')
                   || ',' || coalesce(wait_us - coalesce(queue_left_at_us - requested_at_us, 0), '')
                   || ',' || coalesce(held_us - coalesce(ended_at_us - queue_left_at_us, 0), ''),
                   char(10))
        FROM (SELECT dense_rank() OVER (ORDER BY lock) - 1 AS lock_place,
                     dense_rank() OVER (ORDER BY kind) - 1 AS kind_place,
                     min(first_us) OVER () AS from_us,
                     requested_at_us, queue_left_at_us, ended_at_us, wait_us, held_us
              FROM deployment_measures
              WHERE n > block * 256 AND n <= (block + 1) * 256
              ORDER BY n)) AS lines,
       -- A block must fit into a row, however long the texts are that others gave.
       NOT EXISTS (SELECT 1 FROM deployment
                   WHERE n > block * 256 AND n <= (block + 1) * 256
                     AND length(coalesce(lock, '')) + length(coalesce(tier, ''))
                         + length(coalesce(reason, '')) > 4000) AS fits
FROM deployment_block;

-- The first deployment of a block has the block before the last filled, and a few that are empty
-- again: who appends shall not be held up by more.
CREATE TRIGGER deployment_block_begins AFTER INSERT ON deployment WHEN NEW.n % 256 = 1
BEGIN
    INSERT INTO deployment_block (block) VALUES (NEW.n / 256);
    UPDATE deployment_block
    SET (from_us, to_us, locks, kinds, lines) =
        (SELECT from_us, to_us, locks, kinds, lines FROM deployment_block_content AS content
         WHERE content.block = deployment_block.block AND fits)
    WHERE block IN (SELECT block FROM deployment_block
                    WHERE to_us IS NULL AND block < NEW.n / 256 - 1
                    ORDER BY block DESC LIMIT 4);
END;

CREATE TRIGGER deployment_block_changes AFTER UPDATE ON deployment
WHEN (SELECT to_us FROM deployment_block WHERE block = (NEW.n - 1) / 256) IS NOT NULL
BEGIN
    UPDATE deployment_block
    SET from_us = NULL, to_us = NULL, locks = NULL, kinds = NULL, lines = NULL
    WHERE block = (NEW.n - 1) / 256;
END;

-- The deployments that are there already.
INSERT INTO deployment_block (block) SELECT DISTINCT (n - 1) / 256 FROM deployment;
UPDATE deployment_block
SET (from_us, to_us, locks, kinds, lines) =
    (SELECT from_us, to_us, locks, kinds, lines FROM deployment_block_content AS content
     WHERE content.block = deployment_block.block AND fits)
WHERE block < (SELECT max(block) FROM deployment_block) - 1;
