-- What a connection is set to, besides, that adds many events one after the other.
-- At most 64 MiB: entries of the indexes by commit and by run lie all over them.
PRAGMA cache_size = -65536;
