-- Details that belong to no event.
SELECT seq FROM event_detail WHERE seq NOT IN (SELECT seq FROM event)
