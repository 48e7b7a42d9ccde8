//! The people of a population, their teams and invitations.
//!
//! Everybody comes from one register, so that the same person works in several organizations under one user name. Like
//! everything in a population people repeat with the seed, and they take their numbers from a generator of their own, so
//! that keys and projects are the same with and without them. Invitations are as old as they are whenever the program
//! starts: a fixed date would expire them all in the end.

use std::mem;

use jiff::{SignedDuration, Timestamp};

use super::population::History;
use crate::{
    id::Id,
    random::Random,
    roles,
    state::{
        NewMember, State,
        people::{Person, ProjectRoles},
    },
};

/// How many people an organization gets, and whether somebody owns it alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crowd {
    /// Active people.
    pub(super) active: usize,
    /// People invited and still expected.
    pub(super) pending: usize,
    /// Invitations that expired, and as many again that were declined, halved.
    pub(super) lapsed: usize,
    /// Teams.
    pub(super) teams: usize,
    /// Only one person owns the organization.
    pub(super) one_owner: bool,
}

/// The register: first names, last names and countries are put together by position.
const FIRST: &[&str] = &[
    "Anna",
    "Jonas",
    "Mei",
    "Priya",
    "Lucas",
    "Sofia",
    "Omar",
    "Ingrid",
    "Tomasz",
    "Chiara",
    "Kofi",
    "Elena",
    "Diego",
    "Yuki",
    "Fatima",
    "Henrik",
    "Leila",
    "Marco",
    "Nadia",
    "Oliver",
    "Paula",
    "Rashid",
    "Siri",
    "Thomas",
    "Valentina",
    "Wei",
    "Amara",
    "Björn",
    "Clara",
    "David",
];
const LAST: &[&str] = &[
    "Keller",
    "Lindqvist",
    "Chen",
    "Sharma",
    "Moreau",
    "Rossi",
    "Haddad",
    "Nowak",
    "Okafor",
    "Fischer",
    "García",
    "Tanaka",
    "Jensen",
    "Dubois",
    "Novák",
    "Silva",
    "Walker",
    "Ivanova",
    "Murphy",
];
const COUNTRIES: &[&str] = &["DE", "SE", "SG", "IN", "FR", "IT", "US", "PL", "GB", "NL", "ES", "JP", "DK", "BR", "IE"];
const TEAMS: &[&str] = &[
    "Platform engineering",
    "Site reliability",
    "Checkout",
    "Data analytics",
    "Security",
    "Finance operations",
    "On-call",
    "Mobile",
    "Search",
    "Contractors",
    "Support",
    "Integrations",
    "Database administrators",
    "Architecture",
    "Quality assurance",
    "Logistics planning",
];

/// Where the register ends: a first name for each last name.
const REGISTER: usize = FIRST.len() * LAST.len();

/// People who work for the whole group and so are in every organization, in this order.
const GROUP_WIDE: usize = 4;

/// Fills an organization with people.
pub(super) fn fill(state: &mut State, org: Id, history: &History, crowd: Crowd, seed: u64) {
    let theirs = Random::seeded(seed ^ u64::from(u32::from_be_bytes(*b"crew")));
    let others = mem::replace(&mut state.random, theirs);
    let active = add_active(state, org, history, crowd);
    add_teams(state, org, history, crowd.teams);
    join_teams(state, org, &active);
    invite(state, org, history, crowd);
    state.random = others;
}

fn add_active(state: &mut State, org: Id, history: &History, crowd: Crowd) -> Vec<Id> {
    let mut active = Vec::new();
    // Whoever owns an organization alone is nobody the group as a whole employs.
    let mut position = if crowd.one_owner { GROUP_WIDE + below(&mut state.random, REGISTER / 2) } else { 0 };
    for place in 0..crowd.active {
        let id = registered(state, position, history);
        let org_roles = match place {
            0 => vec!["ORG_OWNER"],
            1 | 2 if !crowd.one_owner => vec!["ORG_OWNER"],
            3 => vec!["ORG_BILLING_ADMIN"],
            4 => vec!["ORG_READ_ONLY"],
            _ => org_roles(&mut state.random),
        };
        let is_member = org_roles.contains(&"ORG_MEMBER");
        state.people.join(org, id, org_roles);
        let projects = project_roles(state, org, if is_member { 3 } else { 1 });
        if let Some(member) = state.people.member_mut(org, id) {
            member.project_roles = projects;
        }
        active.push(id);
        position = next_position(state, org, place);
    }
    active
}

/// Somebody of the register who is not in the organization yet: first those of the whole group, then anybody.
fn next_position(state: &mut State, org: Id, place: usize) -> usize {
    let start = if place + 1 < GROUP_WIDE { place + 1 } else { below(&mut state.random, REGISTER) };
    let free = |position: &usize| state.people.named(org, &username(*position)).is_none();
    (start..REGISTER).chain(0..start).find(free).unwrap_or(start)
}

fn org_roles(random: &mut Random) -> Vec<&'static str> {
    match random.below(20) {
        0 => vec!["ORG_GROUP_CREATOR"],
        1 => vec!["ORG_BILLING_READ_ONLY", "ORG_MEMBER"],
        2 | 3 => vec!["ORG_READ_ONLY"],
        _ => vec!["ORG_MEMBER"],
    }
}

/// Roles in up to `most` projects of the organization.
fn project_roles(state: &mut State, org: Id, most: u64) -> ProjectRoles {
    let projects = state.orgs.get(&org).map_or(&[][..], |org| &org.projects);
    let random = &mut state.random;
    let mut roles = ProjectRoles::new();
    for _ in 0..random.below(most + 1) {
        let Some(project) = projects.get(below(random, projects.len())) else {
            continue;
        };
        roles.insert(*project, some_roles(random));
    }
    roles
}

fn some_roles(random: &mut Random) -> Vec<&'static str> {
    match random.below(8) {
        0 => vec!["GROUP_OWNER"],
        1 => vec!["GROUP_CLUSTER_MANAGER", "GROUP_OBSERVABILITY_VIEWER"],
        2 => vec!["GROUP_DATA_ACCESS_ADMIN"],
        3 | 4 => vec!["GROUP_DATA_ACCESS_READ_WRITE"],
        5 => vec!["GROUP_DATA_ACCESS_READ_ONLY"],
        _ => vec!["GROUP_READ_ONLY"],
    }
}

fn add_teams(state: &mut State, org: Id, history: &History, count: usize) {
    for (number, name) in TEAMS.iter().cycle().take(count).enumerate() {
        let name = match number / TEAMS.len() {
            0 => (*name).to_owned(),
            generation => format!("{name} {}", generation + 1),
        };
        let days = 30 + i64::try_from(state.random.below(400)).unwrap_or(0);
        let id = state.add_team(org, &name, history.days_ago(days));
        let projects = project_roles(state, org, 4);
        if let Some(team) = state.teams.get_mut(org, id) {
            team.project_roles = projects;
        }
    }
}

/// Puts most people into a team or two; every team but the last gets somebody.
fn join_teams(state: &mut State, org: Id, active: &[Id]) {
    let teams: Vec<Id> = state.teams.of_org(org).iter().map(|team| team.id).collect();
    if teams.is_empty() {
        return;
    }
    for (place, id) in active.iter().enumerate() {
        let mut joined = Vec::new();
        if let Some(team) = teams.get(place).filter(|_| place + 1 < teams.len()) {
            joined.push(*team);
        }
        for _ in 0..state.random.below(3) {
            let team = teams[below(&mut state.random, teams.len().max(2) - 1)];
            if !joined.contains(&team) {
                joined.push(team);
            }
        }
        if let Some(member) = state.people.member_mut(org, *id) {
            member.teams = joined;
        }
    }
}

fn invite(state: &mut State, org: Id, history: &History, crowd: Crowd) {
    let owner = state.people.members(org).first().map(|member| member.username.clone()).unwrap_or_default();
    let key = state.orgs.get(&org).and_then(|org| state.keys.get(org.keys.last()?)).map(|key| key.public.clone());
    for number in 0..crowd.pending + crowd.lapsed {
        let is_pending = number < crowd.pending;
        let position = next_position(state, org, REGISTER);
        let is_colleague = state.random.chance(70);
        let username = if is_colleague { username(position) } else { outside(position) };
        if is_colleague && state.random.chance(50) {
            registered(state, position, history);
        }
        let days = i64::try_from(if is_pending { 1 + state.random.below(27) } else { 31 + state.random.below(90) });
        let inviter = key.clone().filter(|_| number % 3 == 1).unwrap_or_else(|| owner.clone());
        let sent = ago(history.now, days.unwrap_or(1));
        let mut invitation = state.new_invitation(inviter, sent);
        invitation.id = Id::made_at(history.days_ago(1), &mut state.random);
        invitation.is_rejected = !is_pending && number % 2 == 1;
        let new = NewMember {
            org,
            username,
            org_roles: vec!["ORG_MEMBER"],
            project_roles: project_roles(state, org, 2),
            teams: Vec::new(),
        };
        // The identifier of somebody without an account must not depend on when the program starts.
        let placed = state.invite(new, invitation);
        if state.people.person(placed).is_none() {
            let fixed = Id::made_at(history.days_ago(1), &mut state.random);
            if let Some(member) = state.people.member_mut(org, placed) {
                member.id = fixed;
            }
        }
    }
}

/// The account of somebody in the register, made when it is first needed.
fn registered(state: &mut State, position: usize, history: &History) -> Id {
    let username = username(position);
    if let Some(person) = state.people.by_name(&username) {
        return person.id;
    }
    // From a generator of this one person: the same whichever organization comes first.
    let mut random = Random::seeded(u64::try_from(position).unwrap_or(0) + 77);
    let created = history.days_ago(90 + i64::try_from(random.below(1_400)).unwrap_or(0));
    let last_auth = match random.below(10) {
        0 => None,
        1 | 2 => Some(ago(history.now, 120 + i64::try_from(random.below(300)).unwrap_or(0))),
        _ => Some(ago(history.now, i64::try_from(random.below(30)).unwrap_or(0))),
    };
    let person = Person {
        id: Id::made_at(created, &mut random),
        username,
        first_name: FIRST[position % FIRST.len()].to_owned(),
        last_name: LAST[position % LAST.len()].to_owned(),
        country: COUNTRIES[position % COUNTRIES.len()].to_owned(),
        mobile: random.chance(60).then(|| format!("+1 212 555 {:04}", 100 + random.below(100))),
        created,
        last_auth: last_auth.filter(|at| *at > created),
    };
    let id = person.id;
    state.people.add_person(person);
    id
}

/// The user name of somebody in the register. The numbers of first and last names have no common divisor, so that no
/// two positions have both in common.
fn username(position: usize) -> String {
    format!("{}@example.com", local(position))
}

/// The address of somebody who works for another company.
fn outside(position: usize) -> String {
    format!("{}@contractor.example.net", local(position))
}

fn local(position: usize) -> String {
    let plain = |name: &str| -> String {
        let letters = name.to_lowercase();
        letters
            .chars()
            .map(|letter| match letter {
                'á' => 'a',
                'í' => 'i',
                'ö' => 'o',
                other => other,
            })
            .collect()
    };
    format!("{}.{}", plain(FIRST[position % FIRST.len()]), plain(LAST[position % LAST.len()]))
}

/// Adds an active person nobody asked the API for.
pub(crate) fn plant(
    state: &mut State,
    org_id: &str,
    username: &str,
    org_roles: &[&str],
    now: Timestamp,
) -> Option<String> {
    let org = Id::parse(org_id).filter(|id| state.orgs.contains_key(id))?;
    let org_roles: Vec<_> = org_roles.iter().map(|name| roles::org_role(name)).collect::<Option<_>>()?;
    let new = NewMember {
        org,
        username: username.to_owned(),
        org_roles,
        project_roles: ProjectRoles::new(),
        teams: Vec::new(),
    };
    let invitation = state.new_invitation(String::new(), now);
    state.invite(new, invitation);
    state.accept(org, username, now).map(|id| id.to_string())
}

fn below(random: &mut Random, bound: usize) -> usize {
    usize::try_from(random.below(u64::try_from(bound).unwrap_or(1))).unwrap_or(0)
}

fn ago(at: Timestamp, days: i64) -> Timestamp {
    at.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn nobody_in_the_register_shares_a_user_name() {
        let names: HashSet<String> = (0..REGISTER).map(username).collect();
        assert_eq!(names.len(), REGISTER);
        assert!(names.iter().all(|name| name.is_ascii()), "an address is plain");
    }
}
