-- Where a ledger began anew because the one before was damaged or gone, and how a person settled
-- that: asked by every verification, alert and report.
-- Never edit this file once it has been released; add the next number instead.
CREATE INDEX event_by_beginning ON event (kind) WHERE kind = 'continued';
