-- What the two connections of a verification are set to, besides: it reads everything once, but for
-- indexes whose entries lie all over them. At most 24 MiB each.
PRAGMA cache_size = -24576;
