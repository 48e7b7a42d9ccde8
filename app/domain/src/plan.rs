//! Plans: the exact calls a change request will send, what they change, and the digest that approvals are bound to.
//!
//! A plan is computed from typed input and from what Atlas holds at that moment. It is stored as canonical JSON (RFC 8785); its digest
//! is the SHA-256 of those bytes. Nothing that is not in the plan can be sent.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{
    ids::{ApiKeyId, OrgId, ProjectId},
    key_end::KeyEnd,
};

/// Stands in a path for the id that an earlier call of the same target returns.
pub const NEW_KEY: &str = "{newKeyId}";

/// The kind of change a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Create an API key in an organization, with its access list and project roles.
    CreateApiKey,
    /// Replace an entry of an API key's access list by the one address it was last used from.
    NarrowAccessList,
}

impl ChangeKind {
    /// The word stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateApiKey => "create_api_key",
            Self::NarrowAccessList => "narrow_access_list",
        }
    }

    /// The words shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::CreateApiKey => "Create API key",
            Self::NarrowAccessList => "Narrow access list",
        }
    }
}

/// What a change request will do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The kind of change.
    pub kind: ChangeKind,
    /// The whole change as a sentence: "Create key ci-deploy in Payments EU".
    pub sentence: String,
    /// One target per organization, each with a result of its own.
    pub targets: Vec<Target>,
    /// What a reader should look at twice.
    pub warnings: Vec<Warning>,
}

/// The part of a plan that concerns one organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The organization.
    pub org: OrgId,
    /// Its name when the plan was made.
    pub org_name: String,
    /// The key that is there already and is changed, if there is one; plans without it keep their digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ExistingKey>,
    /// The facts the plan was computed from, read from Atlas. The same facts are read again at approval and execution.
    pub observed: Vec<Fact>,
    /// What will be different afterwards.
    pub changes: Vec<Change>,
    /// The calls, in order.
    pub calls: Vec<PlannedCall>,
    /// Calls that are sent, in order, only when a call after the first fails; they take back what was done.
    pub on_failure: Vec<PlannedCall>,
}

/// A key that is there already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExistingKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Its public key.
    pub public_key: String,
    /// Its description when the plan was made.
    pub description: String,
}

/// Something that was true in Atlas when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// A stable name: `organization.name`, `project.<id>.name`, `keys.same_description`.
    pub name: String,
    /// The fact in words: "Name of the organization".
    pub label: String,
    /// Its value as text.
    pub value: String,
}

/// One difference between before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// A new API key.
    KeyAdded {
        /// Its description.
        description: String,
        /// Its organization roles.
        roles: Vec<String>,
        /// When it is no longer needed; none in plans from before this was asked, which keep their digest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        end: Option<KeyEnd>,
    },
    /// New entries of a key's access list.
    AccessListAdded {
        /// The ranges.
        entries: Vec<AddedEntry>,
    },
    /// Entries that a key's access list loses.
    AccessListRemoved {
        /// The ranges.
        entries: Vec<RemovedEntry>,
    },
    /// A key's new roles in a project.
    ProjectRolesAdded {
        /// The project.
        project: ProjectId,
        /// Its name when the plan was made.
        name: String,
        /// The roles.
        roles: Vec<String>,
    },
}

/// An entry that will be added to an access list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedEntry {
    /// The range, such as `203.0.113.7/32`.
    pub range: String,
    /// How many addresses it holds, in words.
    pub width: String,
    /// Whether it is wide enough to need one more approval.
    pub wide: bool,
    /// The requester's comment; it stays here, Atlas has no field for it.
    pub comment: Option<String>,
}

/// An entry that will be removed from an access list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedEntry {
    /// The range, such as `10.0.0.0/8`.
    pub range: String,
    /// How many addresses it holds, in words.
    pub width: String,
}

/// What kind of call a planned call is; the executor knows from it how to read the answer and how to look for its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// `createOrgApiKey`; its answer holds the id and, once, the private key.
    CreateApiKey,
    /// `createOrgApiKeyAccessListEntry`.
    AddAccessListEntries,
    /// `deleteOrgApiKeyAccessListEntry`.
    RemoveAccessListEntry,
    /// `addGroupApiKey`.
    AddKeyToProject,
    /// `deleteOrgApiKey`.
    DeleteApiKey,
}

/// One call to the Administration API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedCall {
    /// The kind of call.
    pub kind: CallKind,
    /// The call in words: "Create the API key ci-deploy".
    pub sentence: String,
    /// `POST`, `PATCH`, `DELETE`.
    pub method: String,
    /// The path below the base URL, beginning with `/api/atlas/v2`; may hold [`NEW_KEY`].
    pub path: String,
    /// The version's date, which becomes the media type `application/vnd.atlas.DATE+json`.
    pub version: String,
    /// The body, exactly as sent.
    pub body: Option<Value>,
    /// How to take it back, in words.
    pub undo: String,
    /// Whether it cannot be taken back.
    pub irreversible: bool,
    /// The same as a command of the Atlas CLI; never holds a secret.
    pub cli: String,
}

/// How loud a warning is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// Look at it twice.
    Attention,
    /// Dangerous if it is a mistake.
    Danger,
}

/// Something about a plan that its readers should look at twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// How loud it is.
    pub severity: Severity,
    /// Two or three words for a chip: "Owner role".
    pub label: String,
    /// The sentence.
    pub text: String,
}

/// A plan's canonical bytes and their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPlan {
    /// Canonical JSON (RFC 8785).
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, as 64 lower-case hexadecimal digits.
    pub digest: String,
}

impl Plan {
    /// The plan as canonical bytes with their digest.
    ///
    /// # Errors
    ///
    /// When the plan cannot be written as JSON, which only a number out of range could cause.
    pub fn seal(&self) -> Result<SealedPlan, serde_json::Error> {
        let bytes = serde_jcs::to_vec(self)?;
        let digest = digest(&bytes);
        Ok(SealedPlan { bytes, digest })
    }

    /// How many calls it will send when nothing fails.
    #[must_use]
    pub fn call_count(&self) -> usize {
        self.targets.iter().map(|target| target.calls.len()).sum()
    }

    /// How many things it changes, as a reader counts them: entries one by one.
    #[must_use]
    pub fn change_count(&self) -> usize {
        self.targets
            .iter()
            .flat_map(|target| &target.changes)
            .map(|change| match change {
                Change::AccessListAdded { entries } => entries.len(),
                Change::AccessListRemoved { entries } => entries.len(),
                Change::KeyAdded { .. } | Change::ProjectRolesAdded { .. } => 1,
            })
            .sum()
    }

    /// How many of them are removals.
    #[must_use]
    pub fn removal_count(&self) -> usize {
        self.targets
            .iter()
            .flat_map(|target| &target.changes)
            .map(|change| match change {
                Change::AccessListRemoved { entries } => entries.len(),
                Change::AccessListAdded { .. } | Change::KeyAdded { .. } | Change::ProjectRolesAdded { .. } => 0,
            })
            .sum()
    }

    /// The one key that is there already and that it is about, with its organization.
    #[must_use]
    pub fn existing_key(&self) -> Option<(&OrgId, &ExistingKey)> {
        match self.targets.as_slice() {
            [target] => Some((&target.org, target.key.as_ref()?)),
            _ => None,
        }
    }

    /// The organizations it touches.
    pub fn orgs(&self) -> impl Iterator<Item = &OrgId> {
        self.targets.iter().map(|target| &target.org)
    }
}

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A digest as people compare it: the first eight digits in two groups.
#[must_use]
pub fn short_digest(digest: &str) -> String {
    match (digest.get(..4), digest.get(4..8)) {
        (Some(first), Some(second)) => format!("{first} {second}"),
        _ => digest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan {
            kind: ChangeKind::CreateApiKey,
            sentence: "Create key ci-deploy in Payments EU".into(),
            targets: vec![Target {
                org: "5f1a2b3c4d5e6f7081920a1b".parse().unwrap(),
                org_name: "Payments EU".into(),
                key: None,
                observed: vec![],
                changes: vec![Change::KeyAdded {
                    description: "ci-deploy".into(),
                    roles: vec!["ORG_MEMBER".into()],
                    end: Some(KeyEnd::On(jiff::civil::date(2027, 2, 22))),
                }],
                calls: vec![PlannedCall {
                    kind: CallKind::CreateApiKey,
                    sentence: "Create the API key".into(),
                    method: "POST".into(),
                    path: "/api/atlas/v2/orgs/5f1a2b3c4d5e6f7081920a1b/apiKeys".into(),
                    version: "2023-01-01".into(),
                    body: Some(serde_json::json!({"roles": ["ORG_MEMBER"], "desc": "ci-deploy"})),
                    undo: "Delete the key".into(),
                    irreversible: false,
                    cli: "atlas organizations apiKeys create".into(),
                }],
                on_failure: vec![],
            }],
            warnings: vec![],
        }
    }

    #[test]
    fn the_same_plan_has_the_same_digest_after_a_round_trip() {
        let sealed = plan().seal().unwrap();
        let read: Plan = serde_json::from_slice(&sealed.bytes).unwrap();
        assert_eq!(read, plan());
        assert_eq!(read.seal().unwrap(), sealed);
        assert_eq!(sealed.digest.len(), 64);
    }

    #[test]
    fn the_end_is_part_of_the_digest() {
        let with = |end| {
            let mut plan = plan();
            plan.targets[0].changes = vec![Change::KeyAdded { description: "ci-deploy".into(), roles: vec![], end }];
            plan.seal().unwrap().digest
        };
        let day = |day| Some(KeyEnd::On(jiff::civil::date(2027, 2, day)));
        let digests = [with(None), with(Some(KeyEnd::Never)), with(day(22)), with(day(23))];
        assert!(digests.iter().enumerate().all(|(index, digest)| !digests[..index].contains(digest)), "{digests:?}");
    }

    #[test]
    fn a_plan_from_before_ends_keeps_its_bytes() {
        let old = r#"{"kind":"create_api_key","sentence":"s","targets":[{"calls":[],"changes":[{"description":"ci","roles":["ORG_MEMBER"],"what":"key_added"}],"observed":[],"on_failure":[],"org":"5f1a2b3c4d5e6f7081920a1b","org_name":"P"}],"warnings":[]}"#;
        let read: Plan = serde_json::from_str(old).unwrap();
        assert_eq!(String::from_utf8(read.seal().unwrap().bytes).unwrap(), old);
    }

    #[test]
    fn a_plan_about_no_existing_key_is_written_as_before_there_were_any() {
        let text = String::from_utf8(plan().seal().unwrap().bytes).unwrap();
        assert!(!text.contains(r#""key":"#), "{text}");
        let mut about = plan();
        about.targets[0].key = Some(ExistingKey {
            id: "6f1a2b3c4d5e6f7081920a1b".parse().unwrap(),
            public_key: "abcdefgh".into(),
            description: "ci".into(),
        });
        assert_ne!(about.seal().unwrap().digest, plan().seal().unwrap().digest);
        assert!(plan().existing_key().is_none() && about.existing_key().is_some());
    }

    #[test]
    fn any_change_of_a_body_changes_the_digest() {
        let mut other = plan();
        other.targets[0].calls[0].body = Some(serde_json::json!({"desc": "ci-deploy", "roles": ["ORG_OWNER"]}));
        assert_ne!(plan().seal().unwrap().digest, other.seal().unwrap().digest);
    }

    #[test]
    fn canonical_bytes_do_not_depend_on_the_order_of_keys() {
        let text = String::from_utf8(plan().seal().unwrap().bytes).unwrap();
        assert!(text.contains(r#""body":{"desc":"ci-deploy","roles":["ORG_MEMBER"]}"#), "{text}");
    }
}
