INSERT INTO sequences (name, last) VALUES ('users', 0), ('tokens', 0), ('audit', 0);

-- People with an account; the name is kept in lower case.
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    full_name TEXT,
    active INTEGER NOT NULL,
    must_change INTEGER NOT NULL,
    last_login INTEGER,
    created_at INTEGER NOT NULL,
    created_by INTEGER,
    password TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_username ON users (username);

-- Logins of browsers. The key is a hash of what the cookie holds.
CREATE TABLE sessions (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);

-- Credentials of programs; only a hash of each is kept. Without a user it was made on the command line.
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
    from_login INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    active INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
CREATE INDEX tokens_user ON tokens (user_id);

-- What was changed, by whom, from where; entries are only ever added, and the oldest go when there are too many.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id INTEGER,
    username TEXT,
    ip TEXT,
    action TEXT NOT NULL,
    resource TEXT NOT NULL,
    resource_id TEXT,
    description TEXT NOT NULL,
    details TEXT,
    success INTEGER NOT NULL,
    error TEXT
) STRICT;
CREATE INDEX audit_at ON audit (at);
