//! Atlas's error codes: what kind of problem each stands for, and for those people meet, the words.
//!
//! Codes are open: Atlas adds some without notice. Its error page still spells `WHITELIST` where
//! the service now answers `ACCESS_LIST`; both mean the same here.

use std::fmt;

/// A code of Atlas, in the spelling received.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ErrorCode(String);

impl ErrorCode {
    /// Codes are capitals and underscores; anything else on the wire is not shown as one.
    pub(crate) fn new(text: &str) -> Self {
        let allowed = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
        Self(text.chars().filter(allowed).take(100).collect())
    }

    /// The code as received; empty if there was none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `code`, in either spelling of the access list.
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        one_spelling(&self.0) == one_spelling(code)
    }

    /// Whether it says nothing beyond the status: `UNEXPECTED_ERROR` or no code.
    #[must_use]
    pub fn is_generic(&self) -> bool {
        matches!(self.0.as_str(), "" | "UNEXPECTED_ERROR")
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        self.entry().map(|entry| entry.kind)
    }

    /// The words for this code, where it deserves others than its kind: cause and next step.
    pub(super) fn words(&self) -> Option<(&'static str, &'static str)> {
        self.entry().and_then(|entry| entry.words)
    }

    fn entry(&self) -> Option<&'static Entry> {
        let code = one_spelling(&self.0);
        CODES.iter().find(|entry| entry.code == code).or_else(|| {
            // MAX_API_KEYS_PER_ORG_EXCEEDED, MAX_USERS_PER_TEAM_EXCEEDED and their many relatives.
            (code.starts_with("MAX_") && code.ends_with("_EXCEEDED")).then_some(&A_LIMIT)
        })
    }
}

fn one_spelling(code: &str) -> String {
    code.replace("WHITELIST", "ACCESS_LIST")
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A category without its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    WrongCredentials,
    AddressNotListed,
    OrgRequiresList,
    ResourceRequiresList,
    NotAllowed,
    NotFound,
    Duplicate,
    LimitReached,
    RateLimited,
    Invalid,
    VersionGone,
    ServerFault,
}

struct Entry {
    code: &'static str,
    kind: Kind,
    words: Option<(&'static str, &'static str)>,
}

const fn plain(code: &'static str, kind: Kind) -> Entry {
    Entry { code, kind, words: None }
}

const fn told(code: &'static str, kind: Kind, cause: &'static str, next_step: &'static str) -> Entry {
    Entry { code, kind, words: Some((cause, next_step)) }
}

const A_LIMIT: Entry = plain("", Kind::LimitReached);

const ASK_OWNER: &str = "Use an API key with the Organization Owner role for this connection, or ask an owner of the organization in Atlas.";

/// Source: Atlas's page of error codes and recorded answers (admin-api notes, section 4).
const CODES: &[Entry] = &[
    // Access lists.
    plain("IP_ADDRESS_NOT_ON_ACCESS_LIST", Kind::AddressNotListed),
    plain("ORG_REQUIRES_ACCESS_LIST", Kind::OrgRequiresList),
    plain("RESOURCE_REQUIRES_ACCESS_LIST", Kind::ResourceRequiresList),
    told(
        "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST",
        Kind::Invalid,
        "This is the address Meridian calls from, and Atlas does not let a caller remove its own address.",
        "Remove the entry in Atlas's own pages, or call from another address.",
    ),
    told(
        "API_KEY_ACCESS_LIST_ACCESS_DENIED",
        Kind::NotAllowed,
        "Only the key itself or an owner of the organization may see or change this access list.",
        ASK_OWNER,
    ),
    plain("API_KEY_ACCESS_LIST_NOT_FOUND", Kind::NotFound),
    told(
        "ADDRESS_ALREADY_IN_ACCESS_LIST",
        Kind::Duplicate,
        "The address is on this access list already.",
        "Leave it out, or refresh to see the list as it is now.",
    ),
    told(
        "DUPLICATE_ADDRESSES_IN_INPUT",
        Kind::Invalid,
        "An address is named more than once.",
        "Keep each address once and send it again.",
    ),
    plain("BAD_ACCESS_LIST_ADD_REQUEST", Kind::Invalid),
    told(
        "CANNOT_ADD_IP_ADDRESS_TO_API_KEY_ACCESS_LIST",
        Kind::Invalid,
        "Atlas does not accept this address on an access list.",
        "Check the address; private and reserved addresses are never seen by Atlas.",
    ),
    told(
        "INVALID_IP_ADDRESS_OR_CIDR_NOTATION",
        Kind::Invalid,
        "Atlas does not read this as an address or a block of addresses.",
        "Write an address such as 192.0.2.7 or a block such as 192.0.2.0/24.",
    ),
    told(
        "INVALID_CIDR_BLOCK",
        Kind::Invalid,
        "Atlas does not read this as a block of addresses.",
        "Write a block such as 192.0.2.0/24.",
    ),
    // API keys. Atlas answers 400, not 404, for a key that does not exist.
    told(
        "API_KEY_NOT_FOUND",
        Kind::NotFound,
        "Atlas has no such API key in this organization; it may have been deleted meanwhile.",
        "Refresh the inventory and look for the key again.",
    ),
    told(
        "PATH_PARAM_PARSE_ERROR",
        Kind::Invalid,
        "An id in the request is not one; often a public key stands where the id of the key belongs.",
        "Use the id, which has 24 characters.",
    ),
    told(
        "INVALID_API_KEY_DESC",
        Kind::Invalid,
        "Atlas does not accept the description.",
        "Use between 1 and 250 characters.",
    ),
    told(
        "API_KEY_REQUIRES_DESCRIPTION",
        Kind::Invalid,
        "An API key needs a description.",
        "Write one of up to 250 characters.",
    ),
    told("MISSING_API_KEY_ROLES", Kind::Invalid, "An API key needs a role.", "Choose at least one role."),
    told(
        "API_KEY_CAN_ONLY_BELONG_TO_ONE_ORG",
        Kind::Invalid,
        "The key belongs to another organization than the project.",
        "Choose a project of the key's own organization.",
    ),
    plain("API_KEY_ROLE_ASSIGNMENT_MISSING_ID", Kind::Invalid),
    told(
        "MAX_API_KEYS_PER_ORG_EXCEEDED",
        Kind::LimitReached,
        "The organization has as many API keys as Atlas allows.",
        "Delete keys that are no longer used, then try again.",
    ),
    plain("MAX_PUBLIC_API_KEY_REACHED", Kind::LimitReached),
    told("NOT_API_KEY_ADMIN", Kind::NotAllowed, "This API key may not manage API keys.", ASK_OWNER),
    plain("PERSONAL_API_KEYS_DEPRECATED", Kind::VersionGone),
    // Roles.
    told(
        "INVALID_ROLE_FOR_ORG",
        Kind::Invalid,
        "One of the roles is not an organization role.",
        "Choose organization roles here and project roles in the step for projects.",
    ),
    told(
        "INVALID_ROLE_FOR_GROUP",
        Kind::Invalid,
        "One of the roles is not a project role.",
        "Choose project roles here and organization roles in their own step.",
    ),
    plain("CANNOT_ADD_GROUP_ROLE", Kind::Invalid),
    plain("CANNOT_ADD_ORG_ROLE", Kind::Invalid),
    told("UNSUPPORTED_ROLE", Kind::Invalid, "Atlas does not offer one of the roles.", "Choose another role."),
    told(
        "INVALID_ENUM_VALUE",
        Kind::Invalid,
        "Atlas does not know one of the values.",
        "Choose another role or value.",
    ),
    plain("CANNOT_ADD_GLOBAL_ROLE", Kind::NotAllowed),
    plain("CANNOT_REMOVE_ALL_USER_ROLES", Kind::Invalid),
    plain("NO_ROLES_IN_ASSIGNMENT", Kind::Invalid),
    told(
        "CANNOT_DELETE_LAST_ADMIN",
        Kind::NotAllowed,
        "Atlas keeps at least one owner.",
        "Make somebody else an owner first.",
    ),
    told(
        "CANNOT_DEMOTE_LAST_ORG_OWNER",
        Kind::NotAllowed,
        "Atlas keeps at least one owner of the organization.",
        "Make somebody else an owner first.",
    ),
    // Who may do what. Atlas answers most of these with 401.
    plain("USER_UNAUTHORIZED", Kind::NotAllowed),
    told(
        "USER_CANNOT_ACCESS_ORG",
        Kind::NotAllowed,
        "This API key does not belong to that organization.",
        "Add a connection with a key of that organization.",
    ),
    told(
        "USER_CANNOT_ACCESS_GROUP",
        Kind::NotAllowed,
        "This API key has no access to that project.",
        "Give the connection's key a role in the project or in the whole organization.",
    ),
    told(
        "NOT_IN_GROUP",
        Kind::NotAllowed,
        "This API key has no access to that project.",
        "Give the connection's key a role in the project or in the whole organization.",
    ),
    told(
        "NOT_ORG_OWNER",
        Kind::NotAllowed,
        "This needs the Organization Owner role, which the API key lacks.",
        ASK_OWNER,
    ),
    told(
        "NOT_ORG_GROUP_CREATOR",
        Kind::NotAllowed,
        "This needs the Organization Project Creator role, which the API key lacks.",
        ASK_OWNER,
    ),
    plain("NOT_ORG_USER_ADMIN", Kind::NotAllowed),
    plain("NOT_GROUP_USER_ADMIN", Kind::NotAllowed),
    plain("NOT_USER_ADMIN", Kind::NotAllowed),
    plain("ACCESS_FORBIDDEN", Kind::NotAllowed),
    told(
        "FEATURE_UNSUPPORTED",
        Kind::NotAllowed,
        "Atlas does not offer this to the organization.",
        "Ask MongoDB's support, or do without it.",
    ),
    told(
        "UNSUPPORTED_FOR_CURRENT_PLAN",
        Kind::NotAllowed,
        "The organization's plan with MongoDB does not include this.",
        "Change the plan in Atlas, or do without it.",
    ),
    // Organizations and projects.
    plain("INACTIVE_ORG", Kind::NotAllowed),
    plain("ORG_NOT_FOUND", Kind::NotFound),
    plain("INVALID_ORG_ID", Kind::NotFound),
    told(
        "GROUP_NOT_FOUND",
        Kind::NotFound,
        "Atlas has no such project; it may have been deleted meanwhile.",
        "Refresh the inventory and choose another project.",
    ),
    plain("INVALID_GROUP_ID", Kind::NotFound),
    plain("USER_NOT_FOUND", Kind::NotFound),
    told(
        "ACCOUNT_SUSPENDED",
        Kind::NotAllowed,
        "MongoDB has suspended the organization, usually over a payment.",
        "Settle it on the billing page in Atlas.",
    ),
    // Everything.
    plain("VALIDATION_ERROR", Kind::Invalid),
    plain("INVALID_ATTRIBUTE", Kind::Invalid),
    plain("INVALID_JSON", Kind::Invalid),
    plain("MALFORMED_JSON", Kind::Invalid),
    plain("MISSING_ATTRIBUTE", Kind::Invalid),
    plain("MISSING_ATTRIBUTES", Kind::Invalid),
    plain("MISSING_ONE_OF_ATTRIBUTES", Kind::Invalid),
    plain("ATTRIBUTE_READ_ONLY", Kind::Invalid),
    plain("INVALID_QUERY_PARAMETER", Kind::Invalid),
    plain("INVALID_PATH_PARAMETER", Kind::Invalid),
    plain("RESOURCE_NOT_FOUND", Kind::NotFound),
    told(
        "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",
        Kind::ServerFault,
        "Atlas is being upgraded and accepts no changes meanwhile.",
        "Try again in a few minutes.",
    ),
    plain("RATE_LIMITED", Kind::RateLimited),
    plain("RATE_LIMITED_TOKEN_BUCKET", Kind::RateLimited),
    plain("RATE_LIMITED_IP", Kind::RateLimited),
    plain("INVITATIONS_RATE_LIMITED_IP", Kind::RateLimited),
    plain("INVALID_VERSION_DATE", Kind::VersionGone),
    plain("VERSION_GONE", Kind::VersionGone),
];
