-- title: What the ledger holds
-- used by: deploystats metrics
-- How many events and deployments there are, and since when.
--
-- column events      integer: events
-- column deployments integer: deployments
-- column first_us    time: about when the first deployment asked

-- Events may come late, from another ledger or a spool: then the first one of the ledger is not the
-- first one there was. Runs of CI that were imported alone tell nothing of the lock.
SELECT (SELECT coalesce(max(seq), 0) FROM event) AS events,
       (SELECT coalesce(max(n), 0) FROM deployment) AS deployments,
       (SELECT min(at_us)
        FROM (SELECT at_us FROM (SELECT at_us FROM event ORDER BY seq LIMIT 1)
              UNION ALL
              SELECT requested_at_us
              FROM (SELECT requested_at_us
                    FROM deployment
                    WHERE queue_left_at_us IS NOT NULL
                    ORDER BY queue_left_at_us
                    LIMIT 1))) AS first_us;
