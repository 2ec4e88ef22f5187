//! `bartizan token`.

use bartizan_engine::{Actor, NewToken};
use bartizan_model::{Clock as _, Scope, SystemClock, Timestamp};

use super::access::{print_table, with};
use crate::args::{ScopeName, Token};
use crate::output;

const SECONDS_PER_DAY: i64 = 86_400;

pub(crate) fn run(args: Token) -> anyhow::Result<()> {
    let by = Actor::command_line();
    match args {
        Token::Create { name, scope, days, database } => with(&database, async |access| {
            let expires_at = days.map(|days| {
                let seconds = i64::from(days) * SECONDS_PER_DAY;
                SystemClock.now().plus_micros(seconds * Timestamp::SECOND_MICROS)
            });
            let new = NewToken { name, scope: scope.into(), expires_at };
            let (token, credential) = access.add_token(new, &by).await?;
            // On standard output stands the token alone, so that a script can take it.
            output::line(credential);
            output::progress(format_args!(
                "token {} ({}) made; it is shown this once",
                token.id,
                token.scope.as_str()
            ));
            Ok(())
        }),
        Token::List { database } => with(&database, async |access| {
            let rows: Vec<_> = access.tokens().await?.iter().map(row).collect();
            print_table(["ID", "NAME", "SCOPE", "STATE", "EXPIRES", "LAST USED"], &rows);
            Ok(())
        }),
        Token::Revoke { id, database } => with(&database, async |access| {
            access.delete_token(id, &by).await?;
            output::line(format_args!("token {id} revoked"));
            Ok(())
        }),
    }
}

fn row(token: &bartizan_model::Token) -> [String; 6] {
    let is_over = token.expires_at.is_some_and(|end| end <= SystemClock.now());
    let state = match (token.is_active, is_over) {
        (false, _) => "disabled",
        (true, true) => "expired",
        (true, false) => "active",
    };
    let time = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), |at| at.to_string());
    [
        token.id.to_string(),
        token.name.clone(),
        token.scope.as_str().to_owned(),
        state.to_owned(),
        time(token.expires_at),
        time(token.last_used_at),
    ]
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Read => Self::Read,
            ScopeName::Operate => Self::Operate,
            ScopeName::Admin => Self::Admin,
        }
    }
}
