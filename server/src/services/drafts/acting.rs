//! Which stored connection will act for a request, and whether its roles suffice: said before anything is typed.

use app::{
    api::{
        connections::{ConnectionView, Health, OrganizationRow},
        drafts::ActingOrg,
    },
    backend::{Answer, Caller},
};
use domain::{
    ids::OrgId,
    people::{Permission, Role},
};

use super::Drafts;

/// The role that Atlas wants for creating keys, their access lists and project roles (`createOrgApiKey`: Org Owner).
const NEEDED: &str = "ORG_OWNER";

/// The organizations of the wizard's first step, or `only` one of them; those that cannot be chosen say why.
pub(super) async fn organizations(drafts: &Drafts, caller: &Caller, only: Option<&str>) -> Answer<Vec<ActingOrg>> {
    let mut rows = drafts.connections.list(caller).await?;
    rows.retain(|row| only.is_none_or(|only| row.org.as_str() == only));
    let mut organizations = Vec::with_capacity(rows.len());
    for row in rows {
        let connection = drafts.connections.get(caller, &row.org).await?;
        let (acting, can_execute) = describe(&connection);
        organizations.push(ActingOrg {
            obstacle: obstacle(caller, &row),
            org: row.org,
            name: row.label,
            environment: row.environment,
            acting,
            can_execute,
        });
    }
    Ok(organizations)
}

/// Which connection will act in `org`, in a sentence.
pub(super) async fn sentence(drafts: &Drafts, caller: &Caller, org: &OrgId) -> Answer<String> {
    Ok(describe(&drafts.connections.get(caller, org).await?).0)
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

fn describe(connection: &ConnectionView) -> (String, bool) {
    let Some(writer) = &connection.writer else {
        let sentence = "There is no writer, so an approved plan has to be carried out by hand with the Atlas CLI.";
        return (sentence.to_owned(), false);
    };
    let key = &writer.public_key;
    if let Some(failure) = &writer.failure {
        return (format!("The writer {key} failed its last test: {}", failure.problem), false);
    }
    if writer.roles.iter().any(|role| role == NEEDED) {
        return (format!("The writer {key} will act. Its role {NEEDED} suffices."), true);
    }
    let roles = if writer.roles.is_empty() { "no known role".to_owned() } else { writer.roles.join(", ") };
    (format!("The writer {key} holds {roles}; creating keys needs {NEEDED}, so Atlas would refuse."), false)
}
