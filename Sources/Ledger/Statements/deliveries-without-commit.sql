-- The deployments that are no request for a commit and yet say when one was delivered.
SELECT n FROM deployment
WHERE (sha IS NULL OR lock IS NULL)
  AND (is_first_request <> 0 OR delivered_at_us IS NOT NULL OR delivered_by IS NOT NULL)
ORDER BY n
