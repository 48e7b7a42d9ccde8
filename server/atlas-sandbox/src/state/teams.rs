//! Teams of an organization, and the roles they have in projects. Who is in a team is written on the members.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Member, State, people::ProjectRoles, saved};
use crate::id::Id;

/// Atlas's published limit of teams in one organization.
pub(crate) const MAX_TEAMS_PER_ORG: usize = 250;
/// Atlas's published limit of teams in one project.
pub(crate) const MAX_TEAMS_PER_PROJECT: usize = 100;
/// Atlas's published limit of people in one team.
pub(crate) const MAX_USERS_PER_TEAM: usize = 250;

/// A team.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Team {
    pub(crate) id: Id,
    pub(crate) name: String,
    #[serde(deserialize_with = "saved::read")]
    pub(crate) project_roles: ProjectRoles,
}

impl Team {
    /// Its roles in a project.
    pub(crate) fn roles_in(&self, project: Id) -> &[&'static str] {
        self.project_roles.get(&project).map_or(&[], Vec::as_slice)
    }
}

/// The teams of all organizations.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Teams(HashMap<Id, Vec<Team>>);

impl Teams {
    /// The teams of an organization, oldest first.
    pub(crate) fn of_org(&self, org: Id) -> &[Team] {
        self.0.get(&org).map_or(&[], Vec::as_slice)
    }

    /// A team of an organization.
    pub(crate) fn get(&self, org: Id, id: Id) -> Option<&Team> {
        self.of_org(org).iter().find(|team| team.id == id)
    }

    /// The same, to change it.
    pub(crate) fn get_mut(&mut self, org: Id, id: Id) -> Option<&mut Team> {
        self.0.get_mut(&org)?.iter_mut().find(|team| team.id == id)
    }

    /// The team of that name.
    pub(crate) fn named(&self, org: Id, name: &str) -> Option<&Team> {
        self.of_org(org).iter().find(|team| team.name == name)
    }

    /// Takes the roles of all teams in a project away.
    pub(super) fn forget_project(&mut self, org: Id, project: Id) {
        for team in self.0.get_mut(&org).into_iter().flatten() {
            team.project_roles.remove(&project);
        }
    }

    /// Forgets the teams of an organization that is no more.
    pub(super) fn forget_org(&mut self, org: Id) {
        self.0.remove(&org);
    }

    /// Whether any organization has a team of that identifier.
    pub(crate) fn exists(&self, id: Id) -> bool {
        self.0.values().flatten().any(|team| team.id == id)
    }
}

impl State {
    /// Adds a team without people and says its id.
    pub(crate) fn add_team(&mut self, org: Id, name: &str, created: Timestamp) -> Id {
        let id = Id::made_at(created, &mut self.random);
        let team = Team { id, name: name.to_owned(), project_roles: ProjectRoles::new() };
        self.teams.0.entry(org).or_default().push(team);
        id
    }

    /// Deletes a team; its people stay in the organization.
    pub(crate) fn delete_team(&mut self, org: Id, id: Id) {
        if let Some(teams) = self.teams.0.get_mut(&org) {
            teams.retain(|team| team.id != id);
        }
        for member in self.people.members_mut(org) {
            member.teams.retain(|team| *team != id);
        }
    }

    /// Who is in a team, invited people included.
    pub(crate) fn in_team(&self, org: Id, team: Id) -> impl Iterator<Item = &Member> {
        self.people.members(org).iter().filter(move |member| member.teams.contains(&team))
    }
}
