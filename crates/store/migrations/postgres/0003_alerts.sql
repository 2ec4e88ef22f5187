-- What is told about an alert beyond the first version: where it happened, how broad it is, and what to do.
ALTER TABLE alerts ADD COLUMN host TEXT COLLATE "C";
ALTER TABLE alerts ADD COLUMN clients BIGINT NOT NULL DEFAULT 1;
ALTER TABLE alerts ADD COLUMN targets BIGINT NOT NULL DEFAULT 1;
ALTER TABLE alerts ADD COLUMN advice TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN note TEXT COLLATE "C";
CREATE INDEX alerts_touched ON alerts (touched) WHERE active = 1;

-- How far threats were taken into alerts, moved in the transaction that writes those. What came before this table was
-- alerted by the version that kept no position.
CREATE TABLE alert_position (
    id BIGINT PRIMARY KEY,
    threat_id BIGINT NOT NULL
);
INSERT INTO alert_position (id, threat_id) SELECT 1, last FROM sequences WHERE name = 'threats';

-- What the alert engine remembers of each group of threats, as JSON.
CREATE TABLE alert_groups (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    state TEXT COLLATE "C" NOT NULL,
    touched BIGINT NOT NULL
);

-- What raises no alert for a while.
CREATE TABLE silences (
    id BIGINT PRIMARY KEY,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT,
    reason TEXT COLLATE "C",
    source TEXT COLLATE "C",
    class TEXT COLLATE "C",
    ip TEXT COLLATE "C",
    host TEXT COLLATE "C",
    key TEXT COLLATE "C",
    hits BIGINT NOT NULL,
    last_hit BIGINT
);
INSERT INTO sequences (name, last) VALUES ('silences', 0);

-- What is sent to people outside. One channel tells of one cause once per window, whatever happens to the process.
CREATE TABLE deliveries (
    id BIGINT PRIMARY KEY,
    channel TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    slot BIGINT NOT NULL,
    alert_id BIGINT,
    occasion TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    sent_at BIGINT,
    last_error TEXT COLLATE "C",
    UNIQUE (channel, cause, slot)
);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_created ON deliveries (created_at);
INSERT INTO sequences (name, last) VALUES ('deliveries', 0);
