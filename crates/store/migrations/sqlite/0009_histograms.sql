-- The latency histogram of a bucket is one text beside its sums, `bin:samples,bin:samples`: a row for each bin took a sixth of
-- the whole database. The bins are those of bartizan_model::LatencyHistogram.
ALTER TABLE rollups ADD COLUMN latency TEXT NOT NULL DEFAULT '';
UPDATE rollups SET latency = COALESCE((
    SELECT string_agg(bin || ':' || samples, ',') FROM rollup_latency
    WHERE rollup_latency.width = rollups.width AND rollup_latency.bucket = rollups.bucket
        AND rollup_latency.host = rollups.host
), '');
DROP TABLE rollup_latency;
