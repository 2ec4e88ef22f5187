//! What the product does: pipeline, alerts, analytics, live updates, tasks
