-- What became of the commits: delivered when, and by which deployment.
-- Never edit this file once it has been released; add the next number instead.
--
-- cover_outcome: of a deployment that stepped aside, the outcome of the one at the end of the chain
-- of those that each stepped aside for the next; NULL while that is in flight or unknown here.
-- is_first_request: 1 when nobody asked for its commit under its lock before. Of those:
-- delivered_at_us: when the first deployment succeeded that delivered the commit: one of the commit,
-- or the end of the chain of one that stepped aside; delivered_by: the place of that one, NULL when
-- it is this one.
-- is_request: 1 for one that names a commit and a lock, and is no run of CI: a request for a commit.
-- Derived, like the rest of the table; Sources/Ledger/Deployments says how.
ALTER TABLE deployment ADD COLUMN cover_outcome TEXT;
ALTER TABLE deployment ADD COLUMN is_first_request INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deployment ADD COLUMN delivered_at_us INTEGER;
ALTER TABLE deployment ADD COLUMN delivered_by INTEGER;
ALTER TABLE deployment ADD COLUMN is_request INTEGER GENERATED ALWAYS AS (
    sha IS NOT NULL AND lock IS NOT NULL AND requested_at_us IS NOT NULL
        AND is_imported = 0
) VIRTUAL;
-- All attempts to deploy a commit, by its beginning; under one lock the first request first.
DROP INDEX deployment_by_sha;
CREATE INDEX deployment_by_commit ON deployment (sha, lock, requested_at_us)
    WHERE sha IS NOT NULL;
-- Commits that were delivered in a window.
CREATE INDEX deployment_by_delivery ON deployment (delivered_at_us)
    WHERE delivered_at_us IS NOT NULL;
-- Successes of a commit that was asked for before: the few that may be returns to it.
CREATE INDEX deployment_again ON deployment (ended_at_us)
    WHERE outcome = 'succeeded' AND sha IS NOT NULL AND is_first_request = 0;

UPDATE deployment SET cover_outcome = (
    WITH RECURSIVE chain (id) AS (
        VALUES (deployment.id)
        UNION
        SELECT d.covered_by FROM chain JOIN deployment AS d USING (id)
        WHERE d.outcome = 'superseded' AND d.covered_by IS NOT NULL
    ), known AS (
        SELECT d.outcome, d.covered_by, d.n FROM chain LEFT JOIN deployment AS d USING (id)
    )
    -- The end is the one that did not step aside; without one they stepped aside in a circle.
    SELECT CASE
               WHEN EXISTS (SELECT 1 FROM known WHERE outcome IS NULL) THEN NULL
               ELSE coalesce((SELECT outcome FROM known WHERE outcome <> 'superseded'), 'superseded')
           END
)
WHERE outcome = 'superseded';

-- Places and times of all requests for a commit, and when each one was delivered itself.
CREATE TEMPORARY TABLE request AS
SELECT d.n, d.sha, d.lock, d.requested_at_us,
       CASE
           WHEN d.outcome = 'succeeded' THEN d.n
           WHEN d.cover_outcome = 'succeeded' THEN (
               WITH RECURSIVE chain (id) AS (
                   VALUES (d.id)
                   UNION
                   SELECT c.covered_by FROM chain JOIN deployment AS c USING (id)
                   WHERE c.outcome = 'superseded' AND c.covered_by IS NOT NULL
               )
               SELECT c.n FROM chain JOIN deployment AS c USING (id)
               WHERE c.outcome = 'succeeded')
       END AS success
FROM deployment AS d
WHERE d.is_request;

UPDATE deployment SET is_first_request = 1
WHERE n IN (
    SELECT n FROM (
        SELECT n, row_number() OVER (
            PARTITION BY sha, lock ORDER BY requested_at_us, n) AS place
        FROM request)
    WHERE place = 1);

UPDATE deployment SET
    delivered_at_us = success.ended_at_us,
    delivered_by = nullif(success.n, deployment.n)
FROM (
    SELECT request.sha, request.lock, d.n, d.ended_at_us,
           row_number() OVER (
               PARTITION BY request.sha, request.lock ORDER BY d.ended_at_us, d.n) AS place
    FROM request JOIN deployment AS d ON d.n = request.success
    WHERE d.ended_at_us IS NOT NULL
) AS success
WHERE success.place = 1 AND deployment.is_first_request = 1
  AND deployment.sha = success.sha AND deployment.lock = success.lock;

DROP TABLE request;

-- Their lines say more now.
DELETE FROM deployment_block;
