-- Ids are given out here, inside the transaction that uses them, so that a deleted row's id never comes back.
CREATE TABLE sequences (
    name TEXT NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sequences (name, last) VALUES ('traffic', 0), ('threats', 0), ('activities', 0), ('alerts', 0);

-- Every judged request. `ts` is the event time in µs and never ahead of `received`, so retention, which counts from
-- the later of both, needs `received` alone. A row with an `activity_id` is also a line of the feed.
CREATE TABLE traffic (
    id INTEGER PRIMARY KEY,
    ts INTEGER NOT NULL,
    received INTEGER NOT NULL,
    ip TEXT NOT NULL,
    ip_key BLOB,
    host TEXT,
    method TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    bytes INTEGER,
    latency_ms REAL,
    user_agent TEXT,
    action TEXT NOT NULL,
    enforced INTEGER NOT NULL,
    class TEXT,
    severity TEXT,
    score REAL,
    model TEXT,
    decided_by TEXT NOT NULL,
    via TEXT NOT NULL,
    log_source TEXT,
    threat_id INTEGER,
    activity_id INTEGER,
    request TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX traffic_ts ON traffic (ts);
CREATE INDEX traffic_received ON traffic (received);
CREATE INDEX traffic_ip ON traffic (ip_key, ts);
CREATE INDEX traffic_path ON traffic (path, ts);
-- Most answers are 200, and those are found fast by time; leaving them out keeps the index small.
CREATE INDEX traffic_status ON traffic (status, ts) WHERE status <> 200;
CREATE INDEX traffic_class ON traffic (class, ts) WHERE class IS NOT NULL;
CREATE INDEX traffic_action ON traffic (action, ts) WHERE class IS NOT NULL;
CREATE INDEX traffic_severity ON traffic (severity, ts) WHERE class IS NOT NULL;
CREATE INDEX traffic_enforced ON traffic (ts) WHERE enforced = 1;
CREATE INDEX traffic_activity ON traffic (ts) WHERE activity_id IS NOT NULL;

-- Threats hold their own copy of the request, because they are kept longer than traffic.
CREATE TABLE threats (
    id INTEGER PRIMARY KEY,
    traffic_id INTEGER NOT NULL,
    ts INTEGER NOT NULL,
    received INTEGER NOT NULL,
    class TEXT NOT NULL,
    severity TEXT NOT NULL,
    ip TEXT NOT NULL,
    ip_key BLOB,
    host TEXT,
    method TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    user_agent TEXT,
    via TEXT NOT NULL,
    action TEXT NOT NULL,
    enforced INTEGER NOT NULL,
    score REAL,
    model TEXT,
    decided_by TEXT NOT NULL,
    payload TEXT,
    details TEXT,
    request TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX threats_ts ON threats (ts);
CREATE INDEX threats_received ON threats (received);
CREATE INDEX threats_ip ON threats (ip_key, ts);
CREATE INDEX threats_path ON threats (path, ts);
CREATE INDEX threats_class ON threats (class, ts);
CREATE INDEX threats_severity ON threats (severity, ts);

-- How far each log source was read, moved in the transaction that keeps its rows.
CREATE TABLE sources (
    name TEXT NOT NULL PRIMARY KEY,
    checkpoint TEXT NOT NULL,
    lines INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    samples TEXT NOT NULL,
    last_line_at INTEGER
) STRICT, WITHOUT ROWID;

-- Hosts that have figures of their own.
CREATE TABLE hosts (host TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

-- Sums per bucket; `width` is the bucket's width in seconds, host '' stands for all hosts together.
CREATE TABLE rollups (
    width INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    host TEXT NOT NULL,
    requests INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    enforced INTEGER NOT NULL,
    latency_samples INTEGER NOT NULL,
    latency_sum_ms REAL NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (width, bucket, host)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollups_received ON rollups (width, received) WHERE host = '';

-- Requests per value of a dimension (status, method, class); only classes are told apart by host.
CREATE TABLE rollup_values (
    dimension TEXT NOT NULL,
    width INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    host TEXT NOT NULL,
    value TEXT NOT NULL,
    requests INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    threats INTEGER NOT NULL,
    PRIMARY KEY (dimension, width, bucket, host, value)
) STRICT, WITHOUT ROWID;

-- Latency histograms; the bins are those of bartizan_model::LatencyHistogram.
CREATE TABLE rollup_latency (
    width INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    host TEXT NOT NULL,
    bin INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    PRIMARY KEY (width, bucket, host, bin)
) STRICT, WITHOUT ROWID;

-- Addresses seen per hour, from which distinct clients are counted.
CREATE TABLE rollup_clients (
    hour INTEGER NOT NULL,
    ip TEXT NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (hour, ip)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollup_clients_received ON rollup_clients (received);

-- Measurements of the process, summed per minute; connections and uptime are the minute's newest.
CREATE TABLE system_minutes (
    minute INTEGER NOT NULL PRIMARY KEY,
    samples INTEGER NOT NULL,
    cpu REAL NOT NULL,
    memory REAL NOT NULL,
    judge_p99_ms REAL NOT NULL,
    judge_mean_ms REAL NOT NULL,
    lag_samples INTEGER NOT NULL,
    lag_s REAL NOT NULL,
    connections INTEGER NOT NULL,
    uptime_s INTEGER NOT NULL
) STRICT;

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    touched INTEGER NOT NULL,
    count INTEGER NOT NULL,
    source TEXT NOT NULL,
    status TEXT NOT NULL,
    active INTEGER NOT NULL,
    handled_by TEXT,
    handled_at INTEGER,
    class TEXT,
    related_ip TEXT,
    related_endpoint TEXT,
    related_threat_id INTEGER
) STRICT;
CREATE INDEX alerts_raised ON alerts (raised_at);
CREATE INDEX alerts_active ON alerts (raised_at) WHERE active = 1;

CREATE TABLE alert_threats (
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    threat_id INTEGER NOT NULL,
    PRIMARY KEY (alert_id, threat_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_threats_threat ON alert_threats (threat_id);

-- One row, written and read back by the health check.
CREATE TABLE probes (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
