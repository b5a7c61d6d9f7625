-- Where a ledger began anew, and how that was settled.
SELECT seq, record FROM event WHERE kind = 'continued' ORDER BY seq
