-- Texts that many rows share; rows hold their ids. Kinds: 1 method, 2 host, 3 address, 4 path, 5 user agent, 6 model,
-- 7 log source, 8 request. `seen` is the id of a traffic row that came not long before the last one that used the
-- text, so that texts which only expired rows used can go. Methods are 1 first: index traffic_method knows GET by it.
CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    ip_key BLOB,
    seen INTEGER NOT NULL
) STRICT;
INSERT INTO names (id, kind, name, seen) VALUES (1, 1, 'GET', 9223372036854775807);
CREATE UNIQUE INDEX names_name ON names (kind, name);
CREATE INDEX names_ip_key ON names (ip_key) WHERE ip_key IS NOT NULL;

-- One pass per column and no sorting, so that memory does not grow with the table.
INSERT OR IGNORE INTO names (kind, name, seen) SELECT 1, method, id FROM traffic;
INSERT OR IGNORE INTO names (kind, name, seen) SELECT 2, host, id FROM traffic WHERE host IS NOT NULL;
INSERT OR IGNORE INTO names (kind, name, ip_key, seen) SELECT 3, ip, ip_key, id FROM traffic;
INSERT OR IGNORE INTO names (kind, name, seen) SELECT 4, path, id FROM traffic;
INSERT OR IGNORE INTO names (kind, name, seen) SELECT 5, user_agent, id FROM traffic WHERE user_agent IS NOT NULL;
INSERT OR IGNORE INTO names (kind, name, seen) SELECT 6, model, id FROM traffic WHERE model IS NOT NULL;
INSERT OR IGNORE INTO names (kind, name, seen) SELECT 7, log_source, id FROM traffic WHERE log_source IS NOT NULL;
-- Whatever the old rows used is in use until the newest of them is gone.
UPDATE names SET seen = (SELECT last FROM sequences WHERE sequences.name = 'traffic') WHERE id > 1;
INSERT INTO sequences (name, last) SELECT 'names', MAX(id) FROM names;

-- Every judged request. Codes of action, class, severity, decided_by and via stand in sql/codes.rs. The endpoint is
-- the path followed by `query`. `request` holds the rest of the request where it is worth no name.
ALTER TABLE traffic RENAME TO traffic_wide;
CREATE TABLE traffic (
    id INTEGER PRIMARY KEY,
    ts INTEGER NOT NULL,
    received INTEGER NOT NULL,
    ip_id INTEGER NOT NULL,
    host_id INTEGER,
    method_id INTEGER NOT NULL,
    path_id INTEGER NOT NULL,
    query TEXT,
    status INTEGER NOT NULL,
    bytes INTEGER,
    latency_ms REAL,
    user_agent_id INTEGER,
    action INTEGER NOT NULL,
    enforced INTEGER NOT NULL,
    class INTEGER,
    severity INTEGER,
    score REAL,
    model_id INTEGER,
    decided_by INTEGER NOT NULL,
    via INTEGER NOT NULL,
    log_source_id INTEGER,
    threat_id INTEGER,
    activity_id INTEGER,
    request_id INTEGER,
    request TEXT
) STRICT;
INSERT INTO traffic (id, ts, received, ip_id, host_id, method_id, path_id, query, status, bytes, latency_ms,
    user_agent_id, action, enforced, class, severity, score, model_id, decided_by, via, log_source_id, threat_id,
    activity_id, request)
SELECT id, ts, received,
    (SELECT n.id FROM names n WHERE n.kind = 3 AND n.name = w.ip),
    (SELECT n.id FROM names n WHERE n.kind = 2 AND n.name = w.host),
    (SELECT n.id FROM names n WHERE n.kind = 1 AND n.name = w.method),
    (SELECT n.id FROM names n WHERE n.kind = 4 AND n.name = w.path),
    NULLIF(substr(endpoint, length(path) + 1), ''), status, bytes, latency_ms,
    (SELECT n.id FROM names n WHERE n.kind = 5 AND n.name = w.user_agent),
    CASE action WHEN 'flag' THEN 1 WHEN 'block' THEN 2 ELSE 0 END, enforced,
    CASE class WHEN 'sql_injection' THEN 0 WHEN 'xss' THEN 1 WHEN 'ddos' THEN 2 WHEN 'path_traversal' THEN 3
        WHEN 'file_inclusion' THEN 4 WHEN 'command_injection' THEN 5 WHEN 'code_injection' THEN 6
        WHEN 'template_injection' THEN 7 WHEN 'expression_injection' THEN 8 WHEN 'deserialization' THEN 9
        WHEN 'ssrf' THEN 10 WHEN 'xxe' THEN 11 WHEN 'nosql' THEN 12 WHEN 'ldap_xpath' THEN 13
        WHEN 'header_injection' THEN 14 WHEN 'brute_force' THEN 15 WHEN 'scanner' THEN 16 WHEN 'policy' THEN 17
        WHEN 'anomaly' THEN 18 END,
    CASE severity WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 WHEN 'critical' THEN 3 END, score,
    (SELECT n.id FROM names n WHERE n.kind = 6 AND n.name = w.model),
    CASE decided_by WHEN 'behaviour' THEN 1 WHEN 'rule' THEN 2 WHEN 'list' THEN 3 WHEN 'exception' THEN 4
        WHEN 'failure' THEN 5 ELSE 0 END,
    CASE via WHEN 'proxy' THEN 1 WHEN 'forward_auth' THEN 2 WHEN 'check' THEN 3 ELSE 0 END,
    (SELECT n.id FROM names n WHERE n.kind = 7 AND n.name = w.log_source), threat_id, activity_id, request
FROM traffic_wide w ORDER BY id;
DROP TABLE traffic_wide;
CREATE UNIQUE INDEX traffic_ts ON traffic (ts);
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
