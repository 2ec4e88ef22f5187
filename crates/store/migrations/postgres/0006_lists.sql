-- Words are found by their runs of three characters, which the extension pg_trgm lists. It comes with the server's own
-- contributed modules and may be made by the owner of the database. Where it cannot be had, words are looked for row by row.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    SET LOCAL maintenance_work_mem = '256MB';
    -- Kinds of names: 2 host, 3 address, 4 path, 5 user agent.
    CREATE INDEX names_words ON names USING gin (name gin_trgm_ops) WHERE kind IN (2, 3, 4, 5);
    CREATE INDEX traffic_words ON traffic USING gin (query gin_trgm_ops) WHERE query IS NOT NULL;
    CREATE INDEX threats_words ON threats USING gin (ip gin_trgm_ops, host gin_trgm_ops, endpoint gin_trgm_ops,
        user_agent gin_trgm_ops, payload gin_trgm_ops, details gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported THEN
    RAISE WARNING 'without the extension pg_trgm words are looked for row by row: %', SQLERRM;
END $$;

-- For user agents that few rows have.
CREATE INDEX traffic_user_agent ON traffic (user_agent_id, ts) WHERE user_agent_id IS NOT NULL;

-- With the score in it, the rows need not be read to drop those below a higher one.
DROP INDEX traffic_score;
CREATE INDEX traffic_score ON traffic (ts, score) WHERE score >= 0.1;

-- For paths and targets that begin alike. They may be longer than an entry of an index.
CREATE INDEX names_paths ON names (left(name, 64)) WHERE kind = 4;
CREATE INDEX threats_endpoint ON threats (left(endpoint, 64), ts);
