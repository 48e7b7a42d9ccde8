//! What else is deprecated about people: roles replaced as a whole, the old way into a project, and accounts.

use serde_json::{Value, json};

use crate::{
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    routes::{
        Answer, Call,
        body::{self, Fields, Level},
        org_invites, org_users,
        people::{self, OLD_ONLY},
        permission::{self, Need},
        project_users, self_link,
    },
    state::{
        Member, NewMember,
        people::{Person, ProjectRoles},
    },
    version::Release,
};

/// The operations of this area, all deprecated.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::put("updateOrgUserRoles", ORG_ROLES, Need::OrgOwner, Set::OrgUsers, org_roles).releases(OLD_ONLY),
    Operation::put("updateGroupUserRoles", PROJECT_ROLES, Need::ProjectOwner, Set::ProjectUsers, project_roles)
        .releases(OLD_ONLY),
    Operation::post("addGroupAccessUser", ACCESS, Need::ProjectOwner, Set::ProjectUsers, give_access)
        .releases(ACCESS_RELEASE),
    Operation::post("createUser", "/users", Need::Nothing, Set::LegacyUsers, create).releases(OLD_ONLY),
    Operation::get("getUser", "/users/{userId}", Need::Nothing, Set::LegacyUsers, get).releases(OLD_ONLY),
    Operation::get("getUserByName", "/users/byName/{userName}", Need::Nothing, Set::LegacyUsers, by_name)
        .releases(OLD_ONLY),
];

const ORG_ROLES: &str = "/orgs/{orgId}/users/{userId}/roles";
const PROJECT_ROLES: &str = "/groups/{groupId}/users/{userId}/roles";
const ACCESS: &str = "/groups/{groupId}/access";
const ACCESS_RELEASE: &[Release] =
    &[Release::new("2023-02-01").ending("Wed, 19 Feb 2025 00:00:00 GMT", "Thu, 01 Jul 2027 00:00:00 GMT")];

/// The roles of a field, at least one.
fn replacing(fields: &Fields, field: &'static str, level: Level) -> Result<Vec<&'static str>, ApiError> {
    let roles = people::roles(fields.get(field).ok_or_else(|| body::missing(field))?, level, field)?;
    if roles.is_empty() { Err(people::needs_a_role()) } else { Ok(roles) }
}

/// `updateOrgUserRoles`: of active people.
fn org_roles(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.id_in_path("userId")?;
    let roles = replacing(&call.fields(&["orgRoles"])?, "orgRoles", Level::Org)?;
    people::active(call, id)?;
    org_users::replace_roles(call, id, roles.clone(), None)?;
    Ok(Answer::object(json!({ "orgRoles": roles, "links": self_link(call.here.clone()) })))
}

/// `updateGroupUserRoles`: of active people who are in the project.
fn project_roles(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (project, id) = (call.project()?.id, call.id_in_path("userId")?);
    let roles = replacing(&call.fields(&["groupRoles"])?, "groupRoles", Level::Project)?;
    if project_users::live(call, id)?.invitation.is_some() {
        return Err(people::not_in_project(&id.to_string()));
    }
    project_users::replace_roles(call, project, id, roles.clone())?;
    Ok(Answer::object(json!({ "groupRoles": roles, "links": self_link(call.here.clone()) })))
}

/// `addGroupAccessUser`: active people get in at once, which answers nothing; all others are invited to the
/// organization.
fn give_access(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let fields = call.fields(&["username", "roles"])?;
    let username = people::username(&fields)?;
    let roles = people::some_roles(&fields, "roles", Level::Project)?;
    let id = project_users::admit(call, project, username, roles)?;
    if people::live(call, id)?.invitation.is_none() { Ok(Answer::empty()) } else { org_invites::shown(call, id) }
}

/// Fields of an account that are texts.
const TEXTS: [&str; 5] = ["firstName", "lastName", "country", "mobileNumber", "password"];
/// The shortest password.
const SHORTEST_PASSWORD: usize = 8;

/// `createUser`: makes an account and invites it to what its roles are for. The password is never answered.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&[&["username", "emailAddress", "roles"][..], &TEXTS].concat())?;
    let username = people::username(&fields)?;
    let [first_name, last_name, country, mobile, password] = texts(&fields)?;
    let is_country = country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase());
    if !is_country {
        return Err(body::invalid("country"));
    }
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(body::invalid("password"));
    }
    if call.state.people.by_name(&username).is_some() {
        return Err(people::is_there(&username));
    }
    let (org_roles, project_roles) = offered(call, fields.get("roles").ok_or_else(|| body::missing("roles"))?)?;
    let org = call.target.org;
    let new = NewMember { org, username: username.clone(), org_roles, project_roles, teams: Vec::new() };
    let id = people::invite(call, new)?;
    call.state.people.add_person(Person {
        id,
        username,
        first_name,
        last_name,
        country,
        mobile: Some(mobile),
        created: call.now,
        last_auth: None,
    });
    let member = people::live(call, id)?;
    // An account has names and numbers, whatever its place in the organization.
    let as_member = Member { invitation: None, ..member.clone() };
    Ok(Answer::object(people::account(call, &as_member)))
}

fn texts(fields: &Fields) -> Result<[String; 5], ApiError> {
    let mut found = <[String; 5]>::default();
    for (place, name) in found.iter_mut().zip(TEXTS) {
        let value = fields.get(name).ok_or_else(|| body::missing(name))?;
        let text = value.as_str().filter(|text| !text.is_empty()).ok_or_else(|| body::invalid(name))?;
        text.clone_into(place);
    }
    Ok(found)
}

/// The roles an account is to get: `[{ "orgId" or "groupId": …, "roleName": … }]`, all within what the caller
/// administers.
fn offered(call: &Call<'_>, value: &Value) -> Result<(Vec<&'static str>, ProjectRoles), ApiError> {
    let grants = call.grants()?;
    let (mut org_roles, mut in_projects) = (Vec::new(), ProjectRoles::new());
    for item in value.as_array().ok_or_else(|| body::invalid("roles"))? {
        let fields = Fields::of(item.clone(), &["orgId", "groupId", "roleName"])?;
        let name = fields.get("roleName").ok_or_else(|| body::missing("roleName"))?.as_str().unwrap_or_default();
        let id = |field| fields.get(field).map(|value| value.as_str().unwrap_or_default());
        match (id("orgId"), id("groupId")) {
            (Some(org), None) if Id::parse(org) == Some(grants.org) && grants.has("ORG_OWNER") => {
                org_roles.push(body::role(name, Level::Org)?);
            }
            (Some(_), None) => return Err(permission::lacking(Need::OrgOwner)),
            (None, Some(text)) => {
                let project = Id::parse(text).and_then(|id| call.state.projects.get(&id));
                let project = project.ok_or_else(|| permission::no_project(text))?;
                let may =
                    project.org == grants.org && (grants.has("ORG_OWNER") || grants.has_in(project.id, "GROUP_OWNER"));
                if !may {
                    return Err(permission::lacking(Need::ProjectAccessManager));
                }
                in_projects.entry(project.id).or_default().push(body::role(name, Level::Project)?);
            }
            _ => {
                let text = "One of the attributes orgId, groupId must be specified.";
                let refusal = ApiError::bad_request("MISSING_ONE_OF_ATTRIBUTES", text);
                return Err(refusal.with("orgId").with("groupId"));
            }
        }
    }
    if org_roles.is_empty() && in_projects.is_empty() {
        return Err(body::missing("roles"));
    }
    if org_roles.is_empty() {
        org_roles.push("ORG_MEMBER");
    }
    Ok((org_roles, in_projects))
}

/// `getUser`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.id_in_path("userId")?;
    let refusal = || ApiError::not_found("USER_NOT_FOUND", format!("No user with ID {id} exists."));
    let person = call.state.people.person(id).ok_or_else(|| refusal().with(id.to_string()))?;
    profile(call, person)
}

/// `getUserByName`.
fn by_name(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let name = call.in_path("userName");
    let refusal = || ApiError::not_found("USERNAME_NOT_FOUND", format!("No user with username {name} exists."));
    let person = call.state.people.by_name(&name).ok_or_else(|| refusal().with(name.as_str()))?;
    profile(call, person)
}

/// An account, for owners of an organization or project it is in.
fn profile(call: &Call<'_>, person: &Person) -> Result<Answer, ApiError> {
    let grants = call.grants()?;
    let member = people::active(call, person.id).ok().filter(|member| {
        let projects = grants.project_roles.keys();
        let shared =
            { projects }.any(|project| grants.has_in(*project, "GROUP_OWNER") && !member.roles_in(*project).is_empty());
        grants.has("ORG_OWNER") || shared
    });
    let text = "The current user is not a user administrator of any organization or group of this user.";
    let member = member.ok_or_else(|| ApiError::role("NOT_USER_ADMIN", text))?;
    Ok(Answer::object(people::account(call, member)))
}
