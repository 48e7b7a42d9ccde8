//! Roles of people in Meridian, and what each may do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::ids::{InvalidId, OrgId};

/// What a person may do here. Roles are local to Meridian; a person may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees the inventory and the requests.
    Viewer,
    /// Asks for changes.
    Operator,
    /// Decides about the changes that others ask for.
    Approver,
    /// Looks after connections, people, policy and settings.
    Administrator,
    /// Reads the log and takes exports.
    Auditor,
}

impl Role {
    /// All roles, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Viewer, Self::Operator, Self::Approver, Self::Administrator, Self::Auditor];

    /// The word stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Approver => "approver",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// The word shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Viewer => "Viewer",
            Self::Operator => "Operator",
            Self::Approver => "Approver",
            Self::Administrator => "Administrator",
            Self::Auditor => "Auditor",
        }
    }

    /// What the role allows, in a line.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Viewer => "Sees organizations, projects, keys and requests.",
            Self::Operator => "Also asks for changes.",
            Self::Approver => "Also approves or denies what others ask for.",
            Self::Administrator => "Looks after connections, people and settings. Does not approve by itself.",
            Self::Auditor => "Sees everything including the log, changes nothing.",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(InvalidId { what: "a role", form: "viewer, operator, approver, administrator or auditor" })
    }
}

/// One role, everywhere or in one organization.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The organization it is for; `None` for all of them, also those connected later.
    pub org: Option<OrgId>,
}

/// All that a person was granted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(pub Vec<Grant>);

/// Something a person may want to do. Checked in services; closed by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission<'a> {
    /// See an organization's inventory and its requests.
    View(&'a OrgId),
    /// Ask for a change in an organization.
    Request(&'a OrgId),
    /// Decide about a change in an organization.
    Decide(&'a OrgId),
    /// Add, replace, test and remove the connection of one organization.
    ManageConnection(&'a OrgId),
    /// Connect organizations that are not known yet.
    AddConnections,
    /// Add people, give and take roles.
    ManagePeople,
    /// Read the whole log.
    ReadLog,
}

impl Permission<'_> {
    /// The role that would allow it, for telling people whom to ask.
    #[must_use]
    pub fn role_needed(self) -> Role {
        match self {
            Self::View(_) => Role::Viewer,
            Self::Request(_) => Role::Operator,
            Self::Decide(_) => Role::Approver,
            Self::ManageConnection(_) | Self::AddConnections | Self::ManagePeople => Role::Administrator,
            Self::ReadLog => Role::Auditor,
        }
    }
}

impl Grants {
    /// Whether `role` is held everywhere.
    #[must_use]
    pub fn has_global(&self, role: Role) -> bool {
        self.0.iter().any(|grant| grant.role == role && grant.org.is_none())
    }

    /// Whether `role` is held in `org`, by a grant for it or for everywhere.
    #[must_use]
    pub fn has(&self, role: Role, org: &OrgId) -> bool {
        self.0.iter().any(|grant| grant.role == role && grant.org.as_ref().is_none_or(|granted| granted == org))
    }

    /// Whether these grants allow `permission`. Every role can see the organizations it is held in.
    #[must_use]
    pub fn allow(&self, permission: Permission<'_>) -> bool {
        match permission {
            Permission::View(org) => Role::ALL.into_iter().any(|role| self.has(role, org)),
            Permission::Request(org) => self.has(Role::Operator, org),
            Permission::Decide(org) => self.has(Role::Approver, org),
            Permission::ManageConnection(org) => self.has(Role::Administrator, org),
            Permission::AddConnections | Permission::ManagePeople => self.has_global(Role::Administrator),
            Permission::ReadLog => self.has_global(Role::Auditor) || self.has_global(Role::Administrator),
        }
    }

    /// The organizations these grants let a person see: `None` means all of them.
    #[must_use]
    pub fn visible_orgs(&self) -> Option<Vec<OrgId>> {
        if self.0.iter().any(|grant| grant.org.is_none()) {
            return None;
        }
        let mut orgs: Vec<OrgId> = self.0.iter().filter_map(|grant| grant.org.clone()).collect();
        orgs.sort();
        orgs.dedup();
        Some(orgs)
    }

    /// Whether any grant writes (operator, approver, administrator); such sessions end sooner.
    #[must_use]
    pub fn can_write(&self) -> bool {
        self.0.iter().any(|grant| matches!(grant.role, Role::Operator | Role::Approver | Role::Administrator))
    }

    /// The roles held somewhere, each once, for a line under the name.
    #[must_use]
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = self.0.iter().map(|grant| grant.role).collect();
        roles.sort();
        roles.dedup();
        roles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org(last: char) -> OrgId {
        format!("5f1a2b3c4d5e6f7081920a1{last}").parse().unwrap()
    }

    fn grants(list: &[(Role, Option<OrgId>)]) -> Grants {
        Grants(list.iter().map(|(role, org)| Grant { role: *role, org: org.clone() }).collect())
    }

    #[test]
    fn nothing_is_allowed_without_a_grant() {
        let none = Grants::default();
        let a = org('a');
        for permission in [
            Permission::View(&a),
            Permission::Request(&a),
            Permission::Decide(&a),
            Permission::ManageConnection(&a),
            Permission::AddConnections,
            Permission::ManagePeople,
            Permission::ReadLog,
        ] {
            assert!(!none.allow(permission), "{permission:?}");
        }
        assert_eq!(none.visible_orgs(), Some(vec![]));
    }

    #[test]
    fn a_grant_for_one_organization_says_nothing_about_another() {
        let grants = grants(&[(Role::Operator, Some(org('a')))]);
        assert!(grants.allow(Permission::Request(&org('a'))));
        assert!(!grants.allow(Permission::Request(&org('b'))));
        assert!(!grants.allow(Permission::View(&org('b'))));
        assert_eq!(grants.visible_orgs(), Some(vec![org('a')]));
    }

    #[test]
    fn an_administrator_is_not_an_approver() {
        let grants = grants(&[(Role::Administrator, None)]);
        assert!(grants.allow(Permission::ManagePeople));
        assert!(!grants.allow(Permission::Decide(&org('a'))));
        assert!(!grants.allow(Permission::Request(&org('a'))));
    }

    #[test]
    fn an_administrator_of_one_organization_does_not_manage_people() {
        let grants = grants(&[(Role::Administrator, Some(org('a')))]);
        assert!(grants.allow(Permission::ManageConnection(&org('a'))));
        assert!(!grants.allow(Permission::ManagePeople));
        assert!(!grants.allow(Permission::AddConnections));
    }
}
