//! Durable state: the only SQL of the product.
//!
//! [`open`] gives a [`Store`] for a URL; what a store must do stands in the trait, what lists can be asked for in
//! [`Filter`] and [`Page`].

mod access;
mod address;
mod backup;
mod contract;
mod delta;
mod distinct;
mod error;
mod heavy;
mod line;
mod open;
mod postgres;
mod prepared;
mod private;
mod query;
mod sqlite;
mod stored;
mod text;
mod what_if;

pub use access::{
    AccessStore, AuditFilter, CredentialHash, MAX_AUDIT_ENTRIES, SessionRow, SystemEventFilter, UserWrite,
};
pub use backup::{DatabaseStatus, backup, restore, status};
pub use contract::{
    AlertStep, AlertWrite, Bucket, CheckChange, CommitBatch, Committed, Dimension, DimensionCount, Expired,
    Judged, PUSH_PREFIX, RetentionCutoffs, SourceProgress, SourceRow, Store, StoreSize, StoredGroup,
    SystemSample,
};
pub use delta::SCORE_BINS;
pub use error::StoreError;
pub use open::{folder, open, open_access};
pub use query::{AlertFilter, Cursor, EndpointFilter, Filter, PAGE_LIMITS, Page, Paged};
pub use what_if::{ChangeGroup, Changes, LOWEST_THRESHOLD, MOST_EXAMINED, WhatIf};
