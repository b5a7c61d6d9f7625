-- title: Covered deployments
-- used by: deploystats show
-- Those that stepped aside for a deployment, directly or for one that then stepped aside for it.
--
-- param deployment text: id of the deployment they stepped aside for
-- column id     text: the covered deployment
-- column number integer: its ticket
-- column sha    text: its commit
-- column actor  text: the person who asked for it

WITH RECURSIVE covered AS (
    SELECT n, id FROM deployment WHERE covered_by = :deployment AND outcome = 'superseded'
    UNION
    SELECT d.n, d.id
    FROM covered JOIN deployment AS d ON d.covered_by = covered.id
    WHERE d.outcome = 'superseded'
)
SELECT id, number, sha, shown_actor AS actor
FROM deployment
WHERE n IN (SELECT n FROM covered)
ORDER BY requested_at_us, number;
