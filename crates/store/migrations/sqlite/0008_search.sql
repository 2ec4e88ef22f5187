-- Words are found by their runs of three characters: each table lists the rows whose text holds a run, not the text. A
-- row that has all runs of a word need not hold the word, so the text itself is looked at afterwards. Triggers keep the
-- lists, so that no way of writing or deleting can forget them. Kinds of names: 2 host, 3 address, 4 path, 5 user agent.
CREATE VIRTUAL TABLE names_words USING fts5 (
    name, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram'
);
INSERT INTO names_words (rowid, name) SELECT id, name FROM names WHERE kind IN (2, 3, 4, 5) ORDER BY id;
CREATE TRIGGER names_words_insert AFTER INSERT ON names WHEN new.kind IN (2, 3, 4, 5) BEGIN
    INSERT INTO names_words (rowid, name) VALUES (new.id, new.name);
END;
CREATE TRIGGER names_words_delete AFTER DELETE ON names WHEN old.kind IN (2, 3, 4, 5) BEGIN
    DELETE FROM names_words WHERE rowid = old.id;
END;

CREATE VIRTUAL TABLE traffic_words USING fts5 (
    query, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram'
);
INSERT INTO traffic_words (rowid, query) SELECT id, query FROM traffic WHERE query IS NOT NULL ORDER BY id;
CREATE TRIGGER traffic_words_insert AFTER INSERT ON traffic WHEN new.query IS NOT NULL BEGIN
    INSERT INTO traffic_words (rowid, query) VALUES (new.id, new.query);
END;
CREATE TRIGGER traffic_words_delete AFTER DELETE ON traffic WHEN old.query IS NOT NULL BEGIN
    DELETE FROM traffic_words WHERE rowid = old.id;
END;

CREATE VIRTUAL TABLE threats_words USING fts5 (
    ip, host, endpoint, user_agent, payload, details,
    content = '', contentless_delete = 1, detail = none, tokenize = 'trigram'
);
INSERT INTO threats_words (rowid, ip, host, endpoint, user_agent, payload, details)
    SELECT id, ip, host, endpoint, user_agent, payload, details FROM threats ORDER BY id;
CREATE TRIGGER threats_words_insert AFTER INSERT ON threats BEGIN
    INSERT INTO threats_words (rowid, ip, host, endpoint, user_agent, payload, details)
    VALUES (new.id, new.ip, new.host, new.endpoint, new.user_agent, new.payload, new.details);
END;
CREATE TRIGGER threats_words_delete AFTER DELETE ON threats BEGIN
    DELETE FROM threats_words WHERE rowid = old.id;
END;

-- For user agents that few rows have.
CREATE INDEX traffic_user_agent ON traffic (user_agent_id, ts) WHERE user_agent_id IS NOT NULL;

-- With the score in it, the rows need not be read to drop those below a higher one.
DROP INDEX traffic_score;
CREATE INDEX traffic_score ON traffic (ts, score) WHERE score >= 0.1;

-- Threats are few, so each filter may have an index.
CREATE INDEX threats_status ON threats (status, ts);
CREATE INDEX threats_method ON threats (method, ts);
CREATE INDEX threats_host ON threats (host, ts);
CREATE INDEX threats_action ON threats (action, ts);
CREATE INDEX threats_enforced ON threats (ts) WHERE enforced = 1;
CREATE INDEX threats_score ON threats (score, ts);
