//! `meridian user …`: for when nobody can sign in. Everything is logged as done on the console.

use std::process::ExitCode;

use anyhow::bail;
use app::backend::Clock as _;
use domain::{
    ids::PersonId,
    people::{Grant, Role},
};
use uuid::Uuid;

use super::{existing, say};
use crate::{
    accounts::rules,
    cli::User,
    clock::SystemClock,
    log::{Action, Actor, Entry},
    services::sign_in::{OneTimeLink, start_reset},
    settings::Settings,
    store::Store,
};

pub(super) async fn run(settings: &Settings, command: User) -> anyhow::Result<ExitCode> {
    let store = existing(settings).await?;
    let outcome = match command {
        User::Add { username, name, roles } => add(&store, settings, &username, name, &roles).await,
        User::ResetPassword { username } => reset_password(&store, settings, &username).await,
        User::List => list(&store).await,
    };
    store.close().await;
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn add(
    store: &Store,
    settings: &Settings,
    username: &str,
    name: Option<String>,
    roles: &[Role],
) -> anyhow::Result<()> {
    let name = name.unwrap_or_else(|| username.to_owned());
    rules::check_username(username).and_then(|()| rules::check_display_name(&name)).map_err(anyhow::Error::msg)?;
    let now = SystemClock.now();
    let id = PersonId(Uuid::now_v7());
    let grants: Vec<Grant> = roles.iter().map(|role| Grant { role: *role, org: None }).collect();
    let mut tx = store.begin().await?;
    if let Err(error) = Store::insert_person(&mut tx, id, username, &name, now).await {
        if error.is_unique_violation() {
            bail!("somebody has the user name {username} already");
        }
        return Err(error.into());
    }
    Store::replace_grants(&mut tx, id, &grants, None, now).await?;
    let link = start_reset(&mut tx, id, None, now).await?;
    let words: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    let entry = Entry::new(now, Actor::Console, Action::PersonAdded)
        .detail("person", username.to_lowercase())
        .detail("grants", words);
    Store::append_log(&mut tx, &entry).await?;
    tx.commit().await?;
    say_link(settings, username, &link);
    Ok(())
}

async fn reset_password(store: &Store, settings: &Settings, username: &str) -> anyhow::Result<()> {
    let Some(person) = store.person_named(username).await? else {
        bail!("there is nobody with the user name {username}; see `meridian user list`");
    };
    let now = SystemClock.now();
    let mut tx = store.begin().await?;
    if person.disabled_at.is_some() {
        Store::set_disabled(&mut tx, person.id, None).await?;
        let entry = Entry::new(now, Actor::Console, Action::PersonEnabled).detail("person", person.username.as_str());
        Store::append_log(&mut tx, &entry).await?;
    }
    let link = start_reset(&mut tx, person.id, None, now).await?;
    let entry = Entry::new(now, Actor::Console, Action::ResetStarted).detail("person", person.username.as_str());
    Store::append_log(&mut tx, &entry).await?;
    tx.commit().await?;
    say_link(settings, &person.username, &link);
    Ok(())
}

fn say_link(settings: &Settings, username: &str, link: &OneTimeLink) {
    let address = settings.server.public_url.join(&link.path());
    say(&format!("{username} chooses a password within 30 minutes at\n  {address}"));
}

async fn list(store: &Store) -> anyhow::Result<()> {
    for person in store.people().await? {
        let grants: Vec<String> = person
            .grants
            .0
            .iter()
            .map(|grant| {
                grant.org.as_ref().map_or_else(|| grant.role.to_string(), |org| format!("{}@{org}", grant.role))
            })
            .collect();
        let state = match (person.disabled_at, &person.password_hash) {
            (Some(_), _) => "closed",
            (None, None) => "no password yet",
            (None, Some(_)) => "open",
        };
        say(&format!("{:<24} {:<16} {:<30} {}", person.username, state, person.display_name, grants.join(", ")));
    }
    Ok(())
}
