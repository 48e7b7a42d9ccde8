//! Service accounts of the populations, with what an administrator should notice about their secrets.

use jiff::{SignedDuration, Timestamp};

use super::{
    ClientSecret,
    population::{History, below, project_roles, some_list, some_project},
    this_machine,
};
use crate::{
    demo::names,
    id::Id,
    random::Random,
    state::{CallerId, NewAccount, State, service_accounts::secret_of},
};

const DAY: i64 = 24 * 3_600;

/// What the secrets of an account look like.
#[derive(Clone, Copy)]
enum Secrets {
    /// One that is good for months.
    Fresh,
    /// One that ends in days.
    EndsSoon,
    /// One that has ended.
    Ended,
    /// Two that are good: somebody is in the middle of changing them.
    Two,
    /// None: the account cannot sign in.
    Missing,
}

/// The first accounts of an organization show each of these.
const SHOWN: [Secrets; 8] = [
    Secrets::EndsSoon,
    Secrets::Two,
    Secrets::Ended,
    Secrets::Fresh,
    Secrets::Fresh,
    Secrets::Missing,
    Secrets::Fresh,
    Secrets::EndsSoon,
];

/// Adds `count` accounts to an organization.
pub(super) fn add(state: &mut State, org: Id, history: &History, age_days: i64, count: u64) {
    for number in 0..count {
        let shown = usize::try_from(number).unwrap_or(0) % SHOWN.len();
        add_one(state, org, history, age_days, SHOWN[shown]);
    }
}

/// An owner whose secret repeats with the seed and outlives the demo; its list lets this machine in.
pub(super) fn add_owner(state: &mut State, org: Id, history: &History) -> ClientSecret {
    let created = history.days_ago(40);
    let id = state.add_account(NewAccount {
        org,
        created,
        name: "Meridian writer".to_owned(),
        description: "Changes that Meridian carries out".to_owned(),
        org_roles: vec!["ORG_OWNER"],
    });
    let client_secret = secret(&mut state.random);
    state.add_secret_until(id, &client_secret, created, history.days_from_now(200));
    let client_id = state.accounts.get_mut(&id).map(|account| {
        account.grants.access_list = this_machine(created);
        account.client_id()
    });
    ClientSecret { client_id: client_id.unwrap_or_default(), client_secret }
}

fn add_one(state: &mut State, org: Id, history: &History, age_days: i64, secrets: Secrets) {
    let random = &mut state.random;
    let created = history.days_ago(1 + below(random, (age_days - 1).clamp(1, 330)));
    let service = random.pick(names::SERVICES);
    let (name, description) = names::ACCOUNTS[usize::try_from(random.below(names::ACCOUNTS_COUNT)).unwrap_or(0)];
    let org_roles = match random.below(100) {
        0..10 => vec!["ORG_OWNER"],
        10..18 => vec!["ORG_GROUP_CREATOR"],
        18..26 => vec!["ORG_BILLING_READ_ONLY"],
        26..46 => vec!["ORG_READ_ONLY"],
        _ => vec!["ORG_MEMBER"],
    };
    let assignments = if org_roles == ["ORG_MEMBER"] { 1 + random.below(2) } else { random.below(2) };
    let id = state.add_account(NewAccount {
        org,
        created,
        name: name.replace("{}", service),
        description: description.replace("{}", service),
        org_roles,
    });
    for _ in 0..assignments {
        if let Some(project) = some_project(state, org) {
            let roles = project_roles(&mut state.random);
            state.assign(CallerId::Account(id), project, roles);
        }
    }
    let list = some_list(&mut state.random, created, history);
    if let Some(account) = state.accounts.get_mut(&id) {
        account.grants.access_list = list;
    }
    for (made, ends) in lives(secrets, created, history, &mut state.random) {
        let text = secret(&mut state.random);
        state.add_secret_until(id, &text, made, ends);
        let used = history.last_use(made, &mut state.random).map(|at| at.min(ends));
        if let Some(secret) = state.accounts.get_mut(&id).and_then(|account| account.secrets.last_mut()) {
            secret.last_used = used;
        }
    }
}

/// From when to when each secret is good. What is good now moves with the clock, so that it stays so; what has ended
/// ended at a fixed time.
fn lives(secrets: Secrets, created: Timestamp, history: &History, random: &mut Random) -> Vec<(Timestamp, Timestamp)> {
    let fresh = history.days_from_now(60 + below(random, 240));
    let soon = history.days_from_now(2 + below(random, 12));
    match secrets {
        Secrets::Fresh => vec![(created, fresh)],
        Secrets::EndsSoon => vec![(created, soon)],
        Secrets::Two => vec![(created, soon), (history.days_ago(1), fresh)],
        Secrets::Ended => {
            let ended = created.checked_add(SignedDuration::from_secs(DAY)).unwrap_or(created);
            vec![(created, ended)]
        }
        Secrets::Missing => Vec::new(),
    }
}

/// A secret that repeats with the seed.
fn secret(random: &mut Random) -> String {
    let mut bytes = [0; 30];
    bytes.chunks_mut(8).for_each(|chunk| chunk.copy_from_slice(&random.next().to_be_bytes()[..chunk.len()]));
    secret_of(bytes)
}
