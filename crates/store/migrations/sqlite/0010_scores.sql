-- Few requests have the highest scores, and among all that were flagged they would be looked for one by one.
CREATE INDEX traffic_scores ON traffic (score, ts) WHERE score >= 0.1;
