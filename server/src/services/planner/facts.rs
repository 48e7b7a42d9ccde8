//! What a plan is computed from, and whether it still holds.

use atlas::{ApiKey, AtlasError, Client, Group};
use domain::{
    create_key::ProjectRoles,
    ids::{OrgId, ProjectId},
    plan::{Change, Fact, Target},
};

use crate::store::StoredDrift;

/// What Atlas holds in one organization, as far as plans are concerned.
#[derive(Debug)]
pub(super) struct Seen {
    /// The organization's name.
    pub(super) org_name: String,
    /// Its projects.
    pub(super) projects: Vec<Group>,
    /// Its keys.
    pub(super) keys: Vec<ApiKey>,
}

pub(super) const ORG_NAME: &str = "organization.name";
const SAME_DESCRIPTION: &str = "keys.same_description";
pub(super) const GONE: &str = "no longer there";
pub(super) const NONE: &str = "none";

/// Reads what plans are computed from.
///
/// # Errors
///
/// When Atlas cannot be read.
pub(super) async fn observe(org: &OrgId, reader: &Client) -> Result<Seen, AtlasError> {
    let org: atlas::OrgId = org.as_str().parse().expect("both kinds of id have the same form");
    let found = reader.get_org(&org).await?;
    let projects = reader.list_org_groups(&org).await?;
    let keys = reader.list_org_api_keys(&org).await?;
    Ok(Seen { org_name: found.name, projects, keys })
}

impl Seen {
    pub(super) fn project_name(&self, project: &ProjectId) -> Option<&str> {
        self.projects.iter().find(|group| group.id.as_str() == project.as_str()).map(|group| group.name.as_str())
    }

    /// The keys whose description is exactly `description`.
    pub(super) fn keys_described<'a>(&'a self, description: &'a str) -> impl Iterator<Item = &'a ApiKey> {
        self.keys.iter().filter(move |key| key.desc == description)
    }

    pub(super) fn facts(&self, description: &str, projects: &[ProjectRoles]) -> Vec<Fact> {
        let mut facts = vec![
            fact(ORG_NAME, "Name of the organization", self.org_name.clone()),
            fact(SAME_DESCRIPTION, "Keys with the same description", self.same_description(description)),
        ];
        facts.extend(projects.iter().map(|project| {
            let value = self.project_name(&project.project).unwrap_or(GONE).to_owned();
            fact(&format!("project.{}.name", project.project), &format!("Project {}", project.project), value)
        }));
        facts
    }

    fn same_description(&self, description: &str) -> String {
        let mut public: Vec<&str> = self.keys_described(description).map(|key| key.public_key.as_str()).collect();
        public.sort_unstable();
        if public.is_empty() { NONE.to_owned() } else { public.join(", ") }
    }
}

pub(super) fn fact(name: &str, label: &str, value: String) -> Fact {
    Fact { name: name.to_owned(), label: label.to_owned(), value }
}

/// The facts of `target` that no longer hold, given what Atlas holds now.
pub(super) fn drift(target: &Target, seen: &Seen) -> Vec<StoredDrift> {
    let description = description(target);
    target
        .observed
        .iter()
        .filter_map(|fact| {
            let now = match fact.name.as_str() {
                ORG_NAME => seen.org_name.clone(),
                SAME_DESCRIPTION => seen.same_description(description),
                name => {
                    let project = name.strip_prefix("project.")?.strip_suffix(".name")?.parse().ok()?;
                    seen.project_name(&project).unwrap_or(GONE).to_owned()
                }
            };
            (now != fact.value).then(|| StoredDrift {
                org_name: target.org_name.clone(),
                label: fact.label.clone(),
                was: fact.value.clone(),
                now,
            })
        })
        .collect()
}

/// The description of the key that `target` adds.
fn description(target: &Target) -> &str {
    target
        .changes
        .iter()
        .find_map(|change| match change {
            Change::KeyAdded { description, .. } => Some(description.as_str()),
            _ => None,
        })
        .unwrap_or_default()
}
