//! Databases that cannot be used are refused with one clear sentence each.

use std::path::Path;
use std::sync::Arc;

use bartizan_model::SystemClock;
use bartizan_store::{StoreError, open};

async fn refusal(path: &Path) -> StoreError {
    open(&path.display().to_string(), Arc::new(SystemClock)).await.expect_err("must be refused")
}

#[tokio::test]
async fn what_is_no_database_is_refused_with_a_remedy() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a database, but long enough to be read as the header of one ".repeat(100))
        .expect("written");
    let below_file = text.join("rows.db");
    for path in [folder.path(), &text, &below_file] {
        let error = refusal(path).await;
        let message = error.to_string();
        assert!(matches!(error, StoreError::Open { .. }), "{message}");
        assert!(
            message.contains(&path.display().to_string()) && message.contains("--db") || path.is_dir(),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_second_process_is_refused_while_the_first_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("deep/er/rows.db");
    let first = open(&path.display().to_string(), Arc::new(SystemClock)).await.expect("opened");
    assert!(refusal(&path).await.to_string().contains("another bartizan"));
    first.close().await;
    drop(first);
    open(&path.display().to_string(), Arc::new(SystemClock)).await.expect("free again");
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("rows.db");
    let store = open(&path.display().to_string(), Arc::new(SystemClock)).await.expect("opened");
    store.close().await;
    drop(store);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("connected");
    sqlx::query("INSERT INTO bartizan_schema (version, applied_at) VALUES (999, 0)")
        .execute(&mut connection)
        .await
        .expect("written");
    sqlx::Connection::close(connection).await.expect("closed");
    assert!(matches!(refusal(&path).await, StoreError::Newer { found: 999, .. }));
}

#[tokio::test]
async fn a_database_of_another_program_is_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bookmarks.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("connected");
    sqlx::query("CREATE TABLE bookmarks (url TEXT)").execute(&mut connection).await.expect("made");
    assert!(refusal(&path).await.to_string().contains("another program"));
    let tables: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master")
        .fetch_one(&mut connection)
        .await
        .expect("read");
    assert_eq!(tables, 1);
}

#[tokio::test]
async fn a_damaged_database_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("rows.db");
    open(&path.display().to_string(), Arc::new(SystemClock)).await.expect("opened").close().await;
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).expect("opened");
    std::io::Write::write_all(&mut file, &[0xAA; 8_192]).expect("written");
    drop(file);
    let message = refusal(&path).await.to_string();
    assert!(message.contains("damaged") && message.contains("backup"), "{message}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("data/rows.db");
    let store = open(&path.display().to_string(), Arc::new(SystemClock)).await.expect("opened");
    store.probe().await.expect("answers");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().expect("a folder")), 0o700);
    for name in ["rows.db", "rows.db-wal", "rows.db-shm", "rows.db.lock"] {
        assert_eq!(mode(&path.with_file_name(name)), 0o600, "{name}");
    }
}
