INSERT INTO sequences (name, last) VALUES ('users', 0), ('tokens', 0), ('audit', 0);

-- People with an account; the name is kept in lower case.
CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    username TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    full_name TEXT COLLATE "C",
    active BIGINT NOT NULL,
    must_change BIGINT NOT NULL,
    last_login BIGINT,
    created_at BIGINT NOT NULL,
    created_by BIGINT,
    password TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX users_username ON users (username);

-- Logins of browsers. The key is a hash of what the cookie holds.
CREATE TABLE sessions (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

-- Credentials of programs; only a hash of each is kept. Without a user it was made on the command line.
CREATE TABLE tokens (
    id BIGINT PRIMARY KEY,
    hash TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    from_login BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    active BIGINT NOT NULL
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
CREATE INDEX tokens_user ON tokens (user_id);

-- What was changed, by whom, from where; entries are only ever added, and the oldest go when there are too many.
CREATE TABLE audit (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    user_id BIGINT,
    username TEXT COLLATE "C",
    ip TEXT COLLATE "C",
    action TEXT COLLATE "C" NOT NULL,
    resource TEXT COLLATE "C" NOT NULL,
    resource_id TEXT COLLATE "C",
    description TEXT COLLATE "C" NOT NULL,
    details TEXT COLLATE "C",
    success BIGINT NOT NULL,
    error TEXT COLLATE "C"
);
CREATE INDEX audit_at ON audit (at);
