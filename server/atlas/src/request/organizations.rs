//! Requests about organizations, their settings and their projects.

use serde::Serialize;
use serde_json::{Value, json};

use super::{body::as_body, requests};
use crate::{NewServiceAccount, OrgId, UserId};

/// An organization to be made. Atlas links it to the caller's organization, which has to be a paying one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewOrganization {
    /// Its name.
    pub name: String,
    /// Its first owner, a person of the caller's organization; needed when the caller is an API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_owner_id: Option<UserId>,
    /// Its first credential.
    #[serde(flatten)]
    pub credential: Option<NewCredential>,
    /// The federation it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub federation_settings_id: Option<String>,
    /// Whether new projects begin without Atlas's usual alerts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_default_alerts_settings: Option<bool>,
}

impl NewOrganization {
    /// One with nothing but a name.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            org_owner_id: None,
            credential: None,
            federation_settings_id: None,
            skip_default_alerts_settings: None,
        }
    }
}

/// The first credential of a new organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum NewCredential {
    /// An API key.
    #[serde(rename = "apiKey")]
    ApiKey {
        /// Its description.
        desc: String,
        /// Its organization roles.
        roles: Vec<String>,
    },
    /// A service account.
    #[serde(rename = "serviceAccount")]
    ServiceAccount(NewServiceAccount),
}

/// Settings of an organization to change. `None` keeps one as it is; `Some(None)` takes its value away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgSettingsChanges {
    /// Whether API keys and service accounts need an access list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_access_list_required: Option<bool>,
    /// Whether people need a second factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi_factor_auth_required: Option<bool>,
    /// Whether MongoDB's people are kept out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrict_employee_access: Option<bool>,
    /// Whether features with generative AI are on.
    #[serde(rename = "genAIFeaturesEnabled", skip_serializing_if = "Option::is_none")]
    pub gen_ai_features_enabled: Option<bool>,
    /// How long secrets of service accounts may live, in hours, from 8 to 8760.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_service_account_secret_validity_in_hours: Option<u32>,
    /// Whom MongoDB writes to about operations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operations_contact: Option<Option<String>>,
    /// Whom MongoDB writes to about security; the empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_contact: Option<String>,
    /// Whether stream processing may reach other projects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streams_cross_group_enabled: Option<bool>,
    /// When sessions of people end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_session_timeouts: Option<SessionTimeoutChanges>,
}

/// When sessions of people end. `Some(None)` goes back to Atlas's own value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionTimeoutChanges {
    /// After signing in, in seconds, from 3600 to 43200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absolute_session_timeout_in_seconds: Option<Option<u32>>,
    /// After the last action, in seconds, 300 or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_session_timeout_in_seconds: Option<Option<u32>>,
}

/// Limits for applications to change. `None` keeps one as it is; `Some(None)` goes back to Atlas's own value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DelegationChanges {
    /// `DISALLOWED`, `READ_ONLY` or `READ_WRITE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegated_mcp_access: Option<Option<String>>,
    /// `DISALLOWED` or `READ_WRITE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegated_partner_access: Option<Option<String>>,
    /// How long an unused refresh token lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_refresh_token_lifetime: Option<Option<u64>>,
    /// How long any refresh token lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_refresh_token_lifetime: Option<Option<u64>>,
}

fn organization(name: &str, skip_default_alerts: Option<bool>) -> Value {
    let mut body = json!({ "name": name });
    if let Some(skip) = skip_default_alerts {
        body["skipDefaultAlertsSettings"] = json!(skip);
    }
    body
}

requests! {
    /// `listOrgs`: the organizations the credential sees.
    list_orgs() = ListOrgs;
    /// `createOrg`: a new organization, linked to the caller's paying one. The answer holds the secret of its
    /// first credential, once.
    create_org(; new: &NewOrganization) = CreateOrg { as_body(new) };
    /// `getOrg`: one organization.
    get_org(org: &OrgId) = GetOrg;
    /// `updateOrg`: another name or other defaults of an organization. Atlas wants the name even when it stays.
    update_org(org: &OrgId; name: &str, skip_default_alerts: Option<bool>) = UpdateOrg { organization(name, skip_default_alerts) };
    /// `deleteOrg`: deletes an organization that has no projects any more.
    delete_org(org: &OrgId) = DeleteOrg;
    /// `getOrgSettings`: the settings of an organization. Atlas allows very few of these: ten, then five a minute.
    get_org_settings(org: &OrgId) = GetOrgSettings;
    /// `updateOrgSettings`: other settings of an organization; what is not named stays.
    update_org_settings(org: &OrgId; changes: &OrgSettingsChanges) = UpdateOrgSettings { as_body(changes) };
    /// `getOrgDelegationSettings`: what applications may do in people's names.
    get_org_delegation_settings(org: &OrgId) = GetOrgDelegationSettings;
    /// `updateOrgDelegationSettings`: other limits for what applications may do in people's names.
    update_org_delegation_settings(org: &OrgId; changes: &DelegationChanges) = UpdateOrgDelegationSettings
        { as_body(changes) };
    /// `getOrgGroups`: the projects of an organization.
    list_org_groups(org: &OrgId) = GetOrgGroups;
    /// `listOrgs`: the organizations whose names begin so, in any case.
    list_orgs_named(; prefix: &str) = ListOrgs [vec![("name", prefix.to_owned())]];
    /// `getOrgGroups`: the projects of an organization whose names begin so.
    list_org_groups_named(org: &OrgId; prefix: &str) = GetOrgGroups [vec![("name", prefix.to_owned())]];
}
