-- title: Lead time of commits
-- From the time a commit was made to the first success that delivered it, for the commits delivered in
-- the window. The time of a commit is what a deployment of it or an imported CI run says; without one
-- there is no lead time.
--
-- param since time?: first moment; NULL: from the beginning
-- param until time?: first moment afterwards; NULL: up to now
-- param lock  text?: path of a lock; NULL for all
-- column sha          text: the commit
-- column lock         text: path of the lock
-- column committed_us time: when it was made; NULL: nobody says so
-- column delivered_us time: when it was delivered
-- column length_us    duration: from the one to the other

WITH delivered AS (
    SELECT sha, lock, delivered_at_us,
           coalesce(committed_at_us,
                    (SELECT min(x.committed_at_us) FROM deployment AS x
                     WHERE x.sha = d.sha AND x.committed_at_us IS NOT NULL))
               AS committed_us
    FROM deployment AS d
    WHERE is_first_request = 1 AND delivered_at_us >= coalesce(:since, 0)
      AND delivered_at_us < coalesce(:until, 9223372036854775807)
      AND (:lock IS NULL OR lock = :lock)
)
SELECT sha, lock, committed_us, delivered_at_us AS delivered_us,
       max(0, delivered_at_us - committed_us) AS length_us
FROM delivered
ORDER BY delivered_at_us, sha;
