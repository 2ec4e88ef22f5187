//! What operators set, and how checks went.

use bartizan_model::CheckStatus;
use bartizan_store::CheckChange;

use super::Site;
use super::sample::at;

pub(crate) async fn a_setting_is_kept_as_it_was_last_written(mut site: Site) {
    assert_eq!(site.store.setting("policy").await.expect("read"), None);
    for (second, value) in [(1, "{}"), (2, "{\"mode\":\"block\"}")] {
        site.store.set_setting("policy", value, at(second)).await.expect("written");
        assert_eq!(site.store.setting("policy").await.expect("read").as_deref(), Some(value));
    }
    site.reopen().await;
    assert_eq!(site.store.setting("policy").await.expect("read").as_deref(), Some("{\"mode\":\"block\"}"));
    assert_eq!(site.store.setting("polic_").await.expect("read"), None);
}

pub(crate) async fn changes_of_checks_are_kept_and_the_newest_of_each_never_goes(site: Site) {
    let change = |key: &str, second: i64, status| CheckChange {
        key: key.to_owned(),
        at: at(second),
        status,
        message: format!("at {second}"),
    };
    for (key, second, status) in [
        ("store", 1, CheckStatus::Pass),
        ("store", 2, CheckStatus::Fail),
        ("clock", 1, CheckStatus::Warning),
        ("store", 9, CheckStatus::Pass),
    ] {
        site.store.record_check(&change(key, second, status), at(0)).await.expect("written");
    }
    let newest = site.store.check_history(2).await.expect("read");
    assert_eq!(newest.len(), 2);
    assert_eq!(newest[0], change("store", 9, CheckStatus::Pass));
    assert_eq!(newest[1], change("store", 2, CheckStatus::Fail));
    site.store.record_check(&change("disk", 10, CheckStatus::Pass), at(5)).await.expect("written");
    let left = site.store.check_history(100).await.expect("read");
    let left: Vec<&str> = left.iter().map(|change| change.key.as_str()).collect();
    assert_eq!(left, ["disk", "store", "clock"], "the only result of a check stays, however old");
}
