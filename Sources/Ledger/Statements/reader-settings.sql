-- What every connection that only reads a ledger is set to.
PRAGMA query_only = ON;
PRAGMA cell_size_check = ON;
PRAGMA mmap_size = 0;
PRAGMA temp_store = MEMORY;
-- At most 64 MiB, so that several queries about the same pages read them once.
PRAGMA cache_size = -65536;
