//! Users, sessions, tokens and the audit log.

use bartizan_model::{
    AuditAction, AuditEntry, AuditResource, Role, Scope, Span, SystemEventKind, Token, User,
};
use bartizan_store::{
    AlertStep, AlertWrite, AuditFilter, CredentialHash, Page, SystemEventFilter, UserWrite,
};

use super::Site;
use super::sample::{alert, at};

fn user(username: &str, role: Role) -> User {
    User {
        id: 0,
        username: username.to_owned(),
        email: format!("{username}@example.com"),
        role,
        full_name: None,
        is_active: true,
        must_change_password: false,
        last_login: None,
        created_at: at(1),
        created_by: None,
    }
}

fn token(name: &str, user_id: Option<i64>, from_login: bool) -> Token {
    Token {
        id: 0,
        name: name.to_owned(),
        scope: Scope::Operate,
        user_id,
        from_login,
        created_at: at(2),
        expires_at: Some(at(100)),
        last_used_at: None,
        is_active: true,
    }
}

fn hash(text: &str) -> CredentialHash {
    CredentialHash(text.to_owned())
}

pub(crate) async fn the_last_active_administrator_stays(mut site: Site) {
    let store = &site.store;
    let mut alice = user("alice", Role::Admin);
    alice.id = store.insert_user(&alice, "hash-a").await.expect("inserted").expect("a free name");
    assert_eq!(store.insert_user(&user("alice", Role::Viewer), "x").await.expect("asked"), None);
    for changed in
        [User { role: Role::Operator, ..alice.clone() }, User { is_active: false, ..alice.clone() }]
    {
        assert_eq!(store.update_user(&changed).await.expect("asked"), UserWrite::LastAdmin);
    }
    assert_eq!(store.delete_user(alice.id).await.expect("asked"), UserWrite::LastAdmin);
    let mut bob = user("bob", Role::Admin);
    bob.id = store.insert_user(&bob, "hash-b").await.expect("inserted").expect("a free name");
    let demoted = User { role: Role::Viewer, ..alice.clone() };
    assert_eq!(store.update_user(&demoted).await.expect("asked"), UserWrite::Done);
    assert_eq!(store.delete_user(bob.id).await.expect("asked"), UserWrite::LastAdmin);
    assert_eq!(store.delete_user(99).await.expect("asked"), UserWrite::Missing);
    site.reopen().await;
    assert_eq!(site.store.users().await.expect("read"), [demoted.clone(), bob]);
    let found = site.store.user_by_name("alice").await.expect("read");
    assert_eq!(found, Some((demoted, "hash-a".to_owned())));
    assert_eq!(site.store.user_by_name("mallory").await.expect("read"), None);
}

pub(crate) async fn sessions_and_login_tokens_end_with_the_password_and_the_account(site: Site) {
    let store = &site.store;
    let mut alice = user("alice", Role::Admin);
    alice.id = store.insert_user(&alice, "old").await.expect("inserted").expect("free");
    let mut bob = user("bob", Role::Viewer);
    bob.id = store.insert_user(&bob, "bob").await.expect("inserted").expect("free");

    store.insert_session(&hash("s1"), bob.id, at(5), at(0)).await.expect("kept");
    store.touch_session(&hash("s1"), at(8)).await.expect("touched");
    store.touch_session(&hash("s1"), at(7)).await.expect("an earlier use changes nothing");
    let session = store.session(&hash("s1")).await.expect("read").expect("there");
    assert_eq!((session.created_at, session.seen_at), (at(5), at(8)));
    assert_eq!((session.user.id, session.user.last_login), (bob.id, Some(at(5))));

    let of_login = store.insert_token(&token("login", Some(bob.id), true), &hash("t1")).await.expect("kept");
    let lasting = store.insert_token(&token("script", Some(bob.id), false), &hash("t2")).await.expect("kept");
    assert_ne!(of_login, lasting);
    assert_eq!(store.set_password(bob.id, "new", true).await.expect("set"), UserWrite::Done);
    assert_eq!(store.session(&hash("s1")).await.expect("read"), None);
    assert_eq!(store.token_by_hash(&hash("t1")).await.expect("read"), None);
    let (kept, owner) = store.token_by_hash(&hash("t2")).await.expect("read").expect("there");
    assert_eq!((kept.id, owner.map(|owner| owner.must_change_password)), (lasting, Some(true)));

    store.insert_session(&hash("s2"), bob.id, at(9), at(0)).await.expect("kept");
    let disabled = User { is_active: false, ..bob.clone() };
    assert_eq!(store.update_user(&disabled).await.expect("set"), UserWrite::Done);
    assert_eq!(store.session(&hash("s2")).await.expect("read"), None);
    assert_eq!(store.delete_user(bob.id).await.expect("deleted"), UserWrite::Done);
    assert_eq!(store.token_by_hash(&hash("t2")).await.expect("read"), None);

    store.insert_session(&hash("s3"), alice.id, at(10), at(0)).await.expect("kept");
    store.insert_session(&hash("s4"), alice.id, at(50), at(20)).await.expect("kept");
    assert_eq!(store.session(&hash("s3")).await.expect("read"), None, "older than anybody may stay");
    store.delete_session(&hash("s4")).await.expect("ended");
    assert_eq!(store.session(&hash("s4")).await.expect("read"), None);
}

pub(crate) async fn tokens_are_kept_changed_and_revoked(site: Site) {
    let store = &site.store;
    let mut made = token("ci", None, false);
    made.id = store.insert_token(&made, &hash("t")).await.expect("kept");
    store.touch_token(made.id, at(30)).await.expect("touched");
    store.touch_token(made.id, at(20)).await.expect("an earlier use changes nothing");
    made.last_used_at = Some(at(30));
    assert_eq!(store.token_by_hash(&hash("t")).await.expect("read"), Some((made.clone(), None)));
    let changed = Token { name: "cd".to_owned(), is_active: false, expires_at: None, ..made };
    assert!(store.update_token(&changed).await.expect("changed"));
    assert_eq!(store.tokens().await.expect("read"), std::slice::from_ref(&changed));
    assert!(store.delete_token(changed.id).await.expect("deleted"));
    assert!(
        !store.delete_token(changed.id).await.expect("asked")
            && !store.update_token(&changed).await.expect("asked")
    );
    let expired = Token { created_at: at(200), ..token("login", None, true) };
    store.insert_token(&token("old login", None, true), &hash("o")).await.expect("kept");
    store.insert_token(&expired, &hash("n")).await.expect("kept");
    assert_eq!(store.token_by_hash(&hash("o")).await.expect("read"), None, "expired logins go by themselves");
}

pub(crate) async fn the_command_line_writes_beside_a_server(mut site: Site) {
    let beside = site.beside().await;
    let mut alice = user("alice", Role::Admin);
    alice.id = beside.insert_user(&alice, "hash").await.expect("inserted").expect("a free name");
    assert_eq!(site.store.users().await.expect("read"), [alice.clone()]);
    site.store.insert_session(&hash("s"), alice.id, at(5), at(0)).await.expect("kept");
    assert_eq!(beside.set_password(alice.id, "new", true).await.expect("set"), UserWrite::Done);
    assert_eq!(site.store.session(&hash("s")).await.expect("read"), None, "the server sees it at once");
    drop(beside);
    site.reopen().await;
    assert_eq!(site.store.users().await.expect("read").len(), 1);
}

pub(crate) async fn the_audit_log_is_listed_by_action_kind_and_time(site: Site) {
    let store = &site.store;
    for (n, (action, resource)) in [
        (AuditAction::Login, AuditResource::User),
        (AuditAction::ConfigChange, AuditResource::Config),
        (AuditAction::Update, AuditResource::Alert),
        (AuditAction::Update, AuditResource::User),
    ]
    .into_iter()
    .enumerate()
    {
        let entry = AuditEntry {
            id: 0,
            at: at(10 + i64::try_from(n).expect("small")),
            user_id: Some(1),
            username: Some("alice".to_owned()),
            ip: Some("192.0.2.1".to_owned()),
            action,
            resource,
            resource_id: Some("7".to_owned()),
            description: "x\0".repeat(10_000),
            details: Some("{\"before\":null}".to_owned()),
            success: n != 0,
            error: None,
        };
        let id = store.insert_audit(&entry).await.expect("kept");
        let read = store.audit_by_id(id).await.expect("read").expect("there");
        assert!(read.description.len() < 20_000 && !read.description.contains('\0'));
        assert_eq!((read.details, read.success, read.at), (entry.details, entry.success, entry.at));
    }
    let ids = async |filter: &AuditFilter, page: &Page| -> Vec<i64> {
        let paged = store.audit(filter, page).await.expect("read");
        paged.rows.iter().map(|entry| entry.id).collect()
    };
    let all = AuditFilter::default();
    assert_eq!(ids(&all, &Page::newest(10)).await, [4, 3, 2, 1]);
    let first = store.audit(&all, &Page { count: true, ..Page::newest(3) }).await.expect("read");
    assert_eq!((first.total, first.next.is_some()), (Some(4), true));
    assert_eq!(ids(&all, &Page { after: first.next, ..Page::newest(3) }).await, [1]);
    let updates = AuditFilter { action: vec![AuditAction::Update], ..all.clone() };
    assert_eq!(ids(&updates, &Page::newest(10)).await, [4, 3]);
    let of_users = AuditFilter { resource: vec![AuditResource::User], ..updates };
    assert_eq!(ids(&of_users, &Page::newest(10)).await, [4]);
    let late = AuditFilter { from: Some(at(12)), ..all };
    assert_eq!(ids(&late, &Page::newest(10)).await, [4, 3]);
    assert_eq!(store.audit_by_id(99).await.expect("read"), None);
}

pub(crate) async fn what_happened_is_told_of_alerts_and_of_what_concerns_everybody(site: Site) {
    let store = site.beside().await;
    let step = AlertStep { alerts: vec![AlertWrite::of(alert("k"))], at: at(1), ..AlertStep::default() };
    site.store.write_alerts(&step).await.expect("written");
    let raised_at = alert("k").raised_at;
    let deeds = [
        (AuditAction::Login, AuditResource::User, None, true),
        (AuditAction::Login, AuditResource::User, None, false),
        (AuditAction::Create, AuditResource::User, Some("7"), true),
        (AuditAction::ConfigChange, AuditResource::Config, None, true),
        (AuditAction::ConfigChange, AuditResource::Config, Some("model"), true),
        (AuditAction::Create, AuditResource::Config, Some("shop"), true),
        (AuditAction::Update, AuditResource::Config, Some("alerts"), true),
        (AuditAction::Update, AuditResource::Alert, Some("1"), true),
        (AuditAction::Logout, AuditResource::User, None, true),
    ];
    for (n, (action, resource, of, success)) in deeds.into_iter().enumerate() {
        let entry = AuditEntry {
            id: 0,
            at: raised_at.plus_micros(i64::try_from(n).expect("small") + 1),
            user_id: Some(1),
            username: Some("alice".to_owned()),
            ip: Some("192.0.2.1".to_owned()),
            action,
            resource,
            resource_id: of.map(str::to_owned),
            description: format!("deed {n}"),
            details: None,
            success,
            error: None,
        };
        store.insert_audit(&entry).await.expect("kept");
    }
    let kinds = async |filter: &SystemEventFilter, page: &Page| -> Vec<SystemEventKind> {
        store.system_events(filter, page).await.expect("read").rows.iter().map(|one| one.kind).collect()
    };
    let oldest_first = Page { ascending: true, count: true, ..Page::newest(4) };
    let all = SystemEventFilter::default();
    let first = store.system_events(&all, &oldest_first).await.expect("read");
    assert_eq!((first.rows.len(), first.total), (4, Some(7)));
    let raised = &first.rows[0];
    assert_eq!((raised.alert_id, raised.at, raised.by.as_deref()), (Some(1), raised_at, None));
    assert_eq!((first.rows[1].by.as_deref(), first.rows[1].title.as_str()), (Some("alice"), "deed 0"));
    let mut seen: Vec<SystemEventKind> = first.rows.iter().map(|one| one.kind).collect();
    seen.extend(kinds(&all, &Page { after: first.next, ..oldest_first }).await);
    let expected = [
        SystemEventKind::AlertRaised,
        SystemEventKind::SignedIn,
        SystemEventKind::ConfigChanged,
        SystemEventKind::ModelReplaced,
        SystemEventKind::SourceAdded,
        SystemEventKind::AlertHandled,
        SystemEventKind::SignedOut,
    ];
    assert_eq!(seen, expected);
    let some = SystemEventFilter {
        kind: vec![SystemEventKind::SignedOut, SystemEventKind::AlertRaised],
        span: None,
    };
    assert_eq!(
        kinds(&some, &Page::newest(9)).await,
        [SystemEventKind::SignedOut, SystemEventKind::AlertRaised]
    );
    let span = Span::new(raised_at, raised_at.plus_micros(2));
    let early = SystemEventFilter { span: Some(span), ..all };
    assert_eq!(
        kinds(&early, &Page::newest(9)).await,
        [SystemEventKind::SignedIn, SystemEventKind::AlertRaised]
    );
}
