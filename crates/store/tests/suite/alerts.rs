//! Alerts and their links.

use bartizan_model::AlertStatus;
use bartizan_store::{AlertFilter, Page};

use super::Site;
use super::sample::{alert, at};

pub(crate) async fn alerts_are_kept_counted_and_handled(site: Site) {
    let mut raised = alert("sql_injection|203.0.113.9");
    raised.id = site.store.insert_alert(&raised).await.expect("inserted");
    assert_eq!(raised.id, 1);
    raised.count = 9;
    site.store.update_alert(&raised).await.expect("updated");
    site.store.link_threats(1, &[4, 5, 5]).await.expect("linked");
    assert_eq!(site.store.alert(1).await.expect("read"), Some(raised));
    assert_eq!(site.store.alerts_of_threat(5).await.expect("read"), [1]);
    let active = AlertFilter { active_only: true, ..AlertFilter::default() };
    assert_eq!(site.store.alerts(&active, &Page::newest(10)).await.expect("read").rows.len(), 1);
    for _ in 0..2 {
        let done = site.store.set_alert_status(1, AlertStatus::Dismissed, "local", at(9)).await.expect("set");
        let done = done.expect("there");
        assert_eq!((done.status, done.handled_by.as_deref()), (AlertStatus::Dismissed, Some("local")));
    }
    assert_eq!(site.store.alerts(&active, &Page::newest(10)).await.expect("read").rows.len(), 0);
    assert_eq!(
        site.store.set_alert_status(2, AlertStatus::Dismissed, "local", at(9)).await.expect("set"),
        None
    );
    let words = AlertFilter { words: vec!["203.0.113".to_owned()], ..AlertFilter::default() };
    assert_eq!(site.store.alerts(&words, &Page::newest(10)).await.expect("read").rows.len(), 1);
}
