-- title: Covering deployments
-- used by: deploystats show
-- For a deployment that stepped aside: the one it stepped aside for, then the one that one stepped
-- aside for, and so on. The last one decides what became of all of them.
--
-- param deployment text: id of the deployment that stepped aside
-- column step       integer: 1 for the one it named, 2 for the one that one named, …
-- column id         text: the covering deployment
-- column number     integer: its ticket
-- column state      text: outcome, or waiting, or running; NULL when the ledger does not have it
-- column reason     text: why it ended so
-- column exit_code  integer: of its command
-- column signal     integer: that ended its command
-- column ended_at_us time: when it ended

WITH RECURSIVE chain AS (
    SELECT 1 AS step, covered_by AS id, covered_by_number AS number
    FROM deployment
    WHERE id = :deployment AND outcome = 'superseded' AND covered_by IS NOT NULL
    UNION
    SELECT step + 1, covered_by, covered_by_number
    FROM chain JOIN deployment USING (id)
    -- Numbers grow along a chain, so that one that leads back to itself ends.
    WHERE outcome = 'superseded' AND covered_by IS NOT NULL
      AND covered_by_number > chain.number
)
SELECT step, chain.id, chain.number,
       iif(d.n IS NULL, NULL,
           coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running'))) AS state,
       reason, exit_code, signal, ended_at_us
FROM chain
LEFT JOIN deployment AS d ON d.id = chain.id
ORDER BY step;
