-- What the table says of the commits of deployments, those of the same commit and lock together:
-- n, commit, lock, when a request for it asked, when it succeeded, the id of one that stepped aside,
-- and the columns of the delivery.
SELECT n, sha, lock, iif(is_imported, NULL, requested_at_us),
       iif(outcome = 'succeeded', ended_at_us, NULL),
       iif(outcome = 'superseded', id, NULL),
       is_first_request, delivered_at_us, delivered_by
FROM deployment
WHERE sha IS NOT NULL AND lock IS NOT NULL
ORDER BY sha, lock
