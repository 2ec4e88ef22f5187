-- The same tables as for SQLite. Whole numbers are BIGINT, so that one decoder reads both. Text is compared byte by byte
-- (COLLATE "C"), as in SQLite: prefixes are ranges of an index, and case is ignored for ASCII letters only.

-- Ids are given out here, inside the transaction that uses them, so that a deleted row's id never comes back.
CREATE TABLE sequences (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO sequences (name, last) VALUES ('traffic', 0), ('threats', 0), ('activities', 0), ('alerts', 0);

-- Texts that many rows share; rows hold their ids. Kinds: 1 method, 2 host, 3 address, 4 path, 5 user agent, 6 model,
-- 7 log source, 8 request. `seen` is the id of a traffic row that came not long before the last one that used the
-- text, so that texts which only expired rows used can go. Methods are 1 first: index traffic_method knows GET by it.
-- A text may be longer than an entry of a B-tree (2,704 bytes), so hashes of it are what is indexed.
CREATE TABLE names (
    id BIGINT PRIMARY KEY,
    kind BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    ip_key BYTEA,
    seen BIGINT NOT NULL
);
CREATE FUNCTION hash_of_name(name TEXT) RETURNS BYTEA IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
    RETURN sha256(convert_to(name, 'UTF8'));
CREATE UNIQUE INDEX names_name ON names (kind, hash_of_name(name));
CREATE INDEX names_text ON names USING hash (name);
CREATE INDEX names_ip_key ON names (ip_key) WHERE ip_key IS NOT NULL;
INSERT INTO names (id, kind, name, seen) VALUES (1, 1, 'GET', 9223372036854775807);
INSERT INTO sequences (name, last) VALUES ('names', 1);

-- Every judged request. Codes of action, class, severity, decided_by and via stand in sql/codes.rs. The endpoint is
-- the path followed by `query`. `request` holds the rest of the request where it is worth no name. `ts` is the event
-- time in µs and never ahead of `received`, so retention, which counts from the later of both, needs `received` alone.
-- Rows lie in one partition per UTC day of arrival, because retention drops whole days.
CREATE TABLE traffic (
    id BIGINT NOT NULL,
    ts BIGINT NOT NULL,
    received BIGINT NOT NULL,
    ip_id BIGINT NOT NULL,
    host_id BIGINT,
    method_id BIGINT NOT NULL,
    path_id BIGINT NOT NULL,
    query TEXT COLLATE "C",
    status BIGINT NOT NULL,
    bytes BIGINT,
    latency_ms DOUBLE PRECISION,
    user_agent_id BIGINT,
    action BIGINT NOT NULL,
    enforced BIGINT NOT NULL,
    class BIGINT,
    severity BIGINT,
    score DOUBLE PRECISION,
    model_id BIGINT,
    decided_by BIGINT NOT NULL,
    via BIGINT NOT NULL,
    log_source_id BIGINT,
    threat_id BIGINT,
    activity_id BIGINT,
    request_id BIGINT,
    request TEXT COLLATE "C"
) PARTITION BY RANGE (received);
CREATE INDEX traffic_id ON traffic (id);
CREATE INDEX traffic_ip ON traffic (ip_id, ts);
CREATE INDEX traffic_path ON traffic (path_id, ts);
CREATE INDEX traffic_host ON traffic (host_id, ts) WHERE host_id IS NOT NULL;
-- Most answers are 200 and most requests GET, and those are found fast by time; leaving them out keeps indexes small.
CREATE INDEX traffic_status ON traffic (status, ts) WHERE status <> 200;
CREATE INDEX traffic_method ON traffic (method_id, ts) WHERE method_id <> 1;
CREATE INDEX traffic_class ON traffic (class, ts) WHERE class IS NOT NULL;
CREATE INDEX traffic_action ON traffic (action, ts) WHERE class IS NOT NULL;
CREATE INDEX traffic_severity ON traffic (severity, ts) WHERE class IS NOT NULL;
CREATE INDEX traffic_enforced ON traffic (ts) WHERE enforced = 1;
CREATE INDEX traffic_activity ON traffic (ts) WHERE activity_id IS NOT NULL;
CREATE INDEX traffic_score ON traffic (ts) WHERE score >= 0.1;

-- The days that have a partition, counted from 1970-01-01 UTC.
CREATE TABLE traffic_days (day BIGINT NOT NULL PRIMARY KEY);

-- Makes the partition of a day where it is missing. It is made beside the table and then attached, because making it in
-- place would wait for every reader. Within a day the index keeps `ts` unique; across days the one writer looks before it
-- writes.
CREATE FUNCTION make_traffic_day(wanted BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    part TEXT := 'traffic_' || to_char(to_timestamp(wanted * 86400) AT TIME ZONE 'UTC', 'YYYYMMDD');
    width CONSTANT BIGINT := 86400000000;
BEGIN
    IF EXISTS (SELECT 1 FROM traffic_days WHERE day = wanted) THEN
        RETURN wanted;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE traffic INCLUDING ALL)', part);
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (ts)', part || '_ts', part);
    EXECUTE format('ALTER TABLE traffic ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
        part, wanted * width, (wanted + 1) * width);
    INSERT INTO traffic_days (day) VALUES (wanted);
    RETURN wanted;
END $$;

-- Drops the oldest day when all of it arrived before the cutoff, and says what was in it; no row when there is none.
CREATE FUNCTION drop_traffic_day(cutoff BIGINT) RETURNS TABLE (dropped BIGINT, activities BIGINT)
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
    -- Waits for readers of the table, and new readers wait for it; rather try again at the next run than hold them up.
    SET LOCAL lock_timeout = '2s';
    EXECUTE format('DROP TABLE %I', part);
    DELETE FROM traffic_days WHERE day = oldest;
    RETURN NEXT;
END $$;

-- Threats hold their own copy of the request, because they are kept longer than traffic.
CREATE TABLE threats (
    id BIGINT PRIMARY KEY,
    traffic_id BIGINT NOT NULL,
    ts BIGINT NOT NULL,
    received BIGINT NOT NULL,
    class TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" NOT NULL,
    ip TEXT COLLATE "C" NOT NULL,
    ip_key BYTEA,
    host TEXT COLLATE "C",
    method TEXT COLLATE "C" NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    user_agent TEXT COLLATE "C",
    via TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    enforced BIGINT NOT NULL,
    score DOUBLE PRECISION,
    model TEXT COLLATE "C",
    decided_by TEXT COLLATE "C" NOT NULL,
    payload TEXT COLLATE "C",
    details TEXT COLLATE "C",
    request TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL
);
CREATE INDEX threats_ts ON threats (ts);
CREATE INDEX threats_received ON threats (received);
CREATE INDEX threats_ip ON threats (ip_key, ts);
CREATE INDEX threats_path ON threats USING hash (path);
CREATE INDEX threats_class ON threats (class, ts);
CREATE INDEX threats_severity ON threats (severity, ts);

-- How far each log source was read, moved in the transaction that keeps its rows.
CREATE TABLE sources (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    checkpoint TEXT COLLATE "C" NOT NULL,
    lines BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    samples TEXT COLLATE "C" NOT NULL,
    last_line_at BIGINT
);

-- Hosts that have figures of their own.
CREATE TABLE hosts (host TEXT COLLATE "C" NOT NULL PRIMARY KEY);

-- Sums per bucket; `width` is the bucket's width in seconds, host '' stands for all hosts together.
CREATE TABLE rollups (
    width BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    requests BIGINT NOT NULL,
    blocked BIGINT NOT NULL,
    flagged BIGINT NOT NULL,
    enforced BIGINT NOT NULL,
    latency_samples BIGINT NOT NULL,
    latency_sum_ms DOUBLE PRECISION NOT NULL,
    received BIGINT NOT NULL,
    PRIMARY KEY (width, bucket, host)
);
CREATE INDEX rollups_received ON rollups (width, received) WHERE host = '';

-- Requests per value of a dimension (status, method, class); only classes are told apart by host.
CREATE TABLE rollup_values (
    dimension TEXT COLLATE "C" NOT NULL,
    width BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    requests BIGINT NOT NULL,
    blocked BIGINT NOT NULL,
    threats BIGINT NOT NULL,
    PRIMARY KEY (dimension, width, bucket, host, value)
);

-- Latency histograms; the bins are those of bartizan_model::LatencyHistogram.
CREATE TABLE rollup_latency (
    width BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    bin BIGINT NOT NULL,
    samples BIGINT NOT NULL,
    PRIMARY KEY (width, bucket, host, bin)
);

-- What cannot be summed in numbers, per hour and day. Kinds: 1 clients (see distinct.rs); the most frequent
-- 2 addresses, 3 paths, 4 user agents (see heavy.rs).
CREATE TABLE rollup_sketches (
    width BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    sketch BYTEA NOT NULL,
    PRIMARY KEY (width, bucket, kind)
);

-- Measurements of the process, summed per minute; connections and uptime are the minute's newest.
CREATE TABLE system_minutes (
    minute BIGINT NOT NULL PRIMARY KEY,
    samples BIGINT NOT NULL,
    cpu DOUBLE PRECISION NOT NULL,
    memory DOUBLE PRECISION NOT NULL,
    judge_p99_ms DOUBLE PRECISION NOT NULL,
    judge_mean_ms DOUBLE PRECISION NOT NULL,
    lag_samples BIGINT NOT NULL,
    lag_s DOUBLE PRECISION NOT NULL,
    connections BIGINT NOT NULL,
    uptime_s BIGINT NOT NULL
);

CREATE TABLE alerts (
    id BIGINT PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    raised_at BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    touched BIGINT NOT NULL,
    count BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    active BIGINT NOT NULL,
    handled_by TEXT COLLATE "C",
    handled_at BIGINT,
    class TEXT COLLATE "C",
    related_ip TEXT COLLATE "C",
    related_endpoint TEXT COLLATE "C",
    related_threat_id BIGINT
);
CREATE INDEX alerts_raised ON alerts (raised_at);
CREATE INDEX alerts_active ON alerts (raised_at) WHERE active = 1;

CREATE TABLE alert_threats (
    alert_id BIGINT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    threat_id BIGINT NOT NULL,
    PRIMARY KEY (alert_id, threat_id)
);
CREATE INDEX alert_threats_threat ON alert_threats (threat_id);

-- One row, written and read back by the health check.
CREATE TABLE probes (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);

-- What operators set while the server runs; each value is JSON that its reader knows.
CREATE TABLE settings (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL
);

-- Results of security checks, a row where one differs from the one before; the newest of each check says how it stands.
CREATE TABLE check_results (
    key TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    message TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (key, at)
);
CREATE INDEX check_results_at ON check_results (at);
