-- Threats are few, so each filter may have an index.
CREATE INDEX threats_status ON threats (status, ts);
CREATE INDEX threats_method ON threats (method, ts);
CREATE INDEX threats_host ON threats (host, ts);
CREATE INDEX threats_action ON threats (action, ts);
CREATE INDEX threats_enforced ON threats (ts) WHERE enforced = 1;
CREATE INDEX threats_score ON threats (score, ts);
