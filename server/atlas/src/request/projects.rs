//! Requests about projects and their limits.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};

use super::{body::as_body, query::given, requests};
use crate::{GroupId, Name, OrgId, UserId};

/// A project to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// Its organization.
    pub org_id: OrgId,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<NewTag>,
    /// Whether it begins with Atlas's usual alerts; Atlas assumes so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_default_alerts_settings: Option<bool>,
    /// The person who owns it; Atlas takes the caller.
    #[serde(skip)]
    pub owner: Option<UserId>,
}

/// What to change about a project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupChanges {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// All its tags; an empty list takes them away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<NewTag>>,
    /// Whether it has Atlas's usual alerts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_default_alerts_settings: Option<bool>,
}

/// A tag to put on a project; both parts have between 1 and 255 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewTag {
    /// What it tells.
    pub key: String,
    /// What it says.
    pub value: String,
}

/// Where a project moves.
#[derive(Debug, Clone)]
pub struct Migration {
    /// The organization it moves to.
    pub destination: OrgId,
    /// An API key of that organization, by its public and private part; needed when the caller is an API key.
    pub key: Option<(String, SecretString)>,
}

impl Migration {
    fn body(&self) -> Value {
        let mut body = json!({ "destinationOrgId": self.destination.as_str() });
        if let Some((public, private)) = &self.key {
            body["destinationOrgPublicApiKey"] = json!(public);
            body["destinationOrgPrivateApiKey"] = json!(private.expose_secret());
        }
        body
    }
}

requests! {
    /// `listGroups`: the projects the credential sees.
    list_groups() = ListGroups;
    /// `getGroup`: one project.
    get_group(group: &GroupId) = GetGroup;
    /// `getGroupByName`: the project of that name.
    get_group_by_name(name: &Name) = GetGroupByName;
    /// `createGroup`: a new project.
    create_group(; new: &NewGroup) = CreateGroup { as_body(new) } [given("projectOwnerId", &new.owner)];
    /// `updateGroup`: another name or other tags of a project; given tags replace the old ones.
    update_group(group: &GroupId; changes: &GroupChanges) = UpdateGroup { as_body(changes) };
    /// `deleteGroup`: deletes a project that has no clusters any more.
    delete_group(group: &GroupId) = DeleteGroup;
    /// `migrateGroup`: moves a project to another organization.
    migrate_group(group: &GroupId; to: &Migration) = MigrateGroup { to.body() };
    /// `listGroupLimits`: the limits of a project.
    list_group_limits(group: &GroupId) = ListGroupLimits;
    /// `getGroupLimit`: one limit of a project.
    get_group_limit(group: &GroupId, limit: &Name) = GetGroupLimit;
    /// `setGroupLimit`: another value for a limit of a project.
    set_group_limit(group: &GroupId, limit: &Name; value: i64) = SetGroupLimit
        { json!({ "name": limit.as_str(), "value": value }) };
    /// `deleteGroupLimit`: gives a limit of a project its default value again.
    delete_group_limit(group: &GroupId, limit: &Name) = DeleteGroupLimit;
}
