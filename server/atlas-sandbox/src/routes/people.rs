//! What the operations on people share: how somebody is written, found, filtered and invited.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::{
    clock,
    errors::ApiError,
    id::Id,
    paging,
    routes::{
        Answer, Call,
        body::{self, Level},
        permission, self_link,
    },
    state::{
        Member, NewMember,
        people::{MAX_USERS_PER_ORG, ProjectRoles, Status},
        teams::MAX_USERS_PER_TEAM,
    },
    version::Release,
};

/// The release that knows active people only.
const OLD: Release =
    Release::new("2023-01-01").ending("Wed, 19 Feb 2025 00:00:00 GMT", "Thu, 01 Jul 2027 00:00:00 GMT");
/// Operations that came with invited and active people in one list.
pub(super) const NEW_ONLY: &[Release] = &[Release::new("2025-02-19")];
/// Operations that were there before and now show invited people too.
pub(super) const BOTH: &[Release] = &[OLD, Release::new("2025-02-19")];
/// Operations that are deprecated altogether.
pub(super) const OLD_ONLY: &[Release] = &[OLD];

/// The query parameters by which lists of people are filtered.
pub(super) const FILTERS: &[&str] = &["username", "orgMembershipStatus", "orgMembershipStatuses"];

/// Whether the deprecated release was asked for.
pub(super) fn is_old(call: &Call<'_>) -> bool {
    call.release.date == OLD.date
}

/// Which people a list is to hold.
pub(super) struct Filter {
    statuses: Vec<Status>,
    username: Option<String>,
    id: Option<Id>,
}

impl Filter {
    /// Reads the filters of a query.
    ///
    /// # Errors
    ///
    /// 400 for unknown statuses, for both spellings at once, and for any filter with the deprecated release.
    pub(super) fn read(call: &Call<'_>) -> Result<Self, ApiError> {
        let query = &call.query;
        let used = |name: &'static str| query.value(name).is_some();
        if is_old(call) {
            let named = FILTERS.iter().chain(&["userId"]).find(|name| used(name));
            return match named {
                Some(name) => Err(paging::refusal(name)),
                None => Ok(Self { statuses: vec![Status::Active], username: None, id: None }),
            };
        }
        if used("orgMembershipStatus") && used("orgMembershipStatuses") {
            return Err(paging::refusal("orgMembershipStatus"));
        }
        let mut statuses = Vec::new();
        for name in ["orgMembershipStatus", "orgMembershipStatuses"] {
            for text in query.all(name) {
                statuses.push(Status::parse(text).ok_or_else(|| paging::refusal(name))?);
            }
        }
        if statuses.is_empty() {
            statuses.extend([Status::Active, Status::Pending]);
        }
        let id = query.value("userId").map(|text| Id::parse(text).ok_or_else(|| paging::refusal("userId")));
        Ok(Self { statuses, username: query.value("username").map(str::to_owned), id: id.transpose()? })
    }

    /// Whether the list holds somebody.
    pub(super) fn takes(&self, call: &Call<'_>, member: &Member) -> bool {
        self.statuses.contains(&member.status(call.now))
            && self.username.as_ref().is_none_or(|name| member.username.eq_ignore_ascii_case(name))
            && self.id.is_none_or(|id| member.id == id)
    }
}

/// A page of people, each written by `write`.
pub(super) fn page<T>(call: &Call<'_>, people: &[T], write: impl Fn(&T) -> Value) -> Answer {
    let results = people[call.query.window(people.len())].iter().map(write).collect();
    Answer::list(call.query.listed(results, people.len(), &call.here))
}

/// Somebody as seen from the organization.
pub(super) fn in_org(call: &Call<'_>, member: &Member) -> Value {
    let mut fields = personal(call, member);
    fields.insert(
        "roles".into(),
        json!({ "orgRoles": member.org_roles, "groupRoleAssignments": assigned(call, member) }),
    );
    fields.insert("teamIds".into(), texts(&member.teams));
    fields.into()
}

/// Somebody as seen from a project in which they have `roles`.
pub(super) fn in_project(call: &Call<'_>, member: &Member, roles: &[&'static str]) -> Value {
    let mut fields = personal(call, member);
    fields.insert("roles".into(), roles.into());
    fields.into()
}

fn personal(call: &Call<'_>, member: &Member) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("id", member.id.to_string().into());
    put("username", member.username.as_str().into());
    put("orgMembershipStatus", member.status(call.now).name().into());
    if let Some(invitation) = &member.invitation {
        put("invitationCreatedAt", clock::written(invitation.created).into());
        let expires = (!invitation.is_rejected).then(|| clock::written(invitation.expires));
        put("invitationExpiresAt", expires.into());
        put("inviterUsername", invitation.inviter.as_str().into());
    } else if let Some(person) = call.state.people.person(member.id) {
        put("firstName", person.first_name.as_str().into());
        put("lastName", person.last_name.as_str().into());
        put("country", person.country.as_str().into());
        put("createdAt", clock::written(person.created).into());
        if let Some(at) = person.last_auth {
            put("lastAuth", clock::written(at).into());
        }
        // Recorded: null, not absent.
        put("mobileNumber", person.mobile.clone().into());
    }
    fields
}

/// `groupRoleAssignments`, of projects that are still there.
fn assigned(call: &Call<'_>, member: &Member) -> Vec<Value> {
    let there = present(call, &member.project_roles);
    there.map(|(id, roles)| json!({ "groupId": id.to_string(), "groupRoles": roles })).collect()
}

/// Roles in projects that still belong to the organization.
pub(super) fn present<'a>(
    call: &'a Call<'_>,
    roles: &'a ProjectRoles,
) -> impl Iterator<Item = (&'a Id, &'a Vec<&'static str>)> {
    let org = call.target.org;
    roles.iter().filter(move |(id, _)| call.state.projects.get(id).is_some_and(|project| project.org == org))
}

/// Somebody active as the deprecated releases write them (`CloudAppUser`); roles of the caller's organization only.
pub(super) fn account(call: &Call<'_>, member: &Member) -> Value {
    let org = call.target.org.to_string();
    let of_org = member.org_roles.iter().map(|role| json!({ "orgId": org, "roleName": role }));
    let in_projects = present(call, &member.project_roles)
        .flat_map(|(id, roles)| roles.iter().map(move |role| json!({ "groupId": id.to_string(), "roleName": role })));
    let roles: Vec<Value> = of_org.chain(in_projects).collect();
    let mut fields = personal(call, member);
    fields.remove("orgMembershipStatus");
    fields.insert("emailAddress".into(), member.username.as_str().into());
    fields.insert("roles".into(), roles.into());
    fields.insert("teamIds".into(), texts(&member.teams));
    fields.insert("links".into(), self_link(format!("{}/users/{}", call.api, member.id)));
    fields.into()
}

/// Identifiers as JSON.
pub(super) fn texts(ids: &[Id]) -> Value {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().into()
}

/// Somebody the organization counts as its own, active or invited.
///
/// # Errors
///
/// 404 `USER_NOT_IN_ORG` for everybody else, also for those whose invitation expired or was declined.
pub(super) fn live<'a>(call: &'a Call<'_>, id: Id) -> Result<&'a Member, ApiError> {
    let found = call.state.people.member(call.target.org, id).filter(|member| member.status(call.now).is_live());
    found.ok_or_else(|| not_in_org(&id.to_string()))
}

/// Somebody active in the organization.
///
/// # Errors
///
/// 404 `USER_NOT_IN_ORG` for everybody else.
pub(super) fn active<'a>(call: &'a Call<'_>, id: Id) -> Result<&'a Member, ApiError> {
    live(call, id).and_then(|member| {
        let is_active = member.invitation.is_none();
        is_active.then_some(member).ok_or_else(|| not_in_org(&id.to_string()))
    })
}

/// 404 for somebody the organization does not know.
pub(super) fn not_in_org(who: &str) -> ApiError {
    ApiError::not_found("USER_NOT_IN_ORG", format!("User {who} is not in the organization.")).with(who)
}

/// 404 for somebody without a role of their own in the project.
pub(super) fn not_in_project(who: &str) -> ApiError {
    ApiError::not_found("USER_NOT_IN_GROUP", format!("User {who} is not in the group.")).with(who)
}

/// 403 for taking the last role away.
pub(super) fn needs_a_role() -> ApiError {
    ApiError::forbidden("CANNOT_REMOVE_ALL_USER_ROLES", "A user must have at least one role.")
}

/// 409 for somebody who is there already.
pub(super) fn is_there(username: &str) -> ApiError {
    let text = format!("A user with username {username} already exists.");
    ApiError::new(StatusCode::CONFLICT, "USER_ALREADY_EXISTS", text).with(username)
}

/// Refuses to leave an organization without an active owner.
///
/// # Errors
///
/// 403 with `code`.
pub(super) fn keeps_an_owner(call: &Call<'_>, leaving: &Member, code: &'static str) -> Result<(), ApiError> {
    let others = call.state.people.members(call.target.org).iter().filter(|member| member.id != leaving.id);
    if !leaving.is_active_owner() || { others }.any(Member::is_active_owner) {
        return Ok(());
    }
    Err(ApiError::forbidden(code, "The last owner of an organization cannot be removed or demoted."))
}

/// The user name of a body.
///
/// # Errors
///
/// 400 when it is missing or no e-mail address.
pub(super) fn username(fields: &body::Fields) -> Result<String, ApiError> {
    let value = fields.get("username").filter(|value| !value.is_null());
    let text = value.ok_or_else(|| body::missing("username"))?.as_str().unwrap_or_default();
    let is_address = text.len() <= 254
        && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control())
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
        });
    is_address.then(|| text.to_owned()).ok_or_else(|| body::invalid("username"))
}

/// Roles of one level, each once; the list may be empty.
///
/// # Errors
///
/// 400 for what is no list, for names of the other level and unknown names.
pub(super) fn roles(value: &Value, level: Level, field: &'static str) -> Result<Vec<&'static str>, ApiError> {
    let mut found = Vec::new();
    for name in value.as_array().ok_or_else(|| body::invalid(field))? {
        let role = body::role(name.as_str().unwrap_or_default(), level)?;
        if !found.contains(&role) {
            found.push(role);
        }
    }
    Ok(found)
}

/// The roles of a field that must be there and not be empty.
///
/// # Errors
///
/// 400 as [`roles()`], and when they are missing.
pub(super) fn some_roles(
    fields: &body::Fields,
    field: &'static str,
    level: Level,
) -> Result<Vec<&'static str>, ApiError> {
    let value = fields.get(field).ok_or_else(|| body::missing(field))?;
    let roles = roles(value, level, field)?;
    if roles.is_empty() { Err(body::missing(field)) } else { Ok(roles) }
}

/// Roles in projects: `[{ "groupId": …, "groupRoles": […] }]`, where the second name differs between releases.
///
/// # Errors
///
/// 400 for other forms, 403 for an assignment without roles, 404 for projects of other organizations.
pub(super) fn assignments(call: &Call<'_>, value: &Value, roles_field: &'static str) -> Result<ProjectRoles, ApiError> {
    let mut found = ProjectRoles::new();
    for item in value.as_array().ok_or_else(|| body::invalid("groupRoleAssignments"))? {
        let item = body::Fields::of(item.clone(), &["groupId", roles_field])?;
        let text = item.get("groupId").ok_or_else(|| body::missing("groupId"))?.as_str().unwrap_or_default();
        let project = Id::parse(text).and_then(|id| call.state.projects.get(&id));
        let project = project.filter(|project| project.org == call.target.org);
        let id = project.ok_or_else(|| permission::no_project(text))?.id;
        let empty = json!([]);
        let roles = roles(item.get(roles_field).unwrap_or(&empty), Level::Project, roles_field)?;
        if roles.is_empty() {
            let text = "An assignment must have at least one role.";
            return Err(ApiError::forbidden("NO_ROLES_IN_ASSIGNMENT", text));
        }
        found.insert(id, roles);
    }
    Ok(found)
}

/// Teams of the organization with room for one more, who is `joining` if already known.
///
/// # Errors
///
/// 400 for what is no list of identifiers and for full teams, 404 for teams of others.
pub(super) fn team_ids(call: &Call<'_>, value: &Value, joining: Option<Id>) -> Result<Vec<Id>, ApiError> {
    let mut found = Vec::new();
    for item in value.as_array().ok_or_else(|| body::invalid("teamIds"))? {
        let text = item.as_str().unwrap_or_default();
        let id = Id::parse(text).ok_or_else(|| body::invalid("teamIds"))?;
        if found.contains(&id) {
            continue;
        }
        has_room(call, id, joining)?;
        found.push(id);
    }
    Ok(found)
}

/// Checks that a team is there and not full.
///
/// # Errors
///
/// 404 for teams of others, 400 for full ones.
pub(super) fn has_room(call: &Call<'_>, team: Id, joining: Option<Id>) -> Result<(), ApiError> {
    let org = call.target.org;
    call.state.teams.get(org, team).ok_or_else(|| no_team(call, team))?;
    let others = call.state.in_team(org, team).filter(|member| joining != Some(member.id));
    if others.count() < MAX_USERS_PER_TEAM {
        return Ok(());
    }
    let text = format!("A team can have at most {MAX_USERS_PER_TEAM} users.");
    Err(ApiError::bad_request("MAX_USERS_PER_TEAM_EXCEEDED", text).with(MAX_USERS_PER_TEAM))
}

/// 404 for a team that nobody, or another organization, has.
pub(super) fn no_team(call: &Call<'_>, id: Id) -> ApiError {
    let id_text = id.to_string();
    if call.state.teams.exists(id) {
        let text = format!("Team {id_text} is not in the organization.");
        return ApiError::not_found("TEAM_NOT_IN_ORG", text).with(id_text);
    }
    ApiError::not_found("TEAM_NOT_FOUND", format!("No team with ID {id_text} exists.")).with(id_text)
}

/// Sends an invitation to the organization and says who was invited.
///
/// # Errors
///
/// 409 for somebody who is in or invited, 400 for a full organization and for too many invitations in a minute.
pub(super) fn invite(call: &mut Call<'_>, new: NewMember) -> Result<Id, ApiError> {
    let members = call.state.people.members(call.target.org);
    let live = || members.iter().filter(|member| member.status(call.now).is_live());
    if live().any(|member| member.username.eq_ignore_ascii_case(&new.username)) {
        return Err(is_there(&new.username));
    }
    if live().count() >= MAX_USERS_PER_ORG {
        let text = format!("An organization can have at most {MAX_USERS_PER_ORG} users.");
        return Err(ApiError::bad_request("MAX_USERS_PER_ORG_EXCEEDED", text).with(MAX_USERS_PER_ORG));
    }
    let username = new.username.clone();
    let invitation = sent(call)?;
    let id = call.state.invite(new, invitation);
    record(call, "INVITED_TO_ORG", &username, None);
    Ok(id)
}

/// An invitation of the caller, counted.
///
/// # Errors
///
/// 400 `INVITATIONS_RATE_LIMITED_IP` after ten in a minute from one address.
pub(super) fn sent(call: &mut Call<'_>) -> Result<crate::state::people::Invitation, ApiError> {
    if !call.state.people.may_send(call.peer, call.now) {
        let address = call.peer.to_string();
        let text = format!("Too many invitations were sent from the address {address}. Try again in a minute.");
        return Err(ApiError::bad_request("INVITATIONS_RATE_LIMITED_IP", text).with(address));
    }
    let inviter = call.state.name_of(call.caller).unwrap_or_default();
    Ok(call.state.new_invitation(inviter, call.now))
}

/// Writes down what happened to somebody.
pub(super) fn record(call: &mut Call<'_>, kind: &'static str, username: &str, project: Option<Id>) {
    call.record(kind, project, vec![("targetUsername", username.into())]);
}

/// Changes somebody.
pub(super) fn change(call: &mut Call<'_>, id: Id, how: impl FnOnce(&mut Member)) {
    if let Some(member) = call.state.people.member_mut(call.target.org, id) {
        how(member);
    }
}

/// Gives somebody these teams instead of those they have, and writes down each that changes.
pub(super) fn move_to_teams(call: &mut Call<'_>, id: Id, teams: Vec<Id>) -> Result<(), ApiError> {
    let member = live(call, id)?;
    let (username, had) = (member.username.clone(), member.teams.clone());
    let joined = teams.iter().filter(|team| !had.contains(team)).count();
    let left = had.iter().filter(|team| !teams.contains(team)).count();
    change(call, id, |member| member.teams = teams);
    (0..left).for_each(|_| record(call, "REMOVED_FROM_TEAM", &username, None));
    (0..joined).for_each(|_| record(call, "JOINED_TEAM", &username, None));
    Ok(())
}
