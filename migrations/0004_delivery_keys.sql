-- When commits were made, and what a deployment that delivers a commit again may say.
-- Never edit this file once it has been released; add the next number instead.
--
-- committed_at_us: when the commit was made, as the deployment or the CI says.
ALTER TABLE deployment ADD COLUMN committed_at_us INTEGER;

UPDATE deployment SET committed_at_us = told.committed_at_us
FROM (
    SELECT deployment, record ->> '$.committed_at_us' AS committed_at_us
    FROM event
    WHERE kind IN ('requested', 'imported') AND record ->> '$.committed_at_us' IS NOT NULL
) AS told
WHERE told.deployment = deployment.id;

-- Successes of a commit that was asked for before: the few that may be returns to it.
CREATE INDEX deployment_again ON deployment (ended_at_us)
    WHERE outcome = 'succeeded' AND sha IS NOT NULL AND is_first_request = 0;
