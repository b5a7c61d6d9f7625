-- When the newest event happened.
SELECT at_us FROM event ORDER BY seq DESC LIMIT 1
