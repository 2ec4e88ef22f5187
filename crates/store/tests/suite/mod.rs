//! The behaviours of the contract on a real database. A backend instantiates them with
//! `store_test_suite!(make_site)`, where `make_site` is the path of a function that makes a fresh [`Site`].

pub(crate) mod access;
pub(crate) mod alerts;
pub(crate) mod backups;
pub(crate) mod commits;
pub(crate) mod hostile;
pub(crate) mod lists;
pub(crate) mod retention;
pub(crate) mod rollups;
pub(crate) mod sample;
pub(crate) mod settings;
pub(crate) mod what_if;

use std::sync::Arc;

use bartizan_store::{AccessStore, Store};

/// Makes and opens the database of one test.
#[async_trait::async_trait]
pub(crate) trait Backend: Send + Sync {
    /// Opens it; called again after a close, it finds what was there.
    async fn open(&self) -> Arc<dyn Store>;

    /// Opens users, tokens and the audit log beside whoever has it open.
    async fn open_access(&self) -> Arc<dyn AccessStore>;

    /// Where it is.
    fn url(&self) -> String;
}

/// A store of its own for one test.
pub(crate) struct Site {
    pub(crate) store: Arc<dyn Store>,
    backend: Box<dyn Backend>,
}

impl Site {
    pub(crate) async fn new(backend: impl Backend + 'static) -> Self {
        Self { store: backend.open().await, backend: Box::new(backend) }
    }

    /// What the command line opens while the store is in use.
    pub(crate) async fn beside(&self) -> Arc<dyn AccessStore> {
        self.backend.open_access().await
    }

    /// Where its database is.
    pub(crate) fn url(&self) -> String {
        self.backend.url()
    }

    /// Stops and starts again.
    pub(crate) async fn reopen(&mut self) {
        self.store.close().await;
        self.store = self.backend.open().await;
    }
}

/// One test per behaviour, each on a database of its own.
macro_rules! store_test_suite {
    ($make_site:path) => {
        store_test_suite! { @in $make_site =>
            commits::rows_and_position_are_committed_together_and_a_replay_is_refused,
            commits::a_batch_without_requests_still_moves_the_position,
            commits::a_commit_that_is_dropped_leaves_everything_or_nothing,
            commits::timestamps_are_unique_and_survive_a_restart,
            commits::an_event_from_the_future_happened_when_it_arrived,
            commits::the_feed_shows_every_threat_and_one_allowed_request_per_second,
            commits::readers_see_whole_batches_while_one_writes,
            commits::a_closed_store_answers_with_an_error,
            lists::pages_neither_skip_nor_repeat_while_rows_arrive,
            lists::a_page_has_between_one_and_a_thousand_rows,
            lists::filters_choose_rows,
            lists::every_filter_agrees_with_a_search_by_hand,
            lists::a_host_is_found_whatever_came_between,
            lists::every_word_agrees_with_a_search_by_hand,
            hostile::values_of_any_size_are_kept_within_their_caps,
            hostile::text_that_looks_like_sql_is_only_text,
            rollups::rollups_agree_with_a_recount_of_the_rows,
            rollups::scores_are_counted_in_bins_of_whole_hours,
            rollups::a_client_cannot_make_up_hosts_without_end,
            rollups::measurements_are_averaged_per_minute,
            what_if::changes_equal_a_second_judgement_of_every_row,
            what_if::a_limit_is_told_with_the_oldest_request_that_was_looked_at,
            alerts::alerts_are_kept_counted_and_handled,
            backups::a_backup_of_a_database_in_use_brings_back_that_moment,
            backups::what_cannot_be_put_back_leaves_the_database_as_it_was,
            backups::size_and_version_are_told_from_outside,
            settings::a_setting_is_kept_as_it_was_last_written,
            settings::changes_of_checks_are_kept_and_the_newest_of_each_never_goes,
            access::the_last_active_administrator_stays,
            access::sessions_and_login_tokens_end_with_the_password_and_the_account,
            access::tokens_are_kept_changed_and_revoked,
            access::the_command_line_writes_beside_a_server,
            access::the_audit_log_is_listed_by_action_kind_and_time,
            access::what_happened_is_told_of_alerts_and_of_what_concerns_everybody,
            alerts::a_step_of_alerts_is_written_once_and_as_a_whole,
            alerts::an_alert_takes_over_the_threats_of_others,
            alerts::alerts_are_listed_gravest_first_page_by_page,
            alerts::what_an_alert_holds_can_be_listed,
            alerts::a_channel_is_told_of_a_cause_once_per_window,
            alerts::causes_of_any_length_are_told_apart,
            alerts::critical_alerts_are_found_by_their_severity,
            alerts::silences_are_kept_counted_and_ended,
            retention::a_threat_keeps_its_own_copy_of_the_request,
            retention::an_old_log_read_today_is_kept_and_what_arrived_long_ago_is_not,
            retention::commits_go_on_while_many_rows_expire,
            retention::keys_of_pushed_texts_are_forgotten_and_positions_of_sources_never,
        }
    };
    (@in $make_site:path => $($module:ident::$name:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $name() {
                suite::$module::$name($make_site().await).await;
            }
        )+
    };
}
