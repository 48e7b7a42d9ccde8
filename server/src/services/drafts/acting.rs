//! Which stored connection will act for a request, and whether its roles suffice: said before anything is typed.

use app::{
    api::{
        connections::{Health, OrganizationRow},
        drafts::ActingOrg,
    },
    backend::{Answer, Caller},
};
use domain::{
    ids::OrgId,
    people::{Permission, Role},
};

use super::Drafts;
use crate::store::CredentialRecord;

/// The role that Atlas wants for creating keys, their access lists and project roles (`createOrgApiKey`: Org Owner).
const NEEDED: &str = "ORG_OWNER";

/// The organizations of the wizard's first step, or `only` one of them; those that cannot be chosen say why.
pub(super) async fn organizations(drafts: &Drafts, caller: &Caller, only: Option<&str>) -> Answer<Vec<ActingOrg>> {
    let mut rows = drafts.connections.list(caller).await?;
    rows.retain(|row| only.is_none_or(|only| row.org.as_str() == only));
    let orgs: Vec<OrgId> = rows.iter().map(|row| row.org.clone()).collect();
    let writers = drafts.store.writers(Some(&orgs)).await?;
    let choice = |row: OrganizationRow| {
        let (acting, can_execute) = describe(writers.get(&row.org));
        ActingOrg {
            obstacle: obstacle(caller, &row),
            org: row.org,
            name: row.label,
            environment: row.environment,
            acting,
            can_execute,
        }
    };
    Ok(rows.into_iter().map(choice).collect())
}

/// Which connection will act in `org`, in a sentence.
pub(super) async fn sentence(drafts: &Drafts, org: &OrgId) -> Answer<String> {
    let writers = drafts.store.writers(Some(std::slice::from_ref(org))).await?;
    Ok(describe(writers.get(org)).0)
}

fn obstacle(caller: &Caller, row: &OrganizationRow) -> Option<String> {
    if !caller.grants.allow(Permission::Request(&row.org)) {
        return Some(format!("Asking for changes here needs the role {}.", Role::Operator));
    }
    match &row.health {
        Health::NotYetRead => Some("It has not been read yet. Wait for the first refresh.".to_owned()),
        _ => None,
    }
}

/// What the writer of an organization can do for an approved plan, in a sentence, and whether that suffices.
pub(in crate::services) fn describe(writer: Option<&CredentialRecord>) -> (String, bool) {
    let Some(writer) = writer else {
        let sentence = "There is no writer, so an approved plan has to be carried out by hand with the Atlas CLI.";
        return (sentence.to_owned(), false);
    };
    let CredentialRecord { public_key: key, tested } = writer;
    if let Some(failure) = &tested.failure {
        return (format!("The writer {key} failed its last test: {}", failure.problem), false);
    }
    if tested.roles.iter().any(|role| role == NEEDED) {
        return (format!("The writer {key} will act. Its role {NEEDED} suffices."), true);
    }
    let roles = if tested.roles.is_empty() { "no known role".to_owned() } else { tested.roles.join(", ") };
    (format!("The writer {key} holds {roles}; this needs {NEEDED}, so Atlas would refuse."), false)
}
