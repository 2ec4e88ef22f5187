-- What an index of runs has not sorted in yet is read from end to end by every search (chapter 70.4.1 of the manual). While
-- thousands of rows a second come, 4 MiB of it, the server's own limit, cost a search several times what the index does.
CREATE FUNCTION shorten_pending_lists(holder regclass) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    words regclass;
BEGIN
    FOR words IN
        SELECT indexrelid FROM pg_index
        JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
        WHERE indrelid = holder AND amname = 'gin' AND relkind = 'i'
    LOOP
        EXECUTE format('ALTER INDEX %s SET (gin_pending_list_limit = 256)', words);
    END LOOP;
END $$;

SELECT shorten_pending_lists('names');
SELECT shorten_pending_lists('threats');
SELECT shorten_pending_lists(inhrelid::regclass) FROM pg_inherits WHERE inhparent = 'traffic'::regclass;

-- As before, and with the line about these lists. An index that is divided among days takes no such setting itself.
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
    EXECUTE format('ALTER TABLE traffic ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
        part, wanted * width, (wanted + 1) * width);
    INSERT INTO traffic_days (day) VALUES (wanted);
    RETURN wanted;
END $$;

-- As before, but new readers, who wait behind a drop that waits for earlier ones, wait a tenth as long; and a day that is read
-- all the time is left for the next run, which is no failure.
CREATE OR REPLACE FUNCTION drop_traffic_day(cutoff BIGINT) RETURNS TABLE (dropped BIGINT, activities BIGINT)
LANGUAGE plpgsql AS $$
DECLARE
    oldest BIGINT;
    part TEXT;
BEGIN
    SELECT MIN(day) INTO oldest FROM traffic_days;
    IF oldest IS NULL OR (oldest + 1) * 86400000000 > cutoff THEN
        RETURN;
    END IF;
    part := 'traffic_' || to_char(to_timestamp(oldest * 86400) AT TIME ZONE 'UTC', 'YYYYMMDD');
    EXECUTE format('SELECT COUNT(*), COUNT(activity_id) FROM %I', part) INTO dropped, activities;
    BEGIN
        SET LOCAL lock_timeout = '200ms';
        EXECUTE format('DROP TABLE %I', part);
    EXCEPTION WHEN lock_not_available THEN
        RETURN;
    END;
    DELETE FROM traffic_days WHERE day = oldest;
    RETURN NEXT;
END $$;

-- Few requests have the highest scores, and among all that were flagged they would be looked for one by one.
CREATE INDEX traffic_scores ON traffic (score) WHERE score >= 0.1;
