//! Logins, sessions and tokens over a real store, with a clock that is moved by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use bartizan_model::{AuditAction, Clock, Role, Scope, Timestamp, User};
use bartizan_store::{AuditFilter, Page, Store};

use super::secret::Randomness;
use super::*;

#[derive(Debug)]
struct Hand(AtomicI64);

impl Hand {
    fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * Timestamp::SECOND_MICROS, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

const PASSWORD: &str = "a watch on the wall";
const HOUR: i64 = 3_600;

struct Site {
    access: Access,
    clock: Arc<Hand>,
    store: Arc<dyn Store>,
    folder: tempfile::TempDir,
}

impl Site {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(Hand(AtomicI64::new(1_772_600_000 * Timestamp::SECOND_MICROS)));
        let url = format!("sqlite://{}", folder.path().join("rows.db").display());
        let store = bartizan_store::open(&url, Arc::clone(&clock) as Arc<dyn Clock>).await.expect("opened");
        let mut access = Access::new(Arc::<dyn Store>::clone(&store), Arc::clone(&clock) as Arc<dyn Clock>);
        access.randomness = Randomness::from_source(|bytes| {
            static NEXT: AtomicU8 = AtomicU8::new(1);
            bytes.fill(NEXT.fetch_add(1, Ordering::SeqCst));
            true
        });
        Self { access, clock, store, folder }
    }

    async fn user(&self, username: &str, role: Role) -> User {
        let new = NewUser {
            username: username.to_owned(),
            email: format!("{username}@example.com"),
            full_name: None,
            role,
            must_change_password: false,
        };
        self.access.add_user(new, PASSWORD.to_owned(), &by()).await.expect("made")
    }

    async fn log_in(&self, username: &str, password: &str) -> Result<(Caller, String), AccessError> {
        self.access.login(credentials(username, password)).await
    }
}

fn credentials(username: &str, password: &str) -> Credentials {
    Credentials {
        username: username.to_owned(),
        password: password.to_owned(),
        peer: Some([192, 0, 2, 1].into()),
    }
}

fn by() -> Actor {
    Actor::command_line()
}

#[tokio::test]
async fn a_session_ends_when_idle_and_after_a_week_in_any_case() {
    let site = Site::new().await;
    site.user("Ann", Role::Operator).await;
    let (caller, cookie) = site.log_in(" ANN ", PASSWORD).await.expect("right");
    assert_eq!((caller.scope, caller.kind), (Scope::Operate, CallerKind::Session));
    assert_eq!(cookie.len(), 43);
    for _ in 0..15 {
        site.clock.advance(11 * HOUR);
        assert!(site.access.session(&cookie).await.expect("read").is_some());
    }
    site.clock.advance(4 * HOUR);
    assert!(site.access.session(&cookie).await.expect("read").is_none(), "a week has gone");
    let (_, idle) = site.log_in("ann", PASSWORD).await.expect("right");
    site.clock.advance(12 * HOUR - 1);
    assert!(site.access.session(&idle).await.expect("read").is_some());
    site.clock.advance(12 * HOUR);
    assert!(site.access.session(&idle).await.expect("read").is_none());
    for forged in ["", "x", &"x".repeat(10_000), &cookie.to_lowercase()] {
        assert!(site.access.session(forged).await.expect("read").is_none(), "{forged}");
    }
}

#[tokio::test]
async fn failed_logins_look_alike_and_are_throttled() {
    let site = Site::new().await;
    let ann = site.user("ann", Role::Admin).await;
    site.user("bob", Role::Admin).await;
    let off = UserChange { is_active: Some(false), ..UserChange::default() };
    site.access.change_user(ann.id, off, &by()).await.expect("disabled");
    for (name, password) in [("ann", PASSWORD), ("bob", "wrong"), ("nobody", PASSWORD), ("", "")] {
        let error = site.log_in(name, password).await.expect_err("refused");
        assert!(matches!(error, AccessError::InvalidCredentials), "{name}: {error}");
    }
    site.log_in("bob", PASSWORD).await.expect("a success is no failure");
    site.log_in("bob", "wrong").await.expect_err("the fifth failure");
    let error = site.log_in("bob", PASSWORD).await.expect_err("throttled");
    assert!(matches!(error, AccessError::Throttled { retry_after_s: 1..=60 }), "{error}");
    site.clock.advance(60);
    site.log_in("bob", PASSWORD).await.expect("a minute later");

    let filter = AuditFilter { action: vec![AuditAction::Login], ..AuditFilter::default() };
    let log = site.access.audit_log(&filter, &Page::newest(50)).await.expect("read").rows;
    assert_eq!(log.iter().filter(|entry| !entry.success).count(), 5);
    assert!(log.iter().all(|entry| entry.ip.as_deref() == Some("192.0.2.1")));
    assert!(!format!("{log:?}").contains("nobody"), "what was typed as a name may be a password");
}

#[tokio::test]
async fn logout_password_and_disabling_end_sessions_and_tell_of_it() {
    let site = Site::new().await;
    site.user("ann", Role::Admin).await;
    let bob = site.user("bob", Role::Viewer).await;
    let mut endings = site.access.endings();
    let (caller, cookie) = site.log_in("bob", PASSWORD).await.expect("right");
    assert!(site.access.still_holds(&caller).await.expect("read"));
    site.access.logout(&caller, None).await.expect("ended");
    assert!(endings.has_changed().expect("open") && !site.access.still_holds(&caller).await.expect("read"));
    assert!(site.access.session(&cookie).await.expect("read").is_none());

    let (caller, cookie) = site.log_in("bob", PASSWORD).await.expect("right");
    let (_, token) = site.access.login_for_token(credentials("bob", PASSWORD)).await.expect("right");
    let actor = by();
    let change = |present: &str, new: &str| {
        site.access.change_own_password(&caller, present.to_owned(), new.to_owned(), &actor)
    };
    for (present, new) in [("wrong", "another good one"), (PASSWORD, "short"), (PASSWORD, PASSWORD)] {
        assert!(change(present, new).await.is_err(), "{present} {new}");
    }
    assert!(site.access.session(&cookie).await.expect("read").is_some());
    endings.mark_unchanged();
    change(PASSWORD, "another good one").await.expect("changed");
    assert!(endings.has_changed().expect("open"));
    assert!(site.access.session(&cookie).await.expect("read").is_none());
    assert!(site.access.token(&token).await.expect("read").is_none());
    site.log_in("bob", PASSWORD).await.expect_err("the old one");

    let (caller, _) = site.log_in("bob", "another good one").await.expect("right");
    let off = UserChange { is_active: Some(false), ..UserChange::default() };
    site.access.change_user(bob.id, off, &by()).await.expect("disabled");
    assert!(!site.access.still_holds(&caller).await.expect("read"));
}

#[tokio::test]
async fn a_token_reaches_no_further_than_its_owner_and_ends_with_the_account() {
    let site = Site::new().await;
    site.user("ann", Role::Admin).await;
    let bob = site.user("bob", Role::Admin).await;
    let of_bob = Actor { user_id: Some(bob.id), ..by() };
    let soon = site.access.now().plus_micros(HOUR * Timestamp::SECOND_MICROS);
    let new = |expires_at| NewToken { name: "ci".to_owned(), scope: Scope::Admin, expires_at };
    let (token, secret) = site.access.add_token(new(None), &of_bob).await.expect("made");
    let (_, short) = site.access.add_token(new(Some(soon)), &of_bob).await.expect("made");
    let (_, service) = site.access.add_token(new(None), &by()).await.expect("made");
    assert!(site.access.add_token(new(Some(site.access.now())), &of_bob).await.is_err(), "over already");
    let scope =
        async |secret: &str| site.access.token(secret).await.expect("read").map(|caller| caller.scope);
    assert_eq!(scope(&secret).await, Some(Scope::Admin));
    site.clock.advance(HOUR);
    assert_eq!(scope(&short).await, None);
    assert_eq!(scope(&secret).await, Some(Scope::Admin));
    let used = site.access.tokens().await.expect("read").into_iter().find(|known| known.id == token.id);
    assert_eq!(used.and_then(|token| token.last_used_at), Some(site.access.now()));

    let demoted = UserChange { role: Some(Role::Viewer), ..UserChange::default() };
    site.access.change_user(bob.id, demoted, &by()).await.expect("demoted");
    assert_eq!(scope(&secret).await, Some(Scope::Read));
    let off = UserChange { is_active: Some(false), ..UserChange::default() };
    site.access.change_user(bob.id, off, &by()).await.expect("disabled");
    assert_eq!((scope(&secret).await, scope(&service).await), (None, Some(Scope::Admin)));
    let revoked = TokenChange { is_active: Some(false), ..TokenChange::default() };
    site.access.change_token(3, revoked, &by()).await.expect("revoked");
    assert_eq!(scope(&service).await, None);
}

#[tokio::test]
async fn the_first_administrator_is_made_once_and_must_choose_a_password() {
    let site = Site::new().await;
    let (admin, password) = site.access.first_admin().await.expect("made").expect("there was none");
    assert!(admin.must_change_password && password.len() >= 16);
    assert_eq!(site.access.first_admin().await.expect("asked"), None);
    let (caller, _) = site.log_in(&admin.username, &password).await.expect("right");
    assert!(caller.user.must_change_password);
    let chosen = "chosen by myself".to_owned();
    site.access.change_own_password(&caller, password, chosen.clone(), &by()).await.expect("changed");
    let (caller, _) = site.log_in(&admin.username, &chosen).await.expect("right");
    assert!(!caller.user.must_change_password);
    let error = site.access.delete_user(admin.id, &by()).await.expect_err("the last one");
    assert!(matches!(error, AccessError::LastAdmin), "{error}");
}

#[tokio::test]
async fn nothing_secret_is_kept_or_noted() {
    let site = Site::new().await;
    let ann = site.user("ann", Role::Admin).await;
    let (caller, cookie) = site.log_in("ann", PASSWORD).await.expect("right");
    let (_, login) = site.access.login_for_token(credentials("ann", PASSWORD)).await.expect("right");
    let new = NewToken { name: "ci".to_owned(), scope: Scope::Read, expires_at: None };
    let (_, token) = site.access.add_token(new, &caller.actor(None)).await.expect("made");
    let change = UserChange { password: Some("given by another".to_owned()), ..UserChange::default() };
    site.access.change_user(ann.id, change, &by()).await.expect("changed");
    site.access.logout(&caller, None).await.expect("ended");
    site.store.close().await;
    let mut kept = Vec::new();
    for file in std::fs::read_dir(site.folder.path()).expect("listed") {
        #[expect(clippy::disallowed_methods, reason = "a small file of this test")]
        kept.extend(std::fs::read(file.expect("a file").path()).expect("read"));
    }
    assert!(memchr::memmem::find(&kept, b"$argon2id$").is_some(), "the search looks where things are kept");
    for secret in [PASSWORD, "given by another", &cookie, &login, &token] {
        assert!(memchr::memmem::find(&kept, secret.as_bytes()).is_none(), "{secret}");
    }
}
