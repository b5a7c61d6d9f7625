-- title: Later in the same batch
-- used by: deploystats show
-- The first deployment of the same batch that asked later than a given one and succeeded.
--
-- param deployment text: id of the deployment
-- column id          text: the later deployment
-- column number      integer: its ticket
-- column sha         text: its commit
-- column ended_at_us time: when it succeeded

SELECT later.id, later.number, later.sha, later.ended_at_us
FROM deployment AS given
JOIN deployment AS later
  ON later.lock = given.lock AND later.batch_key = given.batch_key
 AND later.number > given.number AND later.outcome = 'succeeded'
WHERE given.id = :deployment
ORDER BY later.number
LIMIT 1;
