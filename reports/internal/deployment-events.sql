-- title: One deployment, event by event
-- used by: deploystats show
-- Every event of a deployment with what it ran, where, and what else its record says.
--
-- param deployment text: id of the deployment
-- column seq       integer: place in the ledger
-- column record    json: the event as it was recorded
-- column detail    json: command, directory and message
-- column hash      hash: of the event, chained to all before it

SELECT e.seq, e.record, (SELECT detail FROM event_detail WHERE seq = e.seq) AS detail,
       lower(hex(e.hash)) AS hash
FROM event AS e
WHERE e.deployment = :deployment
ORDER BY e.seq;
