-- What operators set while the server runs; each value is JSON that its reader knows.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Results of security checks, a row where one differs from the one before; the newest of each check says how it stands.
CREATE TABLE check_results (
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (key, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX check_results_at ON check_results (at);
