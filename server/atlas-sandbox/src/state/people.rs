//! People: their accounts, which all organizations share, and what each organization made of them.
//!
//! A member is somebody's place in one organization, taken or still offered. Somebody with an account keeps the account's
//! identifier in every organization; somebody without one gets an identifier with the first invitation.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::IpAddr,
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{State, saved};
use crate::id::Id;

/// Atlas's published limit of people in one organization, invited ones included. It also bounds those in a project,
/// who are all in its organization.
pub(crate) const MAX_USERS_PER_ORG: usize = 500;
/// How long an invitation can be accepted.
const INVITATION_DAYS: i64 = 30;
/// How many invitations one address may send in [`INVITATION_WINDOW`].
const INVITATIONS_PER_WINDOW: usize = 10;
const INVITATION_WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// Somebody's account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) id: Id,
    pub(crate) username: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) country: String,
    pub(crate) mobile: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) last_auth: Option<Timestamp>,
}

/// Where somebody stands in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Invited.
    Pending,
    /// A member.
    Active,
    /// Did not answer in time.
    Expired,
    /// Declined.
    Rejected,
}

impl Status {
    const ALL: [Self; 4] = [Self::Pending, Self::Active, Self::Expired, Self::Rejected];

    /// Atlas's word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Active => "ACTIVE",
            Self::Expired => "INVITATION_EXPIRED",
            Self::Rejected => "INVITATION_REJECTED",
        }
    }

    /// The status of that name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Whether Atlas counts somebody of this status as belonging to the organization.
    pub(crate) fn is_live(self) -> bool {
        matches!(self, Self::Pending | Self::Active)
    }
}

/// An offer that was not accepted yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Invitation {
    pub(crate) id: Id,
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
    /// A user name, or the public key of a key.
    pub(crate) inviter: String,
    pub(crate) is_rejected: bool,
}

/// Roles by project.
pub(crate) type ProjectRoles = BTreeMap<Id, Vec<&'static str>>;

/// Somebody's place in one organization.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) id: Id,
    pub(crate) username: String,
    /// Nothing once it was accepted.
    pub(crate) invitation: Option<Invitation>,
    #[serde(deserialize_with = "saved::read")]
    pub(crate) org_roles: Vec<&'static str>,
    #[serde(deserialize_with = "saved::read")]
    pub(crate) project_roles: ProjectRoles,
    /// In the order of joining.
    pub(crate) teams: Vec<Id>,
}

impl Member {
    /// Where they stand at `now`.
    pub(crate) fn status(&self, now: Timestamp) -> Status {
        match &self.invitation {
            None => Status::Active,
            Some(invitation) if invitation.is_rejected => Status::Rejected,
            Some(invitation) if invitation.expires <= now => Status::Expired,
            Some(_) => Status::Pending,
        }
    }

    /// Their own roles in a project, not those of their teams.
    pub(crate) fn roles_in(&self, project: Id) -> &[&'static str] {
        self.project_roles.get(&project).map_or(&[], Vec::as_slice)
    }

    /// Whether they have accepted and own the organization.
    pub(crate) fn is_active_owner(&self) -> bool {
        self.invitation.is_none() && self.org_roles.contains(&"ORG_OWNER")
    }

    fn is_called(&self, username: &str) -> bool {
        self.username.eq_ignore_ascii_case(username)
    }
}

/// An invitation to one project, of the old kind that only the old endpoints show.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ProjectInvite {
    pub(crate) username: String,
    #[serde(deserialize_with = "saved::read")]
    pub(crate) roles: Vec<&'static str>,
    pub(crate) invitation: Invitation,
}

/// Somebody to be invited.
#[derive(Debug)]
pub(crate) struct NewMember {
    pub(crate) org: Id,
    pub(crate) username: String,
    pub(crate) org_roles: Vec<&'static str>,
    pub(crate) project_roles: ProjectRoles,
    pub(crate) teams: Vec<Id>,
}

/// Everybody.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct People {
    persons: HashMap<Id, Person>,
    by_name: HashMap<String, Id>,
    members: HashMap<Id, Vec<Member>>,
    project_invites: HashMap<Id, Vec<ProjectInvite>>,
    sent: HashMap<IpAddr, VecDeque<Timestamp>>,
}

impl People {
    /// The account of that identifier.
    pub(crate) fn person(&self, id: Id) -> Option<&Person> {
        self.persons.get(&id)
    }

    /// The account of that user name, whatever its case.
    pub(crate) fn by_name(&self, username: &str) -> Option<&Person> {
        self.persons.get(self.by_name.get(&username.to_lowercase())?)
    }

    /// Adds an account.
    pub(crate) fn add_person(&mut self, person: Person) {
        self.by_name.insert(person.username.to_lowercase(), person.id);
        self.persons.insert(person.id, person);
    }

    /// Everybody an organization knows, the longest known first.
    pub(crate) fn members(&self, org: Id) -> &[Member] {
        self.members.get(&org).map_or(&[], Vec::as_slice)
    }

    /// Somebody in an organization.
    pub(crate) fn member(&self, org: Id, id: Id) -> Option<&Member> {
        self.members(org).iter().find(|member| member.id == id)
    }

    /// The same, to change them.
    pub(crate) fn member_mut(&mut self, org: Id, id: Id) -> Option<&mut Member> {
        self.members.get_mut(&org)?.iter_mut().find(|member| member.id == id)
    }

    /// All of an organization, to change them.
    pub(crate) fn members_mut(&mut self, org: Id) -> &mut [Member] {
        self.members.get_mut(&org).map_or(&mut [], Vec::as_mut_slice)
    }

    /// Somebody in an organization, by user name.
    pub(crate) fn named(&self, org: Id, username: &str) -> Option<&Member> {
        self.members(org).iter().find(|member| member.is_called(username))
    }

    /// Takes somebody out of an organization.
    pub(crate) fn remove(&mut self, org: Id, id: Id) {
        if let Some(members) = self.members.get_mut(&org) {
            members.retain(|member| member.id != id);
        }
    }

    /// Makes somebody with an account a member at once, as whoever creates an organization is.
    pub(crate) fn join(&mut self, org: Id, person: Id, org_roles: Vec<&'static str>) -> bool {
        let Some(username) = self.persons.get(&person).map(|person| person.username.clone()) else {
            return false;
        };
        self.remove(org, person);
        self.members.entry(org).or_default().push(Member {
            id: person,
            username,
            invitation: None,
            org_roles,
            project_roles: BTreeMap::new(),
            teams: Vec::new(),
        });
        true
    }

    /// Takes everybody's roles in a project away, and the invitations to it.
    pub(super) fn forget_project(&mut self, org: Id, project: Id) {
        for member in self.members_mut(org) {
            member.project_roles.remove(&project);
        }
        self.project_invites.remove(&project);
    }

    /// Forgets who was in an organization that is no more.
    pub(super) fn forget_org(&mut self, org: Id) {
        self.members.remove(&org);
    }

    /// Old invitations to a project, expired ones included, oldest first.
    pub(crate) fn project_invites(&self, project: Id) -> &[ProjectInvite] {
        self.project_invites.get(&project).map_or(&[], Vec::as_slice)
    }

    /// The same, to change them.
    pub(crate) fn project_invites_mut(&mut self, project: Id) -> &mut Vec<ProjectInvite> {
        self.project_invites.entry(project).or_default()
    }

    /// Counts one invitation sent from `address`; false when there were too many in the last minute.
    pub(crate) fn may_send(&mut self, address: IpAddr, now: Timestamp) -> bool {
        let sent = self.sent.entry(address).or_default();
        while sent.front().is_some_and(|at| now.duration_since(*at) >= INVITATION_WINDOW) {
            sent.pop_front();
        }
        if sent.len() >= INVITATIONS_PER_WINDOW {
            return false;
        }
        sent.push_back(now);
        true
    }
}

impl State {
    /// A fresh invitation.
    pub(crate) fn new_invitation(&mut self, inviter: String, now: Timestamp) -> Invitation {
        let expires = now.checked_add(SignedDuration::from_hours(24 * INVITATION_DAYS)).unwrap_or(Timestamp::MAX);
        Invitation { id: Id::made_at(now, &mut self.random), created: now, expires, inviter, is_rejected: false }
    }

    /// Offers somebody a place, instead of an offer that expired or was declined, and says their identifier.
    pub(crate) fn invite(&mut self, new: NewMember, invitation: Invitation) -> Id {
        let known = self.people.by_name(&new.username).map(|person| person.id);
        let id = known.unwrap_or_else(|| Id::made_at(invitation.created, &mut self.random));
        let members = self.people.members.entry(new.org).or_default();
        members.retain(|member| !member.is_called(&new.username));
        members.push(Member {
            id,
            username: new.username,
            invitation: Some(invitation),
            org_roles: new.org_roles,
            project_roles: new.project_roles,
            teams: new.teams,
        });
        id
    }

    /// Lets somebody accept every invitation they have in the organization, old ones to projects too; gives them an
    /// account if they have none. False when there is nothing to accept.
    pub(crate) fn accept(&mut self, org: Id, username: &str, now: Timestamp) -> Option<Id> {
        let projects = self.orgs.get(&org)?.projects.clone();
        let mut granted = ProjectRoles::new();
        for project in projects {
            let invites = self.people.project_invites_mut(project);
            let is_open = |invite: &ProjectInvite| {
                invite.username.eq_ignore_ascii_case(username) && invite.invitation.expires > now
            };
            if let Some(invite) = invites.iter().find(|invite| is_open(invite)) {
                granted.insert(project, invite.roles.clone());
            }
            invites.retain(|invite| !is_open(invite));
        }
        let place = self.people.named(org, username);
        let status = place.map(|member| member.status(now));
        if status != Some(Status::Pending) && granted.is_empty() {
            return None;
        }
        let known = self.people.by_name(username).map(|person| person.id).or(place.map(|member| member.id));
        let id = known.unwrap_or_else(|| Id::made_at(now, &mut self.random));
        if self.people.person(id).is_none() {
            self.people.add_person(newcomer(id, username, now));
        }
        if !status.is_some_and(Status::is_live) {
            self.people.join(org, id, vec!["ORG_MEMBER"]);
        }
        let members = self.people.members_mut(org);
        let member = members.iter_mut().find(|member| member.is_called(username))?;
        member.id = id;
        member.invitation = None;
        member.project_roles.extend(granted);
        Some(id)
    }

    /// Lets somebody decline; false when they were not invited.
    pub(crate) fn decline(&mut self, org: Id, username: &str, now: Timestamp) -> bool {
        let members = self.people.members_mut(org).iter_mut();
        let mut invited = members.filter(|member| member.is_called(username) && member.status(now) == Status::Pending);
        let invitation = invited.next().and_then(|member| member.invitation.as_mut());
        invitation.map(|invitation| invitation.is_rejected = true).is_some()
    }
}

/// The account of somebody who says no more about themselves than their address does.
fn newcomer(id: Id, username: &str, now: Timestamp) -> Person {
    let local = username.split('@').next().unwrap_or(username);
    let (first, last) = local.split_once('.').unwrap_or((local, ""));
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    Person {
        id,
        username: username.to_owned(),
        first_name: capital(first),
        last_name: capital(last),
        country: "US".to_owned(),
        mobile: None,
        created: now,
        last_auth: Some(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_invitations_a_minute_may_leave_an_address() {
        let mut people = People::default();
        let start: Timestamp = "2026-08-10T03:02:57Z".parse().unwrap();
        let at = |seconds| start + SignedDuration::from_secs(seconds);
        let here = crate::address::LOOPBACK;
        assert!((0..10).all(|second| people.may_send(here, at(second))));
        assert!(!people.may_send(here, at(59)));
        assert!(people.may_send("192.0.2.1".parse().unwrap(), at(59)), "another address has its own count");
        assert!(people.may_send(here, at(60)));
        assert!(!people.may_send(here, at(60)));
    }

    #[test]
    fn a_newcomer_is_named_after_their_address() {
        let now = "2026-08-10T03:02:57Z".parse().unwrap();
        let id = Id::parse("5e2211c17a3e5a48f5497de3").unwrap();
        let person = newcomer(id, "ada.lovelace@example.com", now);
        assert_eq!((person.first_name.as_str(), person.last_name.as_str()), ("Ada", "Lovelace"));
        assert_eq!(newcomer(id, "root@example.com", now).first_name, "Root");
    }
}
