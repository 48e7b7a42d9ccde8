//! Makes plans: reads Atlas, and turns typed input into the exact calls a request will send. Planning only reads.
//!
//! Here is the creation of a key; every further kind of change has a module of its own. [`drift`] knows them all.

mod cli;
mod facts;
pub(super) mod narrow;

use app::{backend::Answer, error::ApiError};
use atlas::{AccessListAddress, ApiUserId, AtlasError, AtlasRequest, Client};
use domain::{
    access_list::{Entry, Width, cover_everything},
    atlas_roles::{self, Weight},
    create_key::{CreateKeyInput, IfStepFails, ProjectRoles},
    ids::OrgId,
    key_end::KeyEnd,
    plan::{AddedEntry, CallKind, Change, ChangeKind, NEW_KEY, Plan, PlannedCall, Severity, Target, Warning},
};
use ipnet::IpNet;

use self::facts::{Seen, observe};
use crate::store::StoredDrift;

/// Stands for the id of the key that does not exist yet while a call is built; replaced by [`NEW_KEY`] in the plan.
const PLACEHOLDER: &str = "000000000000000000000000";

/// The most API keys an organization may have, after MongoDB's page of limits.
const MAX_KEYS: usize = 500;

/// Plans the creation of an API key: reads Atlas with `reader` and says what will be sent.
///
/// # Errors
///
/// When Atlas cannot be read, a chosen project is gone, or the organization has no room for another key; each with what to do.
pub(super) async fn plan_create_key(input: &CreateKeyInput, reader: &Client) -> Answer<Plan> {
    let seen = observe(&input.org, reader).await.map_err(|error| cannot_read(&error))?;
    if let Some(gone) = input.projects.iter().find(|project| seen.project_name(&project.project).is_none()) {
        return Err(ApiError::refused(
            format!("The project {} is no longer in {}.", gone.name, seen.org_name),
            "Remove it in the step Projects, then review again.",
        ));
    }
    if seen.keys.len() >= MAX_KEYS {
        return Err(ApiError::refused(
            format!("{} has {} API keys, which is as many as Atlas allows.", seen.org_name, seen.keys.len()),
            "Delete a key that nobody needs, then review again.",
        ));
    }
    let projects: Vec<ProjectRoles> = input
        .projects
        .iter()
        .map(|project| ProjectRoles {
            name: seen.project_name(&project.project).unwrap_or(&project.name).to_owned(),
            ..project.clone()
        })
        .collect();
    let target = Target {
        org: input.org.clone(),
        org_name: seen.org_name.clone(),
        key: None,
        observed: seen.facts(&input.description, &projects),
        changes: changes(input, &projects),
        calls: calls(input, &projects)?,
        on_failure: on_failure(input)?,
    };
    Ok(Plan {
        kind: ChangeKind::CreateApiKey,
        sentence: format!("Create key {} in {}", input.description, seen.org_name),
        warnings: warnings(input, &projects, &seen),
        targets: vec![target],
    })
}

/// What is no longer as it was when `target`, a part of a plan of this kind, was planned. Only reads.
///
/// # Errors
///
/// When Atlas cannot be read.
pub(super) async fn drift(kind: ChangeKind, target: &Target, reader: &Client) -> Result<Vec<StoredDrift>, AtlasError> {
    match kind {
        ChangeKind::CreateApiKey => Ok(facts::drift(target, &observe(&target.org, reader).await?)),
        ChangeKind::NarrowAccessList => narrow::drift(target, reader).await,
    }
}

/// Atlas cannot be read at the moment; what that means for whoever wanted to know.
pub(super) fn cannot_read(error: &AtlasError) -> ApiError {
    let explanation = error.explanation();
    ApiError::refused(format!("Atlas could not be read: {}", explanation.cause), explanation.next_step)
}

fn changes(input: &CreateKeyInput, projects: &[ProjectRoles]) -> Vec<Change> {
    let mut changes = vec![Change::KeyAdded {
        description: input.description.clone(),
        roles: input.roles.clone(),
        end: Some(input.end),
    }];
    if !input.access_list.is_empty() {
        changes.push(Change::AccessListAdded { entries: input.access_list.iter().map(added).collect() });
    }
    changes.extend(projects.iter().map(|project| Change::ProjectRolesAdded {
        project: project.project.clone(),
        name: project.name.clone(),
        roles: project.roles.clone(),
    }));
    changes
}

fn added(entry: &Entry) -> AddedEntry {
    AddedEntry {
        range: entry.range.to_string(),
        width: entry.width_in_words(),
        wide: entry.width() != Width::Narrow,
        comment: entry.comment.clone(),
    }
}

fn calls(input: &CreateKeyInput, projects: &[ProjectRoles]) -> Answer<Vec<PlannedCall>> {
    let org = atlas_org(&input.org)?;
    let key = placeholder_key()?;
    let mut calls = vec![planned(
        CallKind::CreateApiKey,
        format!("Create the API key {} with {}", input.description, input.roles.join(", ")),
        &AtlasRequest::create_org_api_key(&org, &input.description, &input.roles),
        "Delete the key.",
        cli::create_key(&input.org, &input.description, &input.roles),
    )];
    if !input.access_list.is_empty() {
        let addresses = input.access_list.iter().map(|entry| address(&entry.range)).collect::<Answer<Vec<_>>>()?;
        let count = addresses.len();
        calls.push(planned(
            CallKind::AddAccessListEntries,
            format!("Add {count} {} to its access list", if count == 1 { "entry" } else { "entries" }),
            &AtlasRequest::create_access_list_entries(&org, &key, &addresses),
            "Remove the entries, or delete the key.",
            cli::add_entries(&input.org, &input.access_list),
        ));
    }
    for project in projects {
        let group = project.project.as_str().parse().map_err(|_| unplannable())?;
        calls.push(planned(
            CallKind::AddKeyToProject,
            format!("Invite it to the project {} with {}", project.name, project.roles.join(", ")),
            &AtlasRequest::add_group_api_key(&group, &key, &project.roles),
            "Remove the key from the project; it stays in the organization.",
            cli::assign(&project.project, &project.roles),
        ));
    }
    Ok(calls)
}

fn on_failure(input: &CreateKeyInput) -> Answer<Vec<PlannedCall>> {
    if input.if_step_fails == IfStepFails::Keep {
        return Ok(vec![]);
    }
    let request = AtlasRequest::delete_org_api_key(&atlas_org(&input.org)?, &placeholder_key()?);
    let mut call = planned(
        CallKind::DeleteApiKey,
        format!("Delete the API key {} again", input.description),
        &request,
        "Cannot be taken back; ask for a new key.",
        cli::delete_key(&input.org),
    );
    call.irreversible = true;
    Ok(vec![call])
}

fn planned(kind: CallKind, sentence: String, request: &AtlasRequest, undo: &str, cli: String) -> PlannedCall {
    PlannedCall {
        kind,
        sentence,
        method: request.method().as_str().to_owned(),
        path: request.path().replace(PLACEHOLDER, NEW_KEY),
        version: request.version().to_string(),
        body: request.body().cloned(),
        undo: undo.to_owned(),
        irreversible: false,
        cli,
    }
}

fn warnings(input: &CreateKeyInput, projects: &[ProjectRoles], seen: &Seen) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |severity, label: &str, text: String| {
        warnings.push(Warning { severity, label: label.to_owned(), text });
    };
    if input.roles.iter().any(|role| atlas_roles::weight(role) == Weight::Owner) {
        let text = format!("The key may do everything in {}, and is owner of every project there.", seen.org_name);
        warn(Severity::Danger, "Owner role", text);
    } else if let Some(role) = input.roles.iter().find(|role| atlas_roles::weight(role) == Weight::Sensitive) {
        let text = format!("{role} changes more than projects: {}", explanation(role));
        warn(Severity::Attention, "Sensitive role", text);
    }
    let owned: Vec<&str> = projects
        .iter()
        .filter(|project| project.roles.iter().any(|role| atlas_roles::weight(role) == Weight::Owner))
        .map(|project| project.name.as_str())
        .collect();
    if !owned.is_empty() {
        warn(Severity::Danger, "Project owner", format!("The key may do everything in {}.", owned.join(", ")));
    }
    let ranges: Vec<IpNet> = input.access_list.iter().map(|entry| entry.range).collect();
    if ranges.is_empty() {
        let text = "Without an access list the key may be used from anywhere, or, if the organization requires access lists, \
                    from nowhere.";
        warn(Severity::Attention, "No access list", text.to_owned());
    } else if cover_everything(&ranges) {
        let text = "The access list allows every address, which is as good as none.";
        warn(Severity::Danger, "Any address", text.to_owned());
    } else if ranges.iter().any(|range| Width::of(range) != Width::Narrow) {
        let text = "The access list holds a range wider than /16 (IPv4) or /48 (IPv6).";
        warn(Severity::Attention, "Wide range", text.to_owned());
    }
    if input.end == KeyEnd::Never {
        let text = "The key has no end, so nothing will remind anybody to delete it when it is no longer needed.";
        warn(Severity::Attention, "No end", text.to_owned());
    }
    if seen.keys_described(&input.description).next().is_some() {
        let text = format!("{} already has a key with this description.", seen.org_name);
        warn(Severity::Notice, "Same description", text);
    }
    warnings
}

fn explanation(role: &str) -> &'static str {
    atlas_roles::org_role(role).map_or("its meaning is not known here.", |role| role.explanation)
}

fn address(range: &IpNet) -> Answer<AccessListAddress> {
    AccessListAddress::block(range.addr(), range.prefix_len()).map_err(|_| unplannable())
}

fn atlas_org(org: &OrgId) -> Answer<atlas::OrgId> {
    org.as_str().parse().map_err(|_| unplannable())
}

fn placeholder_key() -> Answer<ApiUserId> {
    PLACEHOLDER.parse().map_err(|_| unplannable())
}

/// The input was checked before it came here, so this is a mistake of ours.
fn unplannable() -> ApiError {
    ApiError::refused(
        "The plan could not be made from these answers.",
        "Go through the steps again and check each answer.",
    )
}
