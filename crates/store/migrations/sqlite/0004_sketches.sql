-- What cannot be summed in numbers, per hour and day. Kinds: 1 clients (see distinct.rs); the most frequent
-- 2 addresses, 3 paths, 4 user agents (see heavy.rs).
CREATE TABLE rollup_sketches (
    width INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    sketch BLOB NOT NULL,
    PRIMARY KEY (width, bucket, kind)
) STRICT;
