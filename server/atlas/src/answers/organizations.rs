//! Answers about organizations and their settings.

use serde::Deserialize;

use super::{Other, maybe, or_default};
use crate::{CreatedApiKey, OrgId, ServiceAccount, UserId};

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Its id.
    pub id: OrgId,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Whether it is deleted and only remembered.
    #[serde(default, deserialize_with = "or_default")]
    pub is_deleted: bool,
    /// Whether its new projects begin without Atlas's usual alerts.
    #[serde(default, deserialize_with = "maybe")]
    pub skip_default_alerts_settings: Option<bool>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// The answer to `createOrg`: the only one with the secret of its first credential.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatedOrganization {
    /// The organization.
    pub organization: Organization,
    /// Its first owner.
    #[serde(default, deserialize_with = "maybe")]
    pub org_owner_id: Option<UserId>,
    /// Its first API key, if one was asked for.
    #[serde(default)]
    pub api_key: Option<CreatedApiKey>,
    /// Its first service account, if one was asked for, with its first secret.
    #[serde(default)]
    pub service_account: Option<ServiceAccount>,
    /// The federation it belongs to.
    #[serde(default, deserialize_with = "maybe")]
    pub federation_settings_id: Option<String>,
    /// Whether its new projects begin without Atlas's usual alerts.
    #[serde(default, deserialize_with = "maybe")]
    pub skip_default_alerts_settings: Option<bool>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// The settings of an organization; those Atlas does not tell are absent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgSettings {
    /// Whether API keys and service accounts need an access list.
    #[serde(default, deserialize_with = "maybe")]
    pub api_access_list_required: Option<bool>,
    /// Whether people need a second factor.
    #[serde(default, deserialize_with = "maybe")]
    pub multi_factor_auth_required: Option<bool>,
    /// Whether MongoDB's people are kept out.
    #[serde(default, deserialize_with = "maybe")]
    pub restrict_employee_access: Option<bool>,
    /// Whether features with generative AI are on.
    #[serde(rename = "genAIFeaturesEnabled", default, deserialize_with = "maybe")]
    pub gen_ai_features_enabled: Option<bool>,
    /// How long secrets of service accounts may live, in hours.
    #[serde(default, deserialize_with = "maybe")]
    pub max_service_account_secret_validity_in_hours: Option<u32>,
    /// Whom MongoDB writes to about operations.
    #[serde(default, deserialize_with = "maybe")]
    pub operations_contact: Option<String>,
    /// Whom MongoDB writes to about security.
    #[serde(default, deserialize_with = "maybe")]
    pub security_contact: Option<String>,
    /// Whether stream processing may reach other projects.
    #[serde(default, deserialize_with = "maybe")]
    pub streams_cross_group_enabled: Option<bool>,
    /// When sessions of people end.
    #[serde(default, deserialize_with = "maybe")]
    pub custom_session_timeouts: Option<SessionTimeouts>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// When sessions of people end; absent values are those of Atlas.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionTimeouts {
    /// After signing in.
    #[serde(default, deserialize_with = "maybe")]
    pub absolute_session_timeout_in_seconds: Option<u32>,
    /// After the last action.
    #[serde(default, deserialize_with = "maybe")]
    pub idle_session_timeout_in_seconds: Option<u32>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// What applications may do in people's names; absent lifetimes are those of Atlas.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DelegationSettings {
    /// `DISALLOWED`, `READ_ONLY` or `READ_WRITE`.
    #[serde(default, deserialize_with = "maybe")]
    pub delegated_mcp_access: Option<String>,
    /// `DISALLOWED` or `READ_WRITE`.
    #[serde(default, deserialize_with = "maybe")]
    pub delegated_partner_access: Option<String>,
    /// How long an unused refresh token lives.
    #[serde(default, deserialize_with = "maybe")]
    pub idle_refresh_token_lifetime: Option<u64>,
    /// How long any refresh token lives.
    #[serde(default, deserialize_with = "maybe")]
    pub maximum_refresh_token_lifetime: Option<u64>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}
