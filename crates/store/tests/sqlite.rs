//! The suite of the contract on SQLite files.

#[macro_use]
mod suite;

use std::sync::Arc;

use bartizan_store::{AccessStore, Store};
use suite::sample::Later;
use suite::{Backend, Site};

/// A database file in a folder that goes when the test ends.
struct File(tempfile::TempDir);

#[async_trait::async_trait]
impl Backend for File {
    async fn open(&self) -> Arc<dyn Store> {
        bartizan_store::open(&self.url(), Arc::new(Later)).await.expect("opened")
    }

    async fn open_access(&self) -> Arc<dyn AccessStore> {
        bartizan_store::open_access(&self.url(), Arc::new(Later)).await.expect("opened")
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.0.path().join("rows.db").display())
    }
}

async fn site() -> Site {
    Site::new(File(tempfile::tempdir().expect("a temporary folder"))).await
}

store_test_suite!(site);
