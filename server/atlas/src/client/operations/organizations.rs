//! Organizations and their settings.

use crate::{
    CreatedOrganization, DelegationChanges, DelegationSettings, Group, NewOrganization, OrgId, OrgSettings,
    OrgSettingsChanges, Organization,
};

calls! {
    /// The organizations the credential sees.
    list list_orgs() -> Organization;
    /// A new organization, linked to the caller's paying one. The answer holds the secret of its first credential,
    /// once.
    one create_org(new: &NewOrganization) -> CreatedOrganization;
    /// One organization.
    one get_org(org: &OrgId) -> Organization;
    /// Another name or other defaults of an organization. Atlas wants the name even when it stays.
    one update_org(org: &OrgId, name: &str, skip_default_alerts: Option<bool>) -> Organization;
    /// Deletes an organization that has no projects any more.
    none delete_org(org: &OrgId);
    /// The settings of an organization. Atlas allows very few of these: ten, then five a minute.
    one get_org_settings(org: &OrgId) -> OrgSettings;
    /// Other settings of an organization; what is not named stays.
    one update_org_settings(org: &OrgId, changes: &OrgSettingsChanges) -> OrgSettings;
    /// What applications may do in people's names.
    one get_org_delegation_settings(org: &OrgId) -> DelegationSettings;
    /// Other limits for what applications may do in people's names.
    one update_org_delegation_settings(org: &OrgId, changes: &DelegationChanges) -> DelegationSettings;
    /// The projects of an organization.
    list list_org_groups(org: &OrgId) -> Group;
    /// The organizations whose names begin so, in any case.
    list list_orgs_named(prefix: &str) -> Organization;
    /// The projects of an organization whose names begin so.
    list list_org_groups_named(org: &OrgId, prefix: &str) -> Group;
}
