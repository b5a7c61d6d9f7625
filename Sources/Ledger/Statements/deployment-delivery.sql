-- What became of the commit of a deployment, by its place.
UPDATE deployment SET
    cover_outcome = ?2,
    is_first_request = ?3,
    delivered_at_us = ?4,
    delivered_by = ?5
WHERE n = ?1
