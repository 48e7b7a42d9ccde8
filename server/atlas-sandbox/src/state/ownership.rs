//! People as owners: of organizations and projects that credentials make for them.

use super::State;
use crate::id::Id;

impl State {
    /// Whether somebody is an active member of an organization.
    pub(crate) fn is_person_of(&self, org: Id, person: Id) -> bool {
        self.people.member(org, person).is_some_and(|member| member.invitation.is_none())
    }

    /// Makes somebody of the project's organization an owner of it.
    pub(crate) fn give_project_to(&mut self, person: Id, project: Id) {
        let Some(org) = self.projects.get(&project).map(|project| project.org) else {
            return;
        };
        if let Some(member) = self.people.member_mut(org, person) {
            member.project_roles.insert(project, vec!["GROUP_OWNER"]);
        }
    }

    /// Copies the roles that active people have in a project to the organization it moves to, where they become members.
    pub(super) fn take_along(&mut self, project: Id, from: Id, to: Id) {
        let active = self.people.members(from).iter().filter(|member| member.invitation.is_none());
        let roles = active.map(|member| (member.id, member.roles_in(project).to_vec()));
        let going: Vec<_> = roles.filter(|(_, roles)| !roles.is_empty()).collect();
        for (person, roles) in going {
            if !self.is_person_of(to, person) {
                self.people.join(to, person, vec!["ORG_MEMBER"]);
            }
            if let Some(member) = self.people.member_mut(to, person) {
                member.project_roles.insert(project, roles);
            }
        }
    }
}
