//! Invitations to a project, of the old kind: the newer endpoints do not show them, and these do not show what the newer
//! ones made.

use serde_json::{Value, json};

use crate::{
    clock,
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    routes::{
        Answer, Call,
        body::Level,
        org_invites::no_invitation,
        people::{self, OLD_ONLY},
        permission::Need,
        self_link,
    },
    state::people::ProjectInvite,
};

/// The operations of this area, all deprecated.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listGroupInvites", ALL, Need::ProjectOwner, Set::ProjectUsers, list)
        .also(&["username"])
        .releases(OLD_ONLY),
    Operation::post("createGroupInvite", ALL, Need::ProjectOwner, Set::ProjectUsers, create).releases(OLD_ONLY),
    Operation::patch("updateGroupInvites", ALL, Need::ProjectOwner, Set::ProjectUsers, update_named).releases(OLD_ONLY),
    Operation::get("getGroupInvite", ONE, Need::ProjectOwner, Set::ProjectUsers, get).releases(OLD_ONLY),
    Operation::patch("updateGroupInviteById", ONE, Need::ProjectOwner, Set::ProjectUsers, update).releases(OLD_ONLY),
    Operation::delete("deleteGroupInvite", ONE, Need::ProjectOwner, Set::ProjectUsers, delete).releases(OLD_ONLY),
];

const ALL: &str = "/groups/{groupId}/invites";
const ONE: &str = "/groups/{groupId}/invites/{invitationId}";

/// The invitations that can still be accepted.
fn open<'a>(call: &'a Call<'_>, project: Id) -> impl Iterator<Item = &'a ProjectInvite> {
    call.state.people.project_invites(project).iter().filter(|invite| invite.invitation.expires > call.now)
}

/// `listGroupInvites`: a bare array.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let wanted = call.query.value("username");
    let shown = open(call, project)
        .filter(|invite| wanted.is_none_or(|name| invite.username.eq_ignore_ascii_case(name)))
        .map(|invite| written(call, project, invite));
    Ok(Answer::object(shown.collect()))
}

/// An invitation as Atlas writes it.
fn written(call: &Call<'_>, project: Id, invite: &ProjectInvite) -> Value {
    let invitation = &invite.invitation;
    json!({
        "id": invitation.id.to_string(),
        "groupId": project.to_string(),
        "groupName": call.state.projects.get(&project).map(|project| project.name.as_str()).unwrap_or_default(),
        "username": invite.username,
        "inviterUsername": invitation.inviter,
        "createdAt": clock::written(invitation.created),
        "expiresAt": clock::written(invitation.expires),
        "roles": invite.roles,
        "links": self_link(format!("{}/groups/{project}/invites/{}", call.api, invitation.id)),
    })
}

/// `createGroupInvite`: for people of the organization too, who must accept like everybody else.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let fields = call.fields(&["username", "roles"])?;
    let username = people::username(&fields)?;
    let roles = people::some_roles(&fields, "roles", Level::Project)?;
    let member = call.state.people.named(call.target.org, &username);
    let is_in = member.is_some_and(|member| member.status(call.now).is_live() && !member.roles_in(project).is_empty());
    if is_in || open(call, project).any(|invite| invite.username.eq_ignore_ascii_case(&username)) {
        return Err(people::is_there(&username));
    }
    let invitation = people::sent(call)?;
    let (id, now) = (invitation.id, call.now);
    let invites = call.state.people.project_invites_mut(project);
    invites.retain(|invite| invite.invitation.expires > now);
    invites.push(ProjectInvite { username: username.clone(), roles, invitation });
    people::record(call, "INVITED_TO_GROUP", &username, Some(project));
    shown(call, project, id)
}

fn shown(call: &Call<'_>, project: Id, id: Id) -> Result<Answer, ApiError> {
    let found = open(call, project).find(|invite| invite.invitation.id == id);
    Ok(Answer::object(written(call, project, found.ok_or_else(|| no_invitation(&id.to_string()))?)))
}

/// `updateGroupInvites`: the invitation of a user name.
fn update_named(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let project = call.project()?.id;
    let fields = call.fields(&["username", "roles"])?;
    let username = people::username(&fields)?;
    let roles = people::some_roles(&fields, "roles", Level::Project)?;
    let found = open(call, project).find(|invite| invite.username.eq_ignore_ascii_case(&username));
    let id = found.ok_or_else(|| no_invitation(&format!("for {username}")))?.invitation.id;
    replace(call, project, id, roles)
}

/// `updateGroupInviteById`.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (project, id) = (call.project()?.id, call.id_in_path("invitationId")?);
    let roles = people::some_roles(&call.fields(&["roles"])?, "roles", Level::Project)?;
    replace(call, project, id, roles)
}

fn replace(call: &mut Call<'_>, project: Id, id: Id, roles: Vec<&'static str>) -> Result<Answer, ApiError> {
    let invites = call.state.people.project_invites_mut(project);
    if let Some(invite) = invites.iter_mut().find(|invite| invite.invitation.id == id) {
        invite.roles = roles;
    }
    shown(call, project, id)
}

/// `getGroupInvite`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    shown(call, call.project()?.id, call.id_in_path("invitationId")?)
}

/// `deleteGroupInvite`.
fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (project, id) = (call.project()?.id, call.id_in_path("invitationId")?);
    let found = open(call, project).find(|invite| invite.invitation.id == id);
    let username = found.ok_or_else(|| no_invitation(&id.to_string()))?.username.clone();
    call.state.people.project_invites_mut(project).retain(|invite| invite.invitation.id != id);
    people::record(call, "GROUP_INVITATION_DELETED", &username, Some(project));
    Ok(Answer::empty())
}
