//! Invitations to an organization as the deprecated endpoints show them: people who are invited and still expected. The
//! newer endpoints show the same people, with another identifier.

use serde_json::{Value, json};

use crate::{
    clock,
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    routes::{
        Answer, Call,
        body::{Fields, Level},
        org_users,
        people::{self, OLD_ONLY},
        permission::Need,
        self_link,
    },
    state::{
        Member, NewMember,
        people::{Invitation, ProjectRoles, Status},
    },
};

/// The operations of this area, all deprecated.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listOrgInvites", ALL, Need::OrgOwner, Set::OrgUsers, list).also(&["username"]).releases(OLD_ONLY),
    Operation::post("createOrgInvite", ALL, Need::OrgOwner, Set::OrgUsers, create).releases(OLD_ONLY),
    Operation::patch("updateOrgInvites", ALL, Need::OrgOwner, Set::OrgUsers, update_named).releases(OLD_ONLY),
    Operation::get("getOrgInvite", ONE, Need::OrgOwner, Set::OrgUsers, get).releases(OLD_ONLY),
    Operation::patch("updateOrgInviteById", ONE, Need::OrgOwner, Set::OrgUsers, update).releases(OLD_ONLY),
    Operation::delete("deleteOrgInvite", ONE, Need::OrgOwner, Set::OrgUsers, delete).releases(OLD_ONLY),
];

const ALL: &str = "/orgs/{orgId}/invites";
const ONE: &str = "/orgs/{orgId}/invites/{invitationId}";

/// Everybody still expected, with what they were sent.
fn open<'a>(call: &'a Call<'_>) -> impl Iterator<Item = (&'a Member, &'a Invitation)> {
    let members = call.state.people.members(call.target.org).iter();
    let pending = members.filter(|member| member.status(call.now) == Status::Pending);
    pending.filter_map(|member| Some((member, member.invitation.as_ref()?)))
}

/// `listOrgInvites`: a bare array.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let wanted = call.query.value("username");
    let shown = open(call).filter(|(member, _)| wanted.is_none_or(|name| member.username.eq_ignore_ascii_case(name)));
    Ok(Answer::object(shown.map(|(member, invitation)| written(call, member, invitation)).collect()))
}

/// An invitation as Atlas writes it.
fn written(call: &Call<'_>, member: &Member, invitation: &Invitation) -> Value {
    let org = call.target.org;
    let in_projects: Vec<Value> = people::present(call, &member.project_roles)
        .flat_map(|(id, roles)| roles.iter().map(move |role| json!({ "groupId": id.to_string(), "groupRole": role })))
        .collect();
    json!({
        "id": invitation.id.to_string(),
        "orgId": org.to_string(),
        "orgName": call.state.orgs.get(&org).map(|org| org.name.as_str()).unwrap_or_default(),
        "username": member.username,
        "inviterUsername": invitation.inviter,
        "createdAt": clock::written(invitation.created),
        "expiresAt": clock::written(invitation.expires),
        "roles": member.org_roles,
        "groupRoleAssignments": in_projects,
        "teamIds": people::texts(&member.teams),
        "links": self_link(format!("{}/orgs/{org}/invites/{}", call.api, invitation.id)),
    })
}

/// The open invitation of somebody.
pub(super) fn shown(call: &Call<'_>, id: Id) -> Result<Answer, ApiError> {
    let found = open(call).find(|(member, _)| member.id == id).ok_or_else(|| people::not_in_org(&id.to_string()))?;
    Ok(Answer::object(written(call, found.0, found.1)))
}

/// Whom the path names by their invitation.
fn invited(call: &Call<'_>) -> Result<Id, ApiError> {
    let id = call.id_in_path("invitationId")?;
    let found = open(call).find(|(_, invitation)| invitation.id == id);
    found.map(|(member, _)| member.id).ok_or_else(|| no_invitation(&id.to_string()))
}

/// 400 for an invitation that is not open. Atlas answers 400 here, not 404.
pub(super) fn no_invitation(which: &str) -> ApiError {
    let text = format!("No open invitation {which} exists.");
    ApiError::bad_request("INVALID_INVITATION_ID", text).with(which)
}

/// What an invitation offers, as far as the body says.
struct Offer {
    org_roles: Option<Vec<&'static str>>,
    project_roles: Option<ProjectRoles>,
    teams: Option<Vec<Id>>,
}

impl Offer {
    const FIELDS: [&'static str; 3] = ["roles", "groupRoleAssignments", "teamIds"];

    fn read(call: &Call<'_>, fields: &Fields, of: Option<Id>) -> Result<Self, ApiError> {
        let org_roles = fields.get("roles").map(|value| people::roles(value, Level::Org, "roles")).transpose()?;
        let project_roles = fields.get("groupRoleAssignments");
        let project_roles = project_roles.map(|value| people::assignments(call, value, "roles")).transpose()?;
        let teams = fields.get("teamIds").map(|value| people::team_ids(call, value, of)).transpose()?;
        Ok(Self { org_roles: org_roles.filter(|roles| !roles.is_empty()), project_roles, teams })
    }
}

/// `createOrgInvite`. Whoever is offered nothing in the organization becomes a member.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&[&["username"][..], &Offer::FIELDS].concat())?;
    let (org, username) = (call.target.org, people::username(&fields)?);
    let offer = Offer::read(call, &fields, None)?;
    let id = people::invite(
        call,
        NewMember {
            org,
            username,
            org_roles: offer.org_roles.unwrap_or_else(|| vec!["ORG_MEMBER"]),
            project_roles: offer.project_roles.unwrap_or_default(),
            teams: offer.teams.unwrap_or_default(),
        },
    )?;
    shown(call, id)
}

/// `updateOrgInvites`: the invitation of a user name.
fn update_named(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&[&["username"][..], &Offer::FIELDS].concat())?;
    let username = people::username(&fields)?;
    let found = open(call).find(|(member, _)| member.username.eq_ignore_ascii_case(&username));
    let id = found.map(|(member, _)| member.id).ok_or_else(|| no_invitation(&format!("for {username}")))?;
    apply(call, id, &fields)
}

/// `updateOrgInviteById`.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = invited(call)?;
    let fields = call.fields(&Offer::FIELDS)?;
    apply(call, id, &fields)
}

/// Replaces what the body names.
fn apply(call: &mut Call<'_>, id: Id, fields: &Fields) -> Result<Answer, ApiError> {
    let offer = Offer::read(call, fields, Some(id))?;
    let org_roles = offer.org_roles.map_or_else(|| Ok(people::live(call, id)?.org_roles.clone()), Ok)?;
    org_users::replace_roles(call, id, org_roles, offer.project_roles)?;
    if let Some(teams) = offer.teams {
        people::move_to_teams(call, id, teams)?;
    }
    shown(call, id)
}

/// `getOrgInvite`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    shown(call, invited(call)?)
}

/// `deleteOrgInvite`.
fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = invited(call)?;
    let username = people::live(call, id)?.username.clone();
    call.state.people.remove(call.target.org, id);
    people::record(call, "ORG_INVITATION_DELETED", &username, None);
    Ok(Answer::empty())
}
