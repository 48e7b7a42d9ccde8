//! Steps whose answer was lost: looks at Atlas, and only then decides.

use atlas::{AtlasError, Category, Client};
use domain::{
    plan::{CallKind, Change},
    request::{RequestState, StepState},
};
use serde_json::{Value, json};

use super::{Course, Executor, LATER, Left, Step, outcome};
use crate::{
    log::{Action, Outcome},
    services::atlas_access::ApprovedPlan,
    store::{Store, StoreError, StoredNote, StoredRequest, StoredStep},
};

/// What Atlas shows of a step whose answer was lost.
enum Found {
    /// It happened; with what is to be remembered of it.
    Happened(Option<Value>, Option<StoredNote>),
    /// It did not happen, so it can be sent.
    DidNotHappen,
    /// It cannot be told.
    Ambiguous(StoredNote),
}

impl Executor {
    /// Looks up whether `step` happened, and writes down what was found.
    pub(super) async fn look_up(
        &self,
        request: &StoredRequest,
        course: &Course<'_>,
        step: &StoredStep,
    ) -> Result<Option<Left>, StoreError> {
        let later = Ok(Some(Left::Until(self.clock.now() + LATER)));
        let Some(step) = course.step(step) else {
            return later;
        };
        let plan = ApprovedPlan { org: &step.target.org, digest: &request.digest };
        let Ok(Some(client)) = self.atlas.writer(&plan).await else {
            return later;
        };
        let found = match find(&client, course, &step).await {
            Ok(found) => found,
            Err(error) => {
                let reference = error.request_id().unwrap_or("none").to_owned();
                tracing::warn!(request.number = %request.number, atlas.request = reference, error = %error.explanation().cause,
                    "a step cannot be looked up at the moment");
                return later;
            }
        };

        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        if !Store::hold_lease(&mut tx, request.number, &self.owner, now + super::LEASE).await? {
            return Ok(Some(Left::Ended));
        }
        let (state, result, note, logged, what) = match found {
            Found::Happened(result, note) => (StepState::Done, result, note, Outcome::Done, "it happened"),
            Found::DidNotHappen => {
                let note = outcome::note(
                    "The answer was lost. Atlas shows that the call was not carried out.",
                    "It is sent again.",
                );
                (StepState::Waiting, None, Some(note), Outcome::Done, "it did not happen")
            }
            Found::Ambiguous(note) => (StepState::Unknown, None, Some(note), Outcome::Unknown, "it cannot be told"),
        };
        let ambiguous = state == StepState::Unknown;
        let key = result.as_ref().and_then(|result| result["key"].as_str()).and_then(|key| key.parse().ok());
        let unchanged = ambiguous && step.stored.note == note;
        if unchanged {
            // Nobody needs to read the same sentence every minute.
            return Ok(Some(Left::Until(now + LATER * 4)));
        }
        Store::finish_step(&mut tx, step.stored.key, state, now, None, result.as_ref(), note.as_ref()).await?;
        if !ambiguous {
            Store::move_request(&mut tx, request.number, RequestState::Unknown, RequestState::Executing, now).await?;
        }
        let mut entry =
            self.step_entry(now, Action::StepReconciled, request, &step).outcome(logged).detail("found", what);
        if let Some(key) = &key {
            Self::note_key(&mut tx, request, &step, key).await?;
            entry = entry.key(key);
        }
        Store::append_log(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(ambiguous.then_some(Left::Until(now + LATER * 4)))
    }
}

async fn find(client: &Client, course: &Course<'_>, step: &Step<'_>) -> Result<Found, AtlasError> {
    let org = outcome::atlas_org(&step.target.org);
    match step.call.kind {
        CallKind::CreateApiKey => {
            let keys = client.list_org_api_keys(&org).await?;
            let before: Vec<&str> = step
                .stored
                .before
                .as_ref()
                .and_then(Value::as_array)
                .map(|ids| ids.iter().filter_map(Value::as_str).collect())
                .unwrap_or_default();
            let (description, roles) = wanted_key(step);
            let new: Vec<_> = keys
                .iter()
                .filter(|key| !before.contains(&key.id.as_str()) && key.desc == description)
                .filter(|key| {
                    let mut held: Vec<&str> = key
                        .roles
                        .iter()
                        .filter(|role| role.org_id.is_some())
                        .map(|role| role.role_name.as_str())
                        .collect();
                    held.sort_unstable();
                    held == roles
                })
                .collect();
            Ok(match new.as_slice() {
                [] => Found::DidNotHappen,
                [key] => Found::Happened(
                    Some(json!({"key": key.id.as_str(), "public_key": key.public_key, "secret": "lost"})),
                    Some(outcome::note(
                        &format!(
                            "Atlas created the key {}, but its answer was lost, and with it the private key, which Atlas tells \
                             only once.",
                            key.public_key
                        ),
                        "Delete this key and ask for a new one.",
                    )),
                ),
                several => Found::Ambiguous(outcome::note(
                    &format!(
                        "The answer was lost, and {} new keys in Atlas could be the one: {}.",
                        several.len(),
                        several.iter().map(|key| key.public_key.as_str()).collect::<Vec<_>>().join(", ")
                    ),
                    "Find out in Atlas which of them nobody else made, and delete those that nobody needs.",
                )),
            })
        }
        CallKind::AddAccessListEntries => {
            let Some(key) = key_of(course, step) else { return Ok(Found::DidNotHappen) };
            let entries = client.list_access_list(&org, &key).await?;
            let there: Vec<_> = entries.iter().filter_map(atlas::AccessListEntry::address).collect();
            let all = wanted_entries(step).iter().all(|wanted| there.contains(wanted));
            Ok(if all { Found::Happened(None, None) } else { Found::DidNotHappen })
        }
        CallKind::RemoveAccessListEntry => {
            let (Some(key), Some(entry)) = (key_of(course, step), entry_of(&step.call.path)) else {
                return Ok(Found::DidNotHappen);
            };
            let there = match client.list_access_list(&org, &key).await {
                Ok(entries) => entries.iter().any(|listed| listed.address() == Some(entry)),
                Err(error) if error.category() == Category::NotFound => false,
                Err(error) => return Err(error),
            };
            Ok(if there { Found::DidNotHappen } else { Found::Happened(None, None) })
        }
        CallKind::AddKeyToProject => {
            let Some(key) = key_of(course, step) else { return Ok(Found::DidNotHappen) };
            let Some(group) = group_of(&step.call.path) else { return Ok(Found::DidNotHappen) };
            let keys = client.list_group_api_keys(&group).await?;
            let there = keys.iter().any(|listed| listed.id == key);
            Ok(if there { Found::Happened(None, None) } else { Found::DidNotHappen })
        }
        CallKind::DeleteApiKey => {
            let Some(key) = key_of(course, step) else { return Ok(Found::Happened(None, None)) };
            let keys = client.list_org_api_keys(&org).await?;
            let there = keys.iter().any(|listed| listed.id == key);
            Ok(if there { Found::DidNotHappen } else { Found::Happened(None, None) })
        }
    }
}

fn key_of(course: &Course<'_>, step: &Step<'_>) -> Option<atlas::ApiUserId> {
    course.key(step.index)?.parse().ok()
}

/// The entry that a path of the form `…/accessList/ENTRY` names.
fn entry_of(path: &str) -> Option<atlas::AccessListAddress> {
    path.rsplit('/').next()?.replacen("%2F", "/", 1).parse().ok()
}

/// Description and sorted organization roles of the key that the plan wants.
fn wanted_key<'a>(step: &Step<'a>) -> (&'a str, Vec<&'a str>) {
    for change in &step.target.changes {
        if let Change::KeyAdded { description, roles, .. } = change {
            let mut roles: Vec<&str> = roles.iter().map(String::as_str).collect();
            roles.sort_unstable();
            return (description, roles);
        }
    }
    ("", vec![])
}

fn wanted_entries(step: &Step<'_>) -> Vec<atlas::AccessListAddress> {
    step.target
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::AccessListAdded { entries } => Some(entries),
            _ => None,
        })
        .flatten()
        .filter_map(|entry| entry.range.parse().ok())
        .collect()
}

/// The project in a path of the form `/api/atlas/v2/groups/ID/…`.
fn group_of(path: &str) -> Option<atlas::GroupId> {
    path.split('/').skip_while(|part| *part != "groups").nth(1)?.parse().ok()
}
