//! Everything else: organizations, projects, people, teams, invoices, events, and requests as such.

use super::codes;

const LOOK_AGAIN: &str = "Refresh the inventory and look again.";
const NAME: &str = "Use between 1 and 64 letters, digits, spaces or any of - _ . ( ) , : & @ + '.";
const SETTLE: &str = "Settle the payment on the billing page in Atlas, then try again.";
const ANOTHER_NAME: &str = "Choose another name.";
const CLUSTERS: &str = "Terminate what is left in Atlas, then try again.";
const CHANGE: &str = "Change the values and try again.";
const OUR_FAULT: &str = "Try again; if it stays, tell Meridian's makers what Atlas says.";
const FEWER_PEOPLE: &str = "Take out people who no longer need it, or have MongoDB's support raise the limit.";
const FEWER_TEAMS: &str = "Delete teams that are no longer used, or have MongoDB's support raise the limit.";
const DATES: &str = "Choose a beginning that lies before the end.";

codes! {
    // Organizations.
    "INVALID_ORG_NAME" Invalid "Atlas does not accept the name of the organization." NAME;
    "MAX_ORGS_PER_USER_EXCEEDED" LimitReached
        "The owner named belongs to as many organizations as Atlas allows a person." "Name another owner.";
    "INACTIVE_ORG" NotAllowed
        "The organization is not active." "Look at its billing page in Atlas, or ask MongoDB's support.";
    "API_KEY_MUST_BE_ASSOCIATED_WITH_PAYING_ORG" NotAllowed
        "Only a credential of a paying organization can make organizations, and this organization pays for no others."
        "Use the connection of the organization that pays, or create the organization in Atlas and link it there.";
    "API_KEY_CANNOT_CREATE_ORG" NotAllowed
        "Atlas does not let this {caller} make organizations."
        "Use a credential with the Organization Owner role in the organization that pays.";
    "USER_ORGS_RESTRICTED" NotAllowed
        "The owner named may not belong to further organizations." "Name another owner, or ask whoever runs your federation.";
    "ORG_NOT_FOUND" NotFound
        "Atlas has no such organization; it may have been deleted meanwhile." LOOK_AGAIN;
    "INVALID_ORG_ID" NotFound "Atlas has no organization with this id." LOOK_AGAIN;
    "USER_NOT_FOUND" NotFound "Atlas knows no such person." "Check the address, and whether the person has signed up.";
    "ORG_NOT_EMPTY" Duplicate
        "The organization still has projects." "Delete or move its projects, then try again.";
    "CANNOT_DELETE_ORG_FAILED_PAYMENTS" NotAllowed "The organization has payments that failed." SETTLE;
    "FAILED_TO_DELETE_ORG_CHARGE_FAILED" NotAllowed "The last charge of the organization failed." SETTLE;
    "ACCOUNT_SUSPENDED" NotAllowed
        "MongoDB has suspended the organization, usually over a payment." "Settle it on the billing page in Atlas.";

    // Projects.
    "INVALID_GROUP_NAME" Invalid "Atlas does not accept the name of the project." NAME;
    "MAX_GROUPS_PER_ORG_EXCEEDED" LimitReached
        "The organization has as many projects as Atlas allows."
        "Delete projects that are no longer used, or have MongoDB's support raise the limit.";
    "MAX_GROUPS_PER_USER_EXCEEDED" LimitReached
        "The owner named belongs to as many projects as Atlas allows a person." "Name another owner.";
    "GROUP_NOT_FOUND" NotFound
        "Atlas has no such project; it may have been deleted meanwhile."
        "Refresh the inventory and choose another project.";
    "GROUP_NAME_NOT_FOUND" NotFound "Atlas has no project of this name." LOOK_AGAIN;
    "INVALID_GROUP_ID" NotFound "Atlas has no project with this id." LOOK_AGAIN;
    "GROUP_ALREADY_EXISTS" Duplicate "The organization has a project of this name already." ANOTHER_NAME;
    "MULTIPLE_GROUPS" Duplicate
        "Several projects have this name." "Choose the project by its id instead of its name.";
    "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS" Duplicate "The project still has clusters." CLUSTERS;
    "CANNOT_CLOSE_GROUP_ACTIVE_BACKUP" Duplicate "The project still has backups." CLUSTERS;
    "CANNOT_CLOSE_GROUP_ACTIVE_BACKUP_COMPLIANCE_POLICY" Duplicate
        "A compliance policy protects the backups of the project."
        "Only MongoDB's support can lift such a policy.";
    "CANNOT_CHANGE_GROUP_NAME" NotAllowed
        "Atlas does not let this project be renamed." "Rename it in Atlas, or ask MongoDB's support.";
    "NO_PAYMENT_INFORMATION_FOUND" NotAllowed
        "The organization has no means of payment." "Add one on its billing page in Atlas, then try again.";

    // People and teams.
    "USER_ALREADY_EXISTS" Duplicate
        "The person is there already, or has an invitation." "Change the person's roles instead.";
    "USER_ALREADY_IN_TEAM" Duplicate "The person is in the team already." LOOK_AGAIN;
    "TEAM_NAME_NOT_AVAILABLE" Duplicate "The organization has a team of this name already." ANOTHER_NAME;
    "TEAM_EXISTS_IN_GROUP" Duplicate
        "The team is assigned to the project already." "Change the team's roles there instead.";
    "USERNAME_NOT_FOUND" NotFound "Atlas knows nobody by this address." "Check the address.";
    "USER_NOT_IN_ORG" NotFound
        "The person does not belong to the organization." "Invite them to the organization first.";
    "USER_NOT_IN_GROUP" NotFound "The person does not belong to the project." LOOK_AGAIN;
    "CANNOT_ADD_PENDING_USER" NotFound
        "The person has not accepted the invitation yet." "Wait until they have, then try again.";
    "TEAM_NOT_FOUND" NotFound "Atlas has no such team; it may have been deleted meanwhile." LOOK_AGAIN;
    "TEAM_NOT_IN_ORG" NotFound "The team belongs to another organization." "Choose a team of this organization.";
    "TEAM_NOT_IN_GROUP" NotFound "The team is not assigned to the project." LOOK_AGAIN;
    "CANNOT_DELETE_TEAM_ASSIGNED_TO_PROJECT" Duplicate
        "The team is still assigned to projects." "Take it out of its projects, then try again.";
    "CANNOT_CREATE_EMPTY_TEAM" Invalid "A team needs a person." "Name at least one person of the organization.";
    "INVALID_TEAM_NAME" Invalid "Atlas does not accept the name of the team." ANOTHER_NAME;
    "INVALID_INVITATION_ID" Invalid
        "Atlas has no such invitation; it may have been accepted, withdrawn or have ended." LOOK_AGAIN;
    "DOMAIN_NOT_IN_ALLOW_LIST" Invalid
        "The organization's federation lets in only people of certain domains, and this address is of none of them."
        "Use an address of an allowed domain, or have the domain added to the federation.";
    "DEFAULT_INVITATION_EXCEPTION" Invalid
        "Atlas could not invite the person and does not say why." "Check the address and try again.";
    "RATE_LIMITED_IP" RateLimited
        "Atlas takes only so many requests from one address, ten invitations a minute for instance."
        "Try again in a minute.";
    "INVITATIONS_RATE_LIMITED_IP" RateLimited
        "Atlas takes only ten invitations a minute." "Try again in a minute.";
    "MAX_TEAMS_PER_ORG_EXCEEDED" LimitReached "The organization has as many teams as Atlas allows." FEWER_TEAMS;
    "MAX_TEAMS_PER_GROUP_EXCEEDED" LimitReached
        "The project has as many teams as Atlas allows." "Take teams out of the project that no longer need it.";
    "MAX_TEAMS_PER_USER_EXCEEDED" LimitReached
        "The person is in as many teams as Atlas allows." "Take them out of a team first.";
    "MAX_USERS_PER_ORG_EXCEEDED" LimitReached "The organization has as many people as Atlas allows." FEWER_PEOPLE;
    "MAX_USERS_PER_GROUP_EXCEEDED" LimitReached "The project has as many people as Atlas allows." FEWER_PEOPLE;
    "MAX_USERS_PER_TEAM_EXCEEDED" LimitReached
        "The team has as many people as Atlas allows." "Make a second team for the others.";

    // Invoices and events.
    "INVALID_INVOICE_ID" Invalid "Atlas has no invoice with this id." LOOK_AGAIN;
    "INVOICE_NOT_FOUND" NotFound "Atlas has no such invoice." LOOK_AGAIN;
    "PENDING_INVOICE_NOT_FOUND" NotFound
        "The organization has no invoice for the current month yet." "Look again tomorrow.";
    "EVENT_NOT_FOUND" NotFound "Atlas has no such event; it forgets old ones." LOOK_AGAIN;
    "ORG_EVENT_NOT_FOUND" NotFound "The organization has no such event; Atlas forgets old ones." LOOK_AGAIN;
    "INVALID_DATE_FORMAT" Invalid "Atlas does not read one of the dates." "Write dates such as 2026-08-10.";
    "INVALID_DATE_RANGE" Invalid "The beginning does not lie before the end, or too far." DATES;

    // Requests as such.
    "VALIDATION_ERROR" Invalid;
    "INVALID_ATTRIBUTE" Invalid "Atlas does not accept one of the values:" CHANGE;
    "INVALID_JSON" Invalid "Atlas cannot read what Meridian sent." OUR_FAULT;
    "MALFORMED_JSON" Invalid "Atlas cannot read what Meridian sent." OUR_FAULT;
    "MISSING_ATTRIBUTE" Invalid "A value is missing that Atlas needs:" CHANGE;
    "MISSING_ATTRIBUTES" Invalid "Values are missing that Atlas needs:" CHANGE;
    "MISSING_ONE_OF_ATTRIBUTES" Invalid "One of several values is missing that Atlas needs:" CHANGE;
    "ATTRIBUTE_READ_ONLY" Invalid "One of the values can be set by Atlas only:" OUR_FAULT;
    "INVALID_QUERY_PARAMETER" Invalid "Atlas does not accept a part of the question:" OUR_FAULT;
    "INVALID_PATH_PARAMETER" Invalid "Atlas does not accept an id or a name in the request:" LOOK_AGAIN;
    "RESOURCE_NOT_FOUND" NotFound
        "Atlas does not know what the request is about; it may have been deleted meanwhile." LOOK_AGAIN;
    "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES" ServerFault
        "Atlas is being upgraded and accepts no changes meanwhile." "Try again in a few minutes.";
    // The words of these two name the wait.
    "RATE_LIMITED" RateLimited;
    "RATE_LIMITED_TOKEN_BUCKET" RateLimited;
    "INVALID_VERSION_DATE" VersionGone;
    "VERSION_GONE" VersionGone;
}
