//! Populations: the four organizations of the demo, and any number of generated ones.
//!
//! Everything repeats with the seed. Times of creation are fixed dates, so that identifiers are the same whenever the
//! program starts and what a dashboard has stored about them stays true; only use moves with the clock.

mod accounts;
mod history;
mod names;
mod people;
mod population;
pub(crate) mod scaled;

use std::fmt;

use ipnet::IpNet;
use jiff::Timestamp;

use crate::{
    address,
    id::Id,
    random, roles,
    state::{CallerId, Entry, LONGEST_SECRET_HOURS, NewAccount, NewKey, State, service_accounts::surprising_secret},
};

pub(crate) use people::plant as plant_person;
pub(crate) use population::population;

/// The two parts of an API key. `Debug` hides the private one.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// The public part, the user name of HTTP Digest.
    pub public_key: String,
    /// The private part, the password of HTTP Digest.
    pub private_key: String,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").field("public_key", &self.public_key).field("private_key", &"…").finish()
    }
}

/// What a service account signs in with. `Debug` hides the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret {
    /// The client id, `mdb_sa_id_…`.
    pub client_id: String,
    /// The secret, `mdb_sa_sk_…`.
    pub client_secret: String,
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSecret").field("client_id", &self.client_id).field("client_secret", &"…").finish()
    }
}

/// What it takes to work with one organization of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoCredentials {
    /// The organization.
    pub org_id: String,
    /// Its name.
    pub org_name: String,
    /// Whether it is the organization that pays for the others.
    pub is_paying: bool,
    /// A key for reading.
    pub reader: KeyPair,
    /// Whether the reader may read the access lists of other keys: Atlas lets owners do that, not `ORG_READ_ONLY`.
    pub reads_access_lists: bool,
    /// An `ORG_OWNER` key for changing things, if the organization gave one out.
    pub writer: Option<KeyPair>,
    /// An `ORG_OWNER` service account for changing things, where there is a writer.
    pub service_account: Option<ClientSecret>,
    /// The organization's projects, oldest first.
    pub project_ids: Vec<String>,
}

/// A key to plant.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewCredentials<'a> {
    /// The organization.
    pub org_id: &'a str,
    /// The description.
    pub desc: &'a str,
    /// `ORG_…` roles.
    pub org_roles: &'a [&'a str],
    /// Project ids, each with a `GROUP_…` role.
    pub project_roles: &'a [(&'a str, &'a str)],
    /// Addresses and ranges.
    pub access_list: &'a [&'a str],
}

/// A planted key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlantedKey {
    /// Its id.
    pub id: String,
    /// Both parts.
    pub pair: KeyPair,
}

/// What [`NewCredentials`] say, found and understood.
struct Planted {
    org: Id,
    org_roles: Vec<&'static str>,
    project_roles: Vec<(Id, &'static str)>,
    access_list: Vec<IpNet>,
}

impl Planted {
    fn read(state: &State, new: &NewCredentials<'_>) -> Option<Self> {
        let org = Id::parse(new.org_id).filter(|id| state.orgs.contains_key(id))?;
        let org_roles: Option<Vec<_>> = new.org_roles.iter().map(|name| roles::org_role(name)).collect();
        let project_roles = new.project_roles.iter().map(|(project, role)| {
            let project =
                Id::parse(project).filter(|id| state.projects.get(id).is_some_and(|project| project.org == org))?;
            Some((project, roles::project_role(role)?))
        });
        let project_roles = project_roles.collect::<Option<_>>()?;
        let access_list: Option<Vec<_>> =
            new.access_list.iter().map(|text| address::in_path(text)?.or_else(|| text.parse().ok())).collect();
        Some(Self { org, org_roles: org_roles?, project_roles, access_list: access_list? })
    }

    fn give(self, state: &mut State, caller: CallerId, now: Timestamp) -> Option<()> {
        for (project, role) in self.project_roles {
            let mut wanted = state.grants(caller)?.roles_in(project).to_vec();
            wanted.push(role);
            state.assign(caller, project, wanted);
        }
        state.grants_mut(caller)?.access_list =
            self.access_list.into_iter().map(|net| Entry::unused(net, now)).collect();
        Some(())
    }
}

/// Adds a key that nobody asked the API for.
pub(crate) fn plant(state: &mut State, new: &NewCredentials<'_>, now: Timestamp) -> Option<PlantedKey> {
    let planted = Planted::read(state, new)?;
    let private_key = random::surprising_private_key();
    let key = NewKey {
        org: planted.org,
        created: now,
        desc: new.desc.to_owned(),
        org_roles: planted.org_roles.clone(),
        private: &private_key,
    };
    let id = state.add_key(key);
    planted.give(state, CallerId::Key(id), now)?;
    let public_key = state.keys.get(&id)?.public.clone();
    Some(PlantedKey { id: id.to_string(), pair: KeyPair { public_key, private_key } })
}

/// Adds a service account that nobody asked the API for.
pub(crate) fn plant_account(state: &mut State, new: &NewCredentials<'_>, now: Timestamp) -> Option<ClientSecret> {
    let planted = Planted::read(state, new)?;
    let account = NewAccount {
        org: planted.org,
        created: now,
        name: new.desc.to_owned(),
        description: new.desc.to_owned(),
        org_roles: planted.org_roles.clone(),
    };
    let id = state.add_account(account);
    let client_secret = surprising_secret();
    state.add_secret(id, &client_secret, now, LONGEST_SECRET_HOURS);
    planted.give(state, CallerId::Account(id), now)?;
    Some(ClientSecret { client_id: state.accounts.get(&id)?.client_id(), client_secret })
}

/// The credentials of the paying organization's owner (the first one's, if none pays), a line each.
pub(crate) fn shell_lines(credentials: &[DemoCredentials], base_url: &str) -> String {
    let Some(chosen) = credentials.iter().find(|one| one.is_paying).or(credentials.first()) else {
        return String::new();
    };
    let pair = chosen.writer.as_ref().unwrap_or(&chosen.reader);
    let project = chosen.project_ids.first().map_or("", String::as_str);
    let mut lines = format!(
        "ATLAS_BASE_URL={base_url}\nATLAS_PUBLIC_KEY={}\nATLAS_PRIVATE_KEY={}\nATLAS_ORG_ID={}\nATLAS_PROJECT_ID={project}\n",
        pair.public_key, pair.private_key, chosen.org_id
    );
    if let Some(account) = &chosen.service_account {
        let text = format!("ATLAS_CLIENT_ID={}\nATLAS_CLIENT_SECRET={}\n", account.client_id, account.client_secret);
        lines.push_str(&text);
    }
    lines
}

/// Adds a key with a private part that repeats with the seed; its list lets this machine in.
fn add_credentials(state: &mut State, org: Id, desc: &str, role: &'static str, created: Timestamp) -> KeyPair {
    let private_key = state.random.private_key();
    let new = NewKey { org, created, desc: desc.to_owned(), org_roles: vec![role], private: &private_key };
    let id = state.add_key(new);
    let mut public_key = String::new();
    if let Some(key) = state.keys.get_mut(&id) {
        public_key.clone_from(&key.public);
        key.grants.access_list = this_machine(created);
    }
    KeyPair { public_key, private_key }
}

/// An access list that lets this machine in.
fn this_machine(created: Timestamp) -> Vec<Entry> {
    [address::LOOPBACK, address::LOOPBACK_V6].map(|address| Entry::unused(IpNet::from(address), created)).into()
}

/// What others need to know about an organization that is complete.
fn credentials_of(
    state: &State,
    org: Id,
    reader: KeyPair,
    reads_access_lists: bool,
    writer: Option<KeyPair>,
) -> DemoCredentials {
    let found = state.orgs.get(&org);
    DemoCredentials {
        org_id: org.to_string(),
        org_name: found.map(|org| org.name.clone()).unwrap_or_default(),
        is_paying: false,
        reader,
        reads_access_lists,
        writer,
        service_account: None,
        project_ids: found.map(|org| org.projects.iter().map(ToString::to_string).collect()).unwrap_or_default(),
    }
}
