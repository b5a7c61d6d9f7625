-- What is known of deployments that were made elsewhere and imported.
-- Never edit this file once it has been released; add the next number instead.
--
-- is_imported: 1 for one that an event `imported` tells of; before, its source was always 'import',
-- whatever the event said. run_event: what set off the CI run, such as push. workflow: the CI's name
-- of what ran.
ALTER TABLE deployment ADD COLUMN is_imported INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deployment ADD COLUMN run_event TEXT;
ALTER TABLE deployment ADD COLUMN workflow TEXT;

DROP INDEX deployment_imported;

UPDATE deployment SET is_imported = 1 WHERE source = 'import';

UPDATE deployment SET
    source = coalesce(told.source, 'import'), run_event = told.run_event, workflow = told.workflow
FROM (
    SELECT deployment, max(seq), kind, record ->> '$.source' AS source,
           record ->> '$.event' AS run_event, record ->> '$.workflow' AS workflow
    FROM event
    WHERE kind IN ('requested', 'imported')
      AND deployment IN (SELECT id FROM deployment WHERE is_imported = 1)
    GROUP BY deployment
) AS told
WHERE told.deployment = deployment.id AND told.kind = 'imported'
  AND (told.source IS NOT 'import' OR told.run_event IS NOT NULL OR told.workflow IS NOT NULL);

-- Runs that ended in a window.
CREATE INDEX deployment_imported ON deployment (ended_at_us, outcome) WHERE is_imported = 1;
