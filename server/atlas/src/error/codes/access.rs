//! Who may do what: credentials, access lists, roles.

use super::codes;

const ASK_OWNER: &str = "Use a credential with the Organization Owner role for this connection, or ask an owner of the organization in Atlas.";
const GIVE_PROJECT: &str = "Give the connection's {caller} a role in the project or in the whole organization.";
const PEOPLE: &str = "Give the connection's {caller} the Organization Owner role, or have an owner do it in Atlas.";
const PROJECT_PEOPLE: &str =
    "Give the connection's {caller} the Project Owner role there, or have an owner do it in Atlas.";
const TWO_KINDS: &str = "Choose organization roles for the organization and project roles for projects.";
const ANOTHER_OWNER: &str = "Make somebody else an owner first.";
const ONE_ROLE: &str = "Choose at least one role.";
const SHORTEN: &str = "Use between 1 and 250 characters.";
const UPDATE: &str = "Update Meridian; if it is up to date, tell its makers what Atlas says.";

codes! {
    // Signing in as a service account.
    "invalid_client" WrongCredentials
        "Atlas does not accept this service account: the secret does not belong to the client id, has expired or was deleted."
        "Paste client id and secret again, or create a new secret in Atlas and replace this one.";
    "access_denied" LimitReached
        "Atlas gives this service account no further access token; usually a hundred of them are alive already."
        "Wait up to an hour until some end, and look for programs that ask for many with the same account.";
    "invalid_request" Invalid "Atlas does not understand how Meridian signs in as a service account." UPDATE;
    "invalid_grant" Invalid "Atlas does not understand how Meridian signs in as a service account." UPDATE;
    "unsupported_grant_type" Invalid
        "Atlas no longer lets service accounts sign in the way this release of Meridian does." UPDATE;
    "unauthorized_client" NotAllowed
        "Atlas does not let this service account sign in." "Check the service account in Atlas, or use another.";
    "invalid_scope" Invalid "Atlas does not understand how Meridian signs in as a service account." UPDATE;
    "server_error" ServerFault
        "Atlas has a problem of its own while signing in." "Try again in a few minutes.";
    "temporarily_unavailable" ServerFault
        "Atlas cannot sign anybody in at the moment." "Try again in a few minutes.";

    // Access lists. The words of the first three name addresses.
    "IP_ADDRESS_NOT_ON_ACCESS_LIST" AddressNotListed;
    "ORG_REQUIRES_ACCESS_LIST" OrgRequiresList;
    "RESOURCE_REQUIRES_ACCESS_LIST" ResourceRequiresList;
    "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST" Invalid
        "This is the address Meridian calls from, and Atlas does not let a caller remove its own address."
        "Remove the entry in Atlas's own pages, or call from another address.";
    "API_KEY_ACCESS_LIST_ACCESS_DENIED" NotAllowed
        "Only the key itself or an owner of the organization may see or change this access list." ASK_OWNER;
    "API_KEY_ACCESS_LIST_NOT_FOUND" NotFound
        "The access list does not have this entry; it may have been removed meanwhile."
        "Refresh to see the list as it is now.";
    "ADDRESS_ALREADY_IN_ACCESS_LIST" Duplicate
        "The address is on this access list already." "Leave it out, or refresh to see the list as it is now.";
    "DUPLICATE_ADDRESSES_IN_INPUT" Invalid
        "An address is named more than once." "Keep each address once and send it again.";
    "BAD_ACCESS_LIST_ADD_REQUEST" Invalid
        "An entry of an access list is either an address or a block of addresses, and this one is both or neither."
        "Give each entry as one address or one block.";
    "CANNOT_ADD_IP_ADDRESS_TO_API_KEY_ACCESS_LIST" Invalid
        "Atlas does not accept this address on an access list."
        "Check the address; private and reserved addresses are never seen by Atlas.";
    "INVALID_IP_ADDRESS_OR_CIDR_NOTATION" Invalid
        "Atlas does not read this as an address or a block of addresses."
        "Write an address such as 192.0.2.7 or a block such as 192.0.2.0/24.";
    "INVALID_CIDR_BLOCK" Invalid
        "Atlas does not read this as a block of addresses." "Write a block such as 192.0.2.0/24.";

    // API keys. Atlas answers 400, not 404, for a key that does not exist.
    "API_KEY_NOT_FOUND" NotFound
        "Atlas has no such API key in this organization; it may have been deleted meanwhile."
        "Refresh the inventory and look for the key again.";
    "PATH_PARAM_PARSE_ERROR" Invalid
        "An id in the request is not one; often a public key stands where the id of the key belongs."
        "Use the id, which has 24 characters.";
    "INVALID_API_KEY_DESC" Invalid "Atlas does not accept the description." SHORTEN;
    "API_KEY_REQUIRES_DESCRIPTION" Invalid "An API key needs a description." SHORTEN;
    "MISSING_API_KEY_ROLES" Invalid "An API key needs a role." ONE_ROLE;
    "API_KEY_CAN_ONLY_BELONG_TO_ONE_ORG" Invalid
        "The key belongs to another organization than the project."
        "Choose a project of the key's own organization.";
    "API_KEY_ROLE_ASSIGNMENT_MISSING_ID" Invalid
        "A role is given without the organization or project it is for." "Name the organization or project of each role.";
    "MAX_API_KEYS_PER_ORG_EXCEEDED" LimitReached
        "The organization has as many API keys as Atlas allows." "Delete keys that are no longer used, then try again.";
    "MAX_PUBLIC_API_KEY_REACHED" LimitReached
        "There are as many API keys as Atlas allows." "Delete keys that are no longer used, then try again.";
    "NOT_API_KEY_ADMIN" NotAllowed "This {caller} may not manage API keys." ASK_OWNER;
    "PERSONAL_API_KEYS_DEPRECATED" VersionGone
        "This is a personal API key of the old kind, which Atlas no longer accepts."
        "Create an API key of the organization in Atlas and use that one.";

    // Roles.
    "INVALID_ROLE_FOR_ORG" Invalid
        "One of the roles is not an organization role."
        "Choose organization roles here and project roles in the step for projects.";
    "INVALID_ROLE_FOR_GROUP" Invalid
        "One of the roles is not a project role."
        "Choose project roles here and organization roles in their own step.";
    "CANNOT_ADD_GROUP_ROLE" Invalid "A project role cannot be given here." TWO_KINDS;
    "CANNOT_ADD_ORG_ROLE" Invalid "An organization role cannot be given here." TWO_KINDS;
    "UNSUPPORTED_ROLE" Invalid "Atlas does not offer one of the roles." "Choose another role.";
    "INVALID_ENUM_VALUE" Invalid "Atlas does not know one of the values:" "Choose another role or value.";
    "CANNOT_ADD_GLOBAL_ROLE" NotAllowed
        "Roles over all of Atlas can be given by MongoDB only." "Choose roles of the organization or of a project.";
    "CANNOT_REMOVE_ALL_USER_ROLES" Invalid
        "A person keeps at least one role." "Leave one role, or take the person out of the organization.";
    "NO_ROLES_IN_ASSIGNMENT" Invalid "No role is named." ONE_ROLE;
    "CANNOT_DELETE_LAST_ADMIN" NotAllowed "Atlas keeps at least one owner." ANOTHER_OWNER;
    "CANNOT_DEMOTE_LAST_ORG_OWNER" NotAllowed
        "Atlas keeps at least one owner of the organization." ANOTHER_OWNER;

    // Who may do what. Atlas answers most of these with 401.
    "USER_UNAUTHORIZED" NotAllowed
        "The roles of this {caller} do not allow this."
        "Give the connection's {caller} a role that allows it, or use another credential.";
    "USER_CANNOT_ACCESS_ORG" NotAllowed
        "This {caller} does not belong to that organization."
        "Add a connection with a credential of that organization.";
    "USER_CANNOT_ACCESS_GROUP" NotAllowed "This {caller} has no access to that project." GIVE_PROJECT;
    "NOT_IN_GROUP" NotAllowed "This {caller} has no access to that project." GIVE_PROJECT;
    "NOT_ORG_OWNER" NotAllowed "This needs the Organization Owner role, which the {caller} lacks." ASK_OWNER;
    "NOT_ORG_GROUP_CREATOR" NotAllowed
        "This needs the Organization Project Creator role, which the {caller} lacks." ASK_OWNER;
    "NOT_ORG_USER_ADMIN" NotAllowed "This {caller} may not manage the people of the organization." PEOPLE;
    "NOT_GROUP_USER_ADMIN" NotAllowed "This {caller} may not manage the people of the project." PROJECT_PEOPLE;
    "NOT_USER_ADMIN" NotAllowed "This {caller} may not manage people." PEOPLE;
    "ACCESS_FORBIDDEN" NotAllowed
        "Atlas does not allow this {caller} to do this."
        "Give the connection's {caller} a role that allows it, or use another credential.";
    "FEATURE_UNSUPPORTED" NotAllowed
        "Atlas does not offer this to the organization." "Ask MongoDB's support, or do without it.";
    "UNSUPPORTED_FOR_CURRENT_PLAN" NotAllowed
        "The organization's plan with MongoDB does not include this." "Change the plan in Atlas, or do without it.";
}
