-- title: What a filter asks for in vain
-- used by: deploystats metrics
-- The values that no deployment in the ledger has, with those that most have.
--
-- param kind   text: actor, source, tier, outcome, lock, event, branch or sha
-- param wanted list: what the filter asks for; a JSON array of texts
-- column value text: one that no deployment has
-- column known json: a JSON array of those that most deployments have, at most eight

WITH wanted AS (
    SELECT value FROM json_each(:wanted)
), missing AS (
    SELECT wanted.value
    FROM wanted
    WHERE NOT EXISTS (
        SELECT 1 FROM deployment AS d
        WHERE CASE :kind
            WHEN 'actor' THEN
                wanted.value IN (coalesce(d.actor, d.user), d.claimed_actor, d.shown_actor)
            WHEN 'source' THEN d.source = wanted.value
            WHEN 'tier' THEN d.tier = wanted.value
            WHEN 'outcome' THEN
                coalesce(d.outcome, iif(d.acquired_at_us IS NULL, 'waiting', 'running'))
                = wanted.value
            WHEN 'lock' THEN d.lock = wanted.value
            WHEN 'event' THEN d.run_event = wanted.value
            WHEN 'branch' THEN d.ref IN (wanted.value, 'refs/heads/' || wanted.value)
            ELSE substr(d.sha, 1, length(wanted.value)) = wanted.value
        END)
), known AS MATERIALIZED (
    SELECT json_group_array(value) AS texts
    FROM (SELECT CASE :kind
                     WHEN 'actor' THEN coalesce(shown_actor, user)
                     WHEN 'source' THEN source
                     WHEN 'tier' THEN tier
                     WHEN 'outcome' THEN
                         coalesce(outcome, iif(acquired_at_us IS NULL, 'waiting', 'running'))
                     WHEN 'lock' THEN lock
                     WHEN 'event' THEN run_event
                     WHEN 'branch' THEN ref
                 END AS value
          FROM deployment
          WHERE EXISTS (SELECT 1 FROM missing) AND value IS NOT NULL
          GROUP BY 1
          ORDER BY count(*) DESC, 1
          LIMIT 8)
)
SELECT value, texts AS known FROM missing CROSS JOIN known;
