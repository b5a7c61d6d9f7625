-- Finding the time of a commit without looking at every deployment of it.
-- Never edit this file once it has been released; add the next number instead.
CREATE INDEX deployment_by_commit_time ON deployment (sha, committed_at_us)
    WHERE committed_at_us IS NOT NULL;
