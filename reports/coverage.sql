-- title: What the ledger holds
-- used by: deploystats metrics
-- How many events and deployments there are, and since when.
--
-- column events      integer: events
-- column deployments integer: deployments
-- column first_us    time: when the first event happened

SELECT (SELECT coalesce(max(seq), 0) FROM event) AS events,
       (SELECT coalesce(max(n), 0) FROM deployment) AS deployments,
       (SELECT at_us FROM event ORDER BY seq LIMIT 1) AS first_us;
