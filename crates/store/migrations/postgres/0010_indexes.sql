-- With the minute of the event in it, the index says in one step when a host was last asked for, whatever other hosts were asked
-- for since. Hosts are few, so each minute of one holds many rows, and their list takes little more room than before.
DROP INDEX traffic_host;
CREATE INDEX traffic_host ON traffic (host_id, (ts / 60000000)) WHERE host_id IS NOT NULL;

-- A hash index keeps equal values in one chain of pages, which each further one walks: a flood on one path took longer and longer
-- to write. Paths may be longer than an entry of a B-tree, so their beginnings are in it.
DROP INDEX threats_path;
CREATE INDEX threats_path ON threats (left(path, 64), ts);

-- A threat has some two hundred runs of three characters. At a quarter of a megabyte the list of those that are not sorted in yet
-- is emptied every fifty threats, which took a third of the time that a flood is written in; a megabyte costs a search a
-- millisecond.
ALTER INDEX IF EXISTS threats_words SET (gin_pending_list_limit = 1024);

-- Rows come in the order of their ids and nearly in that of their instants: in an index of these no room need be left for what
-- comes between. An index that is divided among days takes no such setting itself.
CREATE FUNCTION fill_ordered_indexes(part regclass) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    ordered regclass;
BEGIN
    FOR ordered IN
        SELECT indexrelid FROM pg_index
        JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
        JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
        WHERE indrelid = part AND amname = 'btree' AND attname IN ('id', 'ts')
    LOOP
        EXECUTE format('ALTER INDEX %s SET (fillfactor = 100)', ordered);
    END LOOP;
END $$;

SELECT fill_ordered_indexes(inhrelid::regclass) FROM pg_inherits WHERE inhparent = 'traffic'::regclass;

-- As before, and with the line about these indexes.
CREATE OR REPLACE FUNCTION make_traffic_day(wanted BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    part TEXT := 'traffic_' || to_char(to_timestamp(wanted * 86400) AT TIME ZONE 'UTC', 'YYYYMMDD');
    width CONSTANT BIGINT := 86400000000;
BEGIN
    IF EXISTS (SELECT 1 FROM traffic_days WHERE day = wanted) THEN
        RETURN wanted;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE traffic INCLUDING ALL)', part);
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (ts)', part || '_ts', part);
    PERFORM shorten_pending_lists(part::regclass);
    PERFORM fill_ordered_indexes(part::regclass);
    EXECUTE format('ALTER TABLE traffic ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
        part, wanted * width, (wanted + 1) * width);
    INSERT INTO traffic_days (day) VALUES (wanted);
    RETURN wanted;
END $$;
