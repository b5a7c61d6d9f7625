-- The newest deployments, by when they asked, in whatever order they arrived.
-- Never edit this file once it has been released; add the next number instead.

-- Where nobody knows when it asked, the first time that is known. Only a query with the same words
-- uses the index.
CREATE INDEX deployment_newest ON deployment
    (coalesce(requested_at_us, acquired_at_us, queue_left_at_us, ended_at_us, 0));
