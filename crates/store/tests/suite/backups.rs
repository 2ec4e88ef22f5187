//! Copies of a database, and back.

use bartizan_store::{StoreError, backup, restore, status};

use super::Site;
use super::sample::{at, attack, batch, plain, read_all};

pub(crate) async fn a_backup_of_a_database_in_use_brings_back_that_moment(mut site: Site) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("copy");
    site.store.commit(batch(vec![plain(1, "/a"), attack(2, "/b?q=1")])).await.expect("committed");
    backup(&site.url(), &file).await.expect("written");
    assert_eq!(mode(&file), 0o600, "a backup holds what was logged");
    let again = backup(&site.url(), &file).await.expect_err("a backup is never overwritten");
    assert!(again.to_string().contains("exists already"), "{again}");
    site.store.commit(batch(vec![plain(3, "/later")])).await.expect("committed");

    let running = restore(&site.url(), &file, true).await.expect_err("a server uses it");
    assert!(running.to_string().contains("another bartizan"), "{running}");
    site.store.close().await;
    let full = restore(&site.url(), &file, false).await.expect_err("it holds rows");
    assert!(full.to_string().contains("--replace"), "{full}");
    restore(&site.url(), &file, true).await.expect("put back");
    site.reopen().await;
    let rows = read_all(&site.store).await;
    assert_eq!(rows.iter().map(|row| row.path.as_str()).collect::<Vec<_>>(), ["/b", "/a"]);
    assert!(site.store.threat_by_id(1).await.expect("read").is_some());
    let next = site.store.commit(batch(vec![plain(4, "/new")])).await.expect("committed");
    assert_eq!(next.traffic[0].id, 3);
}

/// The permissions of a file.
fn mode(file: &std::path::Path) -> u32 {
    let metadata = std::fs::metadata(file).expect("it is there");
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777
}

pub(crate) async fn what_cannot_be_put_back_leaves_the_database_as_it_was(mut site: Site) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    site.store.commit(batch(vec![plain(1, "/a")])).await.expect("committed");
    let whole = folder.path().join("whole");
    backup(&site.url(), &whole).await.expect("written");
    site.store.close().await;
    let half = folder.path().join("half");
    let bytes = std::fs::copy(&whole, &half).expect("copied");
    std::fs::File::options().write(true).open(&half).and_then(|file| file.set_len(bytes / 2)).expect("cut");
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "").expect("written");
    let text = folder.path().join("text");
    std::fs::write(&text, "no database at all, but long enough to be one").expect("written");
    for file in [half, empty, text] {
        let error = restore(&site.url(), &file, true).await.expect_err("not sound");
        assert!(matches!(error, StoreError::Backup { .. } | StoreError::Open { .. }), "{error:?}");
    }
    let absent = restore(&site.url(), &folder.path().join("absent"), true).await.expect_err("absent");
    assert!(absent.to_string().contains("is no file"), "{absent}");
    site.reopen().await;
    assert_eq!(read_all(&site.store).await.len(), 1);
}

pub(crate) async fn size_and_version_are_told_from_outside(site: Site) {
    let empty = site.store.size().await.expect("read");
    assert_eq!((empty.traffic_rows, empty.oldest_traffic), (0, None));
    for part in 0..3 {
        let mut rows = batch((0..500).map(|n| plain(n, &format!("/{part}/{n}"))).collect());
        rows.received_at = at(200_000 + part);
        site.store.commit(rows).await.expect("committed");
    }
    let found = status(&site.url()).await.expect("read");
    assert_eq!(found.schema, found.newest_schema);
    let size = found.size.expect("of the newest version");
    assert_eq!((size.traffic_rows, size.oldest_traffic), (1_500, Some(at(200_000))));
    assert!(size.used_bytes > empty.used_bytes, "{size:?}");
    assert_eq!(site.store.size().await.expect("read").traffic_rows, 1_500);
}
