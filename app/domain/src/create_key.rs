//! The wizard "Create an API key": its draft as people typed it, its steps, and the typed input a plan is made from.

use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    FieldError, access_list,
    atlas_roles::{self},
    description::{check_description, check_prose},
    ids::{InvalidId, OrgId, ProjectId},
    key_end::{self, KeyEnd},
};

/// The most projects one request may invite a key to; Atlas allows 250 projects in an organization.
pub const MAX_PROJECTS: usize = 250;
/// The longest reason, in characters.
pub const MAX_REASON: usize = 2_000;
/// The longest ticket reference, in characters.
pub const MAX_TICKET: usize = 80;

/// A step of the wizard; each has an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Which organization, and which connection will act.
    Organization,
    /// Description and organization roles.
    Description,
    /// Where the key may be used from.
    AccessList,
    /// Which projects it is invited to, with which roles.
    Projects,
    /// How long it is needed.
    Expiry,
    /// Everything once more, the reason, and the button.
    Review,
}

impl Step {
    /// All steps in order.
    pub const ALL: [Self; 6] =
        [Self::Organization, Self::Description, Self::AccessList, Self::Projects, Self::Expiry, Self::Review];

    /// The word in the address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Description => "description",
            Self::AccessList => "access-list",
            Self::Projects => "projects",
            Self::Expiry => "expiry",
            Self::Review => "review",
        }
    }

    /// The name in the list of steps.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Organization => "Organization",
            Self::Description => "Description and roles",
            Self::AccessList => "Access list",
            Self::Projects => "Projects",
            Self::Expiry => "Expiry",
            Self::Review => "Review",
        }
    }

    /// The step after this one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|step| *step > self)
    }

    /// The step before this one.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|step| *step < self)
    }
}

impl FromStr for Step {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::ALL.into_iter().find(|step| step.as_str() == text).ok_or(InvalidId {
            what: "a step",
            form: "organization, description, access-list, projects, expiry or review",
        })
    }
}

/// What happens to the new key when a call after its creation fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfStepFails {
    /// The key stays as far as it got, and the request says so.
    #[default]
    Keep,
    /// The key is deleted again, so that no half-made key is left behind.
    Delete,
}

/// Roles in one project, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftProject {
    /// The project's id.
    pub project: String,
    /// The names of the roles.
    pub roles: Vec<String>,
}

/// The wizard's answers as people typed them, right or wrong; nothing typed is lost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateKeyDraft {
    /// The organization's id.
    pub org: String,
    /// The key's description.
    pub description: String,
    /// The names of the organization roles.
    pub roles: Vec<String>,
    /// The lines of addresses and ranges.
    pub access_list: String,
    /// The ticked box "this key may call from anywhere", wanted when there are no lines.
    pub no_access_list: bool,
    /// The projects and their roles.
    pub projects: Vec<DraftProject>,
    /// What happens when a later call fails: `keep` or `delete`.
    pub if_step_fails: String,
    /// How long the key is needed: a number of days, `date` or `never`.
    #[serde(default = "default_expiry")]
    pub expiry: String,
    /// The day, when `expiry` is `date`.
    pub expiry_date: String,
    /// Why the change is wanted.
    pub reason: String,
    /// A ticket's number or address.
    pub ticket: String,
    /// The steps that were left with *Continue* at least once.
    pub visited: Vec<Step>,
}

/// Drafts from before there was the question are asked it as new ones are.
fn default_expiry() -> String {
    key_end::DEFAULT_CHOICE.to_owned()
}

/// A project with its name, as far as it is known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownProject {
    /// The project.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
}

/// What is known about the draft's organization when it is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// Whether the draft's organization exists here and the person may ask for changes in it.
    pub org_allowed: bool,
    /// The organization's projects.
    pub projects: Vec<KnownProject>,
    /// The day of the check, in UTC.
    pub today: Date,
}

/// Roles in one project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectRoles {
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// The roles, sorted.
    pub roles: Vec<String>,
}

/// The typed input a plan is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateKeyInput {
    /// The organization.
    pub org: OrgId,
    /// The key's description.
    pub description: String,
    /// Its organization roles, sorted.
    pub roles: Vec<String>,
    /// Its access list, in the order written.
    pub access_list: Vec<access_list::Entry>,
    /// Its projects, sorted by name.
    pub projects: Vec<ProjectRoles>,
    /// What happens when a later call fails.
    pub if_step_fails: IfStepFails,
    /// When it is no longer needed.
    pub end: KeyEnd,
}

impl CreateKeyDraft {
    /// What is wrong with the answers of one step.
    #[must_use]
    pub fn errors(&self, step: Step, known: &Knowledge) -> Vec<FieldError> {
        match step {
            Step::Organization => self.organization_errors(known),
            Step::Description => self.description_errors(),
            Step::AccessList => self.access_list_errors(),
            Step::Projects => self.project_errors(known),
            Step::Expiry => self.end(known.today).err().into_iter().collect(),
            Step::Review => self.review_errors(),
        }
    }

    /// The first step before `step` whose answers are not in order, if there is one.
    #[must_use]
    pub fn first_unfinished_before(&self, step: Step, known: &Knowledge) -> Option<Step> {
        Step::ALL
            .into_iter()
            .filter(|earlier| *earlier < step)
            .find(|earlier| !self.visited.contains(earlier) || !self.errors(*earlier, known).is_empty())
    }

    /// The typed input, when every step before the review is in order.
    ///
    /// # Errors
    ///
    /// Names the first step that is not, with what is wrong there.
    pub fn input(&self, known: &Knowledge) -> Result<CreateKeyInput, (Step, Vec<FieldError>)> {
        for step in Step::ALL.into_iter().filter(|step| *step != Step::Review) {
            let errors = self.errors(step, known);
            if !errors.is_empty() {
                return Err((step, errors));
            }
        }
        let org = self.org.parse().map_err(|_| (Step::Organization, self.organization_errors(known)))?;
        let description = check_description(&self.description)
            .map_err(|m| (Step::Description, vec![FieldError::new("description", m)]))?;
        let end = self.end(known.today).map_err(|error| (Step::Expiry, vec![error]))?;
        let mut projects: Vec<ProjectRoles> = self
            .projects
            .iter()
            .filter_map(|draft| {
                let project = known.projects.iter().find(|known| known.id.as_str() == draft.project)?;
                Some(ProjectRoles {
                    project: project.id.clone(),
                    name: project.name.clone(),
                    roles: sorted(&draft.roles),
                })
            })
            .collect();
        projects.sort_by(|a, b| (&a.name, &a.project).cmp(&(&b.name, &b.project)));
        Ok(CreateKeyInput {
            org,
            description,
            roles: sorted(&self.roles),
            access_list: access_list::read_lines(&self.access_list).ranges(),
            projects,
            if_step_fails: if self.if_step_fails == "delete" { IfStepFails::Delete } else { IfStepFails::Keep },
            end,
        })
    }

    /// When the key is no longer needed, as answered, on the day `today`.
    ///
    /// # Errors
    ///
    /// Says beside which field what is wrong.
    pub fn end(&self, today: Date) -> Result<KeyEnd, FieldError> {
        key_end::read_end(&self.expiry, &self.expiry_date, today)
    }

    fn organization_errors(&self, known: &Knowledge) -> Vec<FieldError> {
        if self.org.is_empty() {
            return vec![FieldError::new("org", "Choose the organization the key is for.")];
        }
        if self.org.parse::<OrgId>().is_err() || !known.org_allowed {
            return vec![FieldError::new(
                "org",
                "This organization is not connected, or you may not ask for changes in it. Choose another one.",
            )];
        }
        vec![]
    }

    fn description_errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if let Err(message) = check_description(&self.description) {
            errors.push(FieldError::new("description", message));
        }
        if self.roles.is_empty() {
            errors.push(FieldError::new("roles", "Choose at least one organization role. Organization Member is enough for a key that works in projects."));
        } else if let Some(unknown) = self.roles.iter().find(|role| atlas_roles::org_role(role).is_none()) {
            errors.push(FieldError::new(
                "roles",
                format!("“{}” is not an organization role of Atlas. Choose from the list.", clean(unknown)),
            ));
        } else if sorted(&self.roles).len() != self.roles.len() {
            errors.push(FieldError::new("roles", "A role was sent twice. Choose each role once."));
        }
        errors
    }

    fn access_list_errors(&self) -> Vec<FieldError> {
        let read = access_list::read_lines(&self.access_list);
        let mut errors: Vec<FieldError> = read
            .errors
            .iter()
            .map(|error| FieldError::new("access_list", format!("Line {}: {}", error.line, error.message)))
            .collect();
        if read.entries.is_empty() && errors.is_empty() && !self.no_access_list {
            errors.push(FieldError::new(
                "access_list",
                "Write at least one address, or tick that the key may be used from anywhere as far as its organization allows it.",
            ));
        }
        if !read.entries.is_empty() && self.no_access_list {
            errors.push(FieldError::new("no_access_list", "There are addresses above, so the key cannot be used from anywhere. Untick this, or remove the addresses."));
        }
        errors
    }

    fn project_errors(&self, known: &Knowledge) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.projects.len() > MAX_PROJECTS {
            errors.push(FieldError::new("projects", format!("At most {MAX_PROJECTS} projects fit into one request.")));
        }
        for (index, draft) in self.projects.iter().enumerate() {
            let Some(project) = known.projects.iter().find(|known| known.id.as_str() == draft.project) else {
                errors.push(FieldError::new(
                    "projects",
                    format!(
                        "Project {} is not in this organization. Remove it and choose from the list.",
                        clean(&draft.project)
                    ),
                ));
                continue;
            };
            if self.projects[..index].iter().any(|earlier| earlier.project == draft.project) {
                errors.push(FieldError::new(
                    "projects",
                    format!("{} is there twice. Remove one of the two.", project.name),
                ));
            }
            if draft.roles.is_empty() {
                errors.push(FieldError::new("projects", format!("Choose at least one role in {}.", project.name)));
            }
            if let Some(unknown) = draft.roles.iter().find(|role| atlas_roles::project_role(role).is_none()) {
                errors.push(FieldError::new(
                    "projects",
                    format!("“{}” is not a project role of Atlas. Choose from the list.", clean(unknown)),
                ));
            }
        }
        errors
    }

    fn review_errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if let Err(message) = check_prose(&self.reason, "The reason", MAX_REASON) {
            let message = if self.reason.trim().is_empty() {
                "Say why this is wanted; whoever decides reads it.".into()
            } else {
                message
            };
            errors.push(FieldError::new("reason", message));
        }
        if !self.ticket.trim().is_empty() {
            if self.ticket.contains('\n') {
                errors.push(FieldError::new("ticket", "A ticket is one line."));
            } else if let Err(message) = check_prose(&self.ticket, "The ticket", MAX_TICKET) {
                errors.push(FieldError::new("ticket", message));
            }
        }
        errors
    }
}

fn sorted(roles: &[String]) -> Vec<String> {
    let mut roles = roles.to_vec();
    roles.sort();
    roles.dedup();
    roles
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !crate::description::is_deceptive(*c)).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Knowledge {
        let project = |last: char, name: &str| KnownProject {
            id: format!("6f1a2b3c4d5e6f7081920a1{last}").parse().unwrap(),
            name: name.into(),
        };
        Knowledge {
            org_allowed: true,
            projects: vec![project('a', "payments"), project('b', "ledger")],
            today: jiff::civil::date(2026, 11, 24),
        }
    }

    fn draft() -> CreateKeyDraft {
        CreateKeyDraft {
            org: "5f1a2b3c4d5e6f7081920a1b".into(),
            description: "ci-deploy".into(),
            roles: vec!["ORG_MEMBER".into()],
            access_list: "203.0.113.7\n".into(),
            projects: vec![DraftProject {
                project: "6f1a2b3c4d5e6f7081920a1a".into(),
                roles: vec!["GROUP_READ_ONLY".into()],
            }],
            expiry: "90".into(),
            reason: "Deployments".into(),
            visited: Step::ALL.to_vec(),
            ..CreateKeyDraft::default()
        }
    }

    #[test]
    fn a_finished_draft_becomes_input() {
        let input = draft().input(&known()).unwrap();
        assert_eq!(input.projects[0].name, "payments");
        assert_eq!(input.if_step_fails, IfStepFails::Keep);
        assert_eq!(input.end, KeyEnd::On(jiff::civil::date(2027, 2, 22)));
        assert!(Step::ALL.into_iter().all(|step| draft().errors(step, &known()).is_empty()));
    }

    #[test]
    fn organization_roles_and_project_roles_do_not_mix() {
        let mut wrong = draft();
        wrong.roles = vec!["GROUP_OWNER".into()];
        wrong.projects[0].roles = vec!["ORG_OWNER".into()];
        assert_eq!(wrong.errors(Step::Description, &known())[0].field, "roles");
        assert_eq!(wrong.errors(Step::Projects, &known())[0].field, "projects");
    }

    #[test]
    fn a_forged_organization_or_project_is_refused() {
        let stranger = Knowledge { org_allowed: false, ..known() };
        assert_eq!(draft().input(&stranger).unwrap_err().0, Step::Organization);
        let mut wrong = draft();
        wrong.projects[0].project = "6f1a2b3c4d5e6f7081920a1f".into();
        assert_eq!(wrong.input(&known()).unwrap_err().0, Step::Projects);
    }

    #[test]
    fn a_key_without_an_access_list_has_to_be_wanted() {
        let mut open = draft();
        open.access_list.clear();
        assert!(!open.errors(Step::AccessList, &known()).is_empty());
        open.no_access_list = true;
        assert!(open.errors(Step::AccessList, &known()).is_empty());
        open.access_list = "203.0.113.7".into();
        assert_eq!(open.errors(Step::AccessList, &known())[0].field, "no_access_list");
    }

    #[test]
    fn steps_come_one_after_the_other() {
        let mut early = draft();
        early.visited = vec![Step::Organization];
        assert_eq!(early.first_unfinished_before(Step::Projects, &known()), Some(Step::Description));
        assert_eq!(early.first_unfinished_before(Step::Description, &known()), None);
        assert_eq!(Step::Organization.previous(), None);
        assert_eq!(Step::Projects.next(), Some(Step::Expiry));
        assert_eq!(Step::Expiry.next(), Some(Step::Review));
    }

    #[test]
    fn a_day_that_has_passed_is_refused_and_stays_in_the_draft() {
        let mut late = draft();
        late.expiry = "date".into();
        late.expiry_date = "2026-11-24".into();
        assert_eq!(late.errors(Step::Expiry, &known())[0].field, "expiry_date");
        assert_eq!(late.input(&known()).unwrap_err().0, Step::Expiry);
        assert_eq!(late.first_unfinished_before(Step::Review, &known()), Some(Step::Expiry));
    }

    #[test]
    fn a_draft_from_before_the_question_begins_with_the_same_answer_as_a_new_one() {
        let old: CreateKeyDraft = serde_json::from_str(r#"{"org":"x","visited":["organization","projects"]}"#).unwrap();
        assert_eq!(old.expiry, key_end::DEFAULT_CHOICE);
        assert_eq!(old.expiry_date, "");
    }
}
