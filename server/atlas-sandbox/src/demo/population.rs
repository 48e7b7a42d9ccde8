//! The four organizations of the demo, and the keys and projects that any organization is filled with.

use std::net::IpAddr;

use ipnet::IpNet;
use jiff::{SignedDuration, Timestamp, civil};

use super::{
    DemoCredentials, accounts, add_credentials, credentials_of,
    history::{self, Detail},
    names,
    people::{self, Crowd},
};
use crate::{
    id::Id,
    random::Random,
    state::{CallerId, Entry, NewKey, State},
};

/// The seed of the demo.
const SEED: u64 = 20_260_810;

/// Where the demo's history ends: nothing in it was created later.
const HISTORY_ENDS: civil::DateTime = civil::datetime(2026, 7, 31, 9, 0, 0, 0);

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

struct Org {
    name: &'static str,
    age_days: i64,
    requires_access_list: bool,
    is_paying: bool,
    projects: u64,
    keys: u64,
    /// The reader is an owner, because only owners may read access lists.
    owner_reads: bool,
    has_writer: bool,
    people: usize,
}

/// The demo as it is at `now`.
pub(crate) fn population(now: Timestamp) -> (State, Vec<DemoCredentials>) {
    let org = Org {
        name: "Payments EU",
        age_days: 1_480,
        requires_access_list: true,
        is_paying: false,
        projects: 12,
        keys: 36,
        owner_reads: true,
        has_writer: true,
        people: 26,
    };
    let orgs = [
        Org {
            name: "Retail Platform",
            age_days: 1_210,
            requires_access_list: false,
            projects: 20,
            keys: 58,
            people: 41,
            ..org
        },
        Org { name: "Group Finance", age_days: 1_830, is_paying: true, projects: 3, keys: 11, people: 9, ..org },
        Org {
            name: "Logistics US",
            age_days: 640,
            requires_access_list: false,
            projects: 8,
            keys: 24,
            owner_reads: false,
            has_writer: false,
            people: 14,
            ..org
        },
    ];
    let mut state = State::empty(SEED);
    let orgs: Vec<Org> = std::iter::once(org).chain(orgs).collect();
    let mut filled: Vec<_> = orgs.iter().map(|org| fill(&mut state, org, now)).collect();
    // After all keys: what was there before there were accounts keeps its identifiers.
    for (org, credentials) in orgs.iter().zip(&mut filled) {
        add_accounts(&mut state, org, credentials, now);
    }
    history::tell(&mut state, &filled, &History::until(now), Detail::Full);
    (state, filled)
}

fn fill(state: &mut State, org: &Org, now: Timestamp) -> DemoCredentials {
    let history = History::until(now);
    let id = state.add_org(org.name, history.days_ago(org.age_days), org.requires_access_list);
    add_projects(state, id, org.projects, &history, org.age_days);
    let (role, name) = if org.owner_reads {
        ("ORG_OWNER", "Meridian reader (owner, to read access lists)")
    } else {
        ("ORG_READ_ONLY", "Meridian reader")
    };
    let reader = add_credentials(state, id, name, role, history.days_ago(40));
    let writer =
        org.has_writer.then(|| add_credentials(state, id, "Meridian writer", "ORG_OWNER", history.days_ago(40)));
    (0..org.keys).for_each(|_| add_key(state, id, &history, org.age_days));
    people::fill(state, id, &history, crowd(org), SEED + org.keys);
    DemoCredentials { is_paying: org.is_paying, ..credentials_of(state, id, reader, org.owner_reads, writer) }
}

fn add_accounts(state: &mut State, org: &Org, credentials: &mut DemoCredentials, now: Timestamp) {
    let Some(id) = Id::parse(&credentials.org_id) else {
        return;
    };
    let history = History::until(now);
    if org.has_writer {
        credentials.service_account = Some(accounts::add_owner(state, id, &history));
    }
    accounts::add(state, id, &history, org.age_days, 3 + org.projects / 2);
}

/// An organization that gave no writer out is small, and somebody owns it alone.
fn crowd(org: &Org) -> Crowd {
    Crowd {
        active: org.people,
        pending: 1 + org.people / 10,
        lapsed: 1 + org.people / 12,
        teams: 2 + org.people / 6,
        one_owner: !org.has_writer,
    }
}

/// Fixed dates for what was created, and now for what was used.
pub(super) struct History {
    end: Timestamp,
    pub(super) now: Timestamp,
}

impl History {
    /// The history as seen at `now`; a clock before its end shortens it.
    pub(super) fn until(now: Timestamp) -> Self {
        let end = jiff::tz::TimeZone::UTC.to_timestamp(HISTORY_ENDS).unwrap_or(now);
        Self { end: end.min(now), now }
    }

    /// When somebody looks at it.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// That many days before the history ends.
    pub(super) fn days_ago(&self, days: i64) -> Timestamp {
        ago(self.end, days * DAY)
    }

    /// That many days after now.
    pub(super) fn days_from_now(&self, days: i64) -> Timestamp {
        self.now.checked_add(SignedDuration::from_secs(days * DAY)).unwrap_or(self.now)
    }

    /// Some moment since `created`, or never: half of what was used was used lately.
    pub(super) fn last_use(&self, created: Timestamp, random: &mut Random) -> Option<Timestamp> {
        let age = (self.now.as_second() - created.as_second()).max(0);
        match random.below(4) {
            0 => None,
            1 => Some(ago(self.now, below(random, 3 * DAY).min(age))),
            2 => Some(ago(self.now, below(random, 40 * DAY).min(age))),
            _ => Some(ago(self.now, (90 * DAY + below(random, 400 * DAY)).min(age))),
        }
    }
}

/// Adds projects to an organization.
pub(super) fn add_projects(state: &mut State, org: Id, count: u64, history: &History, age_days: i64) {
    for number in 0..count {
        let each = u64::try_from(names::ENVIRONMENTS.len()).unwrap_or(1);
        let nth = |index: u64, names: &[&'static str]| {
            let count = u64::try_from(names.len()).unwrap_or(1);
            names[usize::try_from(index % count).unwrap_or(0)]
        };
        let (service, environment) = (nth(number / each, names::SERVICES), nth(number, names::ENVIRONMENTS));
        let generation = number / (each * u64::try_from(names::SERVICES.len()).unwrap_or(1));
        let name = match generation {
            0 => format!("{service}-{environment}"),
            _ => format!("{service}-{environment}-{}", generation + 1),
        };
        let created = history.days_ago(below(&mut state.random, age_days));
        let clusters = u32::try_from(state.random.below(4)).unwrap_or(0);
        let id = state.add_project(org, &name, created, clusters);
        if let Some(project) = state.projects.get_mut(&id) {
            project.tags =
                vec![("environment".to_owned(), environment.to_owned()), ("service".to_owned(), service.to_owned())];
        }
    }
}

/// Adds a key with roles, projects, an access list and a past.
pub(super) fn add_key(state: &mut State, org: Id, history: &History, age_days: i64) {
    let created = history.days_ago(below(&mut state.random, age_days.max(1)));
    let random = &mut state.random;
    let desc = random.pick(names::PURPOSES).replace("{}", random.pick(names::SERVICES));
    let org_roles = match random.below(100) {
        0..12 => vec!["ORG_OWNER"],
        12..20 => vec!["ORG_GROUP_CREATOR"],
        20..28 => vec!["ORG_BILLING_READ_ONLY"],
        28..32 => vec!["ORG_BILLING_ADMIN", "ORG_MEMBER"],
        32..48 => vec!["ORG_READ_ONLY"],
        _ => vec!["ORG_MEMBER"],
    };
    let private = random.private_key();
    let assignments = if org_roles == ["ORG_MEMBER"] { 1 + random.below(3) } else { random.below(2) };
    let id = state.add_key(NewKey { org, created, desc, org_roles, private: &private });
    for _ in 0..assignments {
        let Some(project) = some_project(state, org) else {
            continue;
        };
        let roles = project_roles(&mut state.random);
        state.assign(CallerId::Key(id), project, roles);
    }
    let list = some_list(&mut state.random, created, history);
    if let Some(key) = state.keys.get_mut(&id) {
        key.grants.access_list = list;
    }
}

/// One of the organization's projects, if it has any.
pub(super) fn some_project(state: &mut State, org: Id) -> Option<Id> {
    let projects = state.orgs.get(&org).map_or(&[][..], |org| &org.projects);
    let count = u64::try_from(projects.len()).unwrap_or(0);
    projects.get(usize::try_from(state.random.below(count)).unwrap_or(0)).copied()
}

/// Roles in one project.
pub(super) fn project_roles(random: &mut Random) -> Vec<&'static str> {
    match random.below(10) {
        0..3 => vec!["GROUP_OWNER"],
        3..5 => vec!["GROUP_CLUSTER_MANAGER"],
        5 => vec!["GROUP_DATA_ACCESS_READ_WRITE", "GROUP_OBSERVABILITY_VIEWER"],
        6 => vec!["GROUP_BACKUP_MANAGER"],
        7 => vec!["GROUP_DATA_ACCESS_READ_ONLY"],
        _ => vec!["GROUP_READ_ONLY"],
    }
}

/// One list in five is empty, one in twelve open to the world.
pub(super) fn some_list(random: &mut Random, created: Timestamp, history: &History) -> Vec<Entry> {
    let mut texts: Vec<&str> = Vec::new();
    if random.chance(8) {
        texts.push("0.0.0.0/0");
    }
    if random.chance(80) {
        for _ in 0..=random.below(3) {
            let text = random.pick(names::RANGES);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    let nets: Vec<IpNet> = texts.into_iter().filter_map(|text| text.parse().ok()).collect();
    nets.into_iter().map(|net| used(net, random, created, history)).collect()
}

fn used(net: IpNet, random: &mut Random, created: Timestamp, history: &History) -> Entry {
    let mut entry = Entry::unused(net, created);
    if let Some(at) = history.last_use(created, random) {
        entry.count = 1 + u32::try_from(random.below(20_000)).unwrap_or(0);
        entry.last_used = Some((at, somewhere_in(net, random)));
    }
    entry
}

/// An address of the range.
fn somewhere_in(net: IpNet, random: &mut Random) -> IpAddr {
    match net {
        IpNet::V4(net) if net.prefix_len() == 0 => IpAddr::from([203, 0, 113, 77]),
        IpNet::V4(net) => net.hosts().nth(usize::try_from(random.below(200)).unwrap_or(0)).unwrap_or(net.addr()).into(),
        IpNet::V6(net) => net.hosts().nth(usize::try_from(random.below(200)).unwrap_or(0)).unwrap_or(net.addr()).into(),
    }
}

/// A number from 0 to below `bound`.
pub(super) fn below(random: &mut Random, bound: i64) -> i64 {
    i64::try_from(random.below(u64::try_from(bound).unwrap_or(1))).unwrap_or(0)
}

fn ago(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(at)
}
