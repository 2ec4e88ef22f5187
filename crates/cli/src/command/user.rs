//! `bartizan user`.

use std::io::Read as _;

use anyhow::{Context, bail};
use bartizan_engine::{Access, Actor, NewUser, UserChange};
use bartizan_model::Role;

use super::access::{print_table, with};
use crate::args::{RoleName, User};
use crate::output;

/// What is read of standard input; longer passwords are refused where passwords are judged.
const MAX_INPUT_BYTES: u64 = 2_048;

pub(crate) fn run(args: User) -> anyhow::Result<()> {
    let by = Actor::command_line();
    match args {
        User::Add { name, email, role, full_name, stdin, database } => {
            let given = given_password(stdin)?;
            with(&database, async move |access| {
                let (password, is_given) = password(access, given)?;
                let new = NewUser {
                    username: name,
                    email,
                    full_name,
                    role: role.into(),
                    must_change_password: !is_given,
                };
                let user = access.add_user(new, password.clone(), &by).await?;
                tell(&format!("user {} made ({})", user.username, user.role.as_str()), &password, is_given);
                Ok(())
            })
        }
        User::List { database } => with(&database, async |access| {
            let rows: Vec<_> = access.users().await?.iter().map(row).collect();
            print_table(["NAME", "ROLE", "STATE", "LAST LOGIN", "EMAIL"], &rows);
            Ok(())
        }),
        User::Passwd { name, stdin, database } => {
            let given = given_password(stdin)?;
            with(&database, async move |access| {
                let (password, is_given) = password(access, given)?;
                let user = access.user_named(&name).await?;
                access.set_password(&user, password.clone(), !is_given, &by).await?;
                tell(&format!("password of {} replaced", user.username), &password, is_given);
                Ok(())
            })
        }
        User::Disable { name, database } => {
            with(&database, async |access| set_active(access, &name, false, &by).await)
        }
        User::Enable { name, database } => {
            with(&database, async |access| set_active(access, &name, true, &by).await)
        }
        User::Remove { name, database } => with(&database, async |access| {
            let user = access.user_named(&name).await?;
            access.delete_user(user.id, &by).await?;
            output::line(format_args!("user {} removed", user.username));
            Ok(())
        }),
    }
}

async fn set_active(access: &Access, name: &str, is_active: bool, by: &Actor) -> anyhow::Result<()> {
    let user = access.user_named(name).await?;
    let change = UserChange { is_active: Some(is_active), ..UserChange::default() };
    access.change_user(user.id, change, by).await?;
    let state = if is_active { "enabled" } else { "disabled" };
    output::line(format_args!("user {} {state}", user.username));
    Ok(())
}

/// The first line of standard input, where the password is given there.
fn given_password(stdin: bool) -> anyhow::Result<Option<String>> {
    if !stdin {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().lock().take(MAX_INPUT_BYTES);
    input.read_to_end(&mut bytes).context("standard input cannot be read")?;
    let text = std::str::from_utf8(&bytes).context("standard input holds no text")?;
    let password = text.lines().next().unwrap_or_default();
    if password.is_empty() {
        bail!("standard input is empty; --stdin reads the password from its first line");
    }
    Ok(Some(password.to_owned()))
}

/// The password that was given, or a new one; and whether it was given.
fn password(access: &Access, given: Option<String>) -> anyhow::Result<(String, bool)> {
    Ok(match given {
        Some(password) => (password, true),
        None => (access.one_time_password()?, false),
    })
}

fn tell(done: &str, password: &str, is_given: bool) {
    output::line(done);
    if !is_given {
        output::line(format_args!("one-time password, to be replaced at the first login: {password}"));
    }
}

fn row(user: &bartizan_model::User) -> [String; 5] {
    let state = match (user.is_active, user.must_change_password) {
        (false, _) => "disabled",
        (true, true) => "one-time password",
        (true, false) => "active",
    };
    [
        user.username.clone(),
        user.role.as_str().to_owned(),
        state.to_owned(),
        user.last_login.map_or_else(|| "never".to_owned(), |at| at.to_string()),
        user.email.clone(),
    ]
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Viewer => Self::Viewer,
            RoleName::Operator => Self::Operator,
            RoleName::Admin => Self::Admin,
        }
    }
}
