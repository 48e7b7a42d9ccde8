//! The demo: an account for each role, with passwords that the sign-in page shows, the sandbox's organizations connected, and a
//! request that waits. Everything in it went the way it goes in earnest; nothing is kept.

mod furnish;

use std::{fs, io, path::Path};

use app::{api::session::DemoAccount, backend::Clock};
use domain::{
    ids::PersonId,
    people::{Grant, Role},
};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    accounts::passwords::Passwords,
    log::{Action, Actor, Entry},
    sealing::KeySource,
    settings::StorageSettings,
    store::{Location, Store, StoreError},
};

pub use furnish::furnish;

/// Gives the demo a directory of its own below the data directory.
///
/// # Errors
///
/// When PostgreSQL is asked for.
pub fn settle(storage: &mut StorageSettings) -> anyhow::Result<()> {
    if matches!(storage.database, Location::Postgres { .. }) {
        anyhow::bail!("the demo keeps its data in a file of its own; start it without DATABASE_URL");
    }
    let directory = storage.data_dir.join("demo");
    storage.database = Location::Sqlite { path: directory.join("meridian.db"), max_pages: None };
    if matches!(storage.key, KeySource::File(_)) {
        storage.key = KeySource::File(directory.join("key"));
    }
    storage.data_dir = directory;
    Ok(())
}

/// Empties the demo's directory: the sandbox forgets everything when it ends, so what an earlier demo remembers of it would be
/// wrong. Only for who has the claim on it, or it would be taken from under a demo that runs.
///
/// # Errors
///
/// When it cannot be emptied.
pub fn empty(storage: &StorageSettings) -> anyhow::Result<()> {
    for file in ["meridian.db", "meridian.db-wal", "meridian.db-shm", "key"] {
        remove(&storage.data_dir.join(file)).map_err(|error| {
            anyhow::anyhow!("the earlier demo in {} cannot be removed: {error}", storage.data_dir.display())
        })?;
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The people of the demo. The user name is the role's.
const PEOPLE: [(Role, &str); 5] = [
    (Role::Viewer, "Vera Novak"),
    (Role::Operator, "Omar Haddad"),
    (Role::Approver, "Asha Raman"),
    (Role::Administrator, "Adele Martin"),
    (Role::Auditor, "August Lind"),
];

/// The accounts, as the sign-in page shows them.
#[must_use]
pub fn accounts() -> Vec<DemoAccount> {
    PEOPLE
        .iter()
        .map(|(role, name)| DemoAccount {
            username: role.as_str().to_owned(),
            password: format!("demo-{role}-password"),
            display_name: (*name).to_owned(),
            explanation: format!("{}: {}", role.label(), role.explanation()),
        })
        .collect()
}

/// Adds those of the demo's people who are not there yet.
///
/// # Errors
///
/// When the database cannot take them.
pub async fn add_people(store: &Store, passwords: &Passwords, clock: &dyn Clock) -> Result<(), StoreError> {
    for ((role, _), account) in PEOPLE.iter().zip(accounts()) {
        if store.person_named(&account.username).await?.is_some() {
            continue;
        }
        let hash = passwords.hash(&SecretString::from(account.password)).await;
        let now = clock.now();
        let id = PersonId(Uuid::now_v7());
        let mut tx = store.begin().await?;
        Store::insert_person(&mut tx, id, &account.username, &account.display_name, now).await?;
        Store::replace_grants(&mut tx, id, &[Grant { role: *role, org: None }], None, now).await?;
        Store::set_password_hash(&mut tx, id, &hash, now).await?;
        let entry = Entry::new(now, Actor::System, Action::PersonAdded)
            .detail("person", account.username)
            .detail("grants", vec![role.as_str().to_owned()]);
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
    }
    Ok(())
}
