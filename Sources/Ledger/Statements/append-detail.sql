-- The detail of the event that was just appended.
INSERT INTO event_detail (seq, salt, detail) VALUES (?1, ?2, ?3)
