-- Summaries of deployments, so that metrics over years need not look at every row of the table.
--
-- 256 deployments in order of arrival are a block. Some time after they have all arrived, whoever
-- appends writes down all that the metrics want of them, as lines of text that a program reads at
-- the speed of memory; Sources/Ledger/Statements/block-content.sql says what is in them. A block
-- with a deployment that changes later is thrown away, and written anew at the next occasion.
-- Derived, like `deployment`: a block that is missing is computed when it is read, and
-- `deploystats verify` computes all of them anew.
--
-- block: of the deployments with block * 256 < n <= (block + 1) * 256; from_us, to_us: nothing of
-- them happened before or after. No comments inside: every connection reads them.
CREATE TABLE deployment_block (
    block   INTEGER PRIMARY KEY,
    from_us INTEGER NOT NULL,
    to_us   INTEGER NOT NULL,
    locks   TEXT NOT NULL,
    kinds   TEXT NOT NULL,
    lines   TEXT NOT NULL
) STRICT;

CREATE INDEX deployment_block_by_time ON deployment_block (to_us, from_us);

CREATE TRIGGER deployment_block_outdated AFTER UPDATE ON deployment
BEGIN
    DELETE FROM deployment_block WHERE block = (NEW.n - 1) / 256;
END;
