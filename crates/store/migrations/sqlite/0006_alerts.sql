-- What is told about an alert beyond the first version: where it happened, how broad it is, and what to do.
ALTER TABLE alerts ADD COLUMN host TEXT;
ALTER TABLE alerts ADD COLUMN clients INTEGER NOT NULL DEFAULT 1;
ALTER TABLE alerts ADD COLUMN targets INTEGER NOT NULL DEFAULT 1;
ALTER TABLE alerts ADD COLUMN advice TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN note TEXT;
CREATE INDEX alerts_touched ON alerts (touched) WHERE active = 1;

-- How far threats were taken into alerts, moved in the transaction that writes those. What came before this table was
-- alerted by the version that kept no position.
CREATE TABLE alert_position (
    id INTEGER PRIMARY KEY,
    threat_id INTEGER NOT NULL
) STRICT;
INSERT INTO alert_position (id, threat_id) SELECT 1, last FROM sequences WHERE name = 'threats';

-- What the alert engine remembers of each group of threats, as JSON.
CREATE TABLE alert_groups (
    key TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    touched INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What raises no alert for a while.
CREATE TABLE silences (
    id INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER,
    reason TEXT,
    source TEXT,
    class TEXT,
    ip TEXT,
    host TEXT,
    key TEXT,
    hits INTEGER NOT NULL,
    last_hit INTEGER
) STRICT;
INSERT INTO sequences (name, last) VALUES ('silences', 0);

-- What is sent to people outside. One channel tells of one cause once per window, whatever happens to the process.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    cause TEXT NOT NULL,
    slot INTEGER NOT NULL,
    alert_id INTEGER,
    occasion TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    sent_at INTEGER,
    last_error TEXT,
    UNIQUE (channel, cause, slot)
) STRICT;
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_created ON deliveries (created_at);
INSERT INTO sequences (name, last) VALUES ('deliveries', 0);
