//! Settings of an organization, those of delegated access included.

use serde_json::{Map, Value, json};

use crate::{
    errors::ApiError,
    limits::Set,
    operations::Operation,
    routes::{
        Answer, Call,
        body::{self, Fields},
        permission::{self, Need},
    },
    state::{Delegation, Org, Settings},
    version::Release,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("getOrgSettings", SETTINGS, Need::OrgMember, Set::OrgSettings, get),
    Operation::patch("updateOrgSettings", SETTINGS, Need::OrgOwner, Set::OrgSettings, update),
    Operation::get("getOrgDelegationSettings", DELEGATION, Need::OrgMember, Set::OrgSettings, get_delegation)
        .releases(DELEGATION_RELEASES),
    Operation::patch("updateOrgDelegationSettings", DELEGATION, Need::OrgOwner, Set::OrgSettings, update_delegation)
        .releases(DELEGATION_RELEASES),
];

const SETTINGS: &str = "/orgs/{orgId}/settings";
const DELEGATION: &str = "/orgs/{orgId}/delegationSettings";
const DELEGATION_RELEASES: &[Release] = &[Release::new("2025-03-12")];

const FIELDS: &[&str] = &[
    "apiAccessListRequired",
    "customSessionTimeouts",
    "genAIFeaturesEnabled",
    "maxServiceAccountSecretValidityInHours",
    "multiFactorAuthRequired",
    "operationsContact",
    "restrictEmployeeAccess",
    "securityContact",
    "streamsCrossGroupEnabled",
];

/// How long a session may last: an hour to twelve.
const ABSOLUTE_SECONDS: std::ops::RangeInclusive<u32> = 3_600..=43_200;
/// A session nobody uses lasts at least this long.
const SHORTEST_IDLE_SECONDS: u32 = 300;
/// The longest life of a refresh token: a year.
const YEAR_SECONDS: u32 = 31_536_000;

/// `getOrgSettings`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    Ok(Answer::object(written(&org(call)?.settings)))
}

/// `updateOrgSettings`: only what is named changes, all of it is answered.
fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(FIELDS)?;
    let old = org(call)?.settings.clone();
    let new = changed(&fields, &old)?;
    for kind in events(&old, &new) {
        call.record(kind, None, Vec::new());
    }
    if let Some(org) = call.state.orgs.get_mut(&call.target.org) {
        org.settings = new;
    }
    get(call)
}

/// `getOrgDelegationSettings`.
fn get_delegation(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let Delegation { mcp, partners, idle_refresh_token, longest_refresh_token } = org(call)?.delegation.clone();
    Ok(Answer::object(json!({
        "delegatedMcpAccess": mcp,
        "delegatedPartnerAccess": partners,
        "idleRefreshTokenLifetime": idle_refresh_token,
        "maximumRefreshTokenLifetime": longest_refresh_token,
    })))
}

/// `updateOrgDelegationSettings`: only what is named changes, and `null` means the default.
fn update_delegation(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    const ACCESS: [&str; 3] = ["DISALLOWED", "READ_ONLY", "READ_WRITE"];
    let fields = call.fields(&[
        "delegatedMcpAccess",
        "delegatedPartnerAccess",
        "idleRefreshTokenLifetime",
        "maximumRefreshTokenLifetime",
    ])?;
    let old = org(call)?.delegation.clone();
    let new = Delegation {
        mcp: access(&fields, "delegatedMcpAccess", &ACCESS)?.unwrap_or(old.mcp),
        partners: access(&fields, "delegatedPartnerAccess", &["DISALLOWED", "READ_WRITE"])?.unwrap_or(old.partners),
        idle_refresh_token: nullable(&fields, "idleRefreshTokenLifetime", old.idle_refresh_token, 1..=YEAR_SECONDS)?,
        longest_refresh_token: nullable(
            &fields,
            "maximumRefreshTokenLifetime",
            old.longest_refresh_token,
            1..=YEAR_SECONDS,
        )?,
    };
    if new != old {
        call.record("ORG_DELEGATION_SETTINGS_UPDATED", None, Vec::new());
    }
    if let Some(org) = call.state.orgs.get_mut(&call.target.org) {
        org.delegation = new;
    }
    get_delegation(call)
}

/// The organization that is worked in.
fn org<'a>(call: &'a Call<'_>) -> Result<&'a Org, ApiError> {
    call.state.orgs.get(&call.target.org).ok_or_else(|| permission::no_org(&call.target.org.to_string()))
}

/// The settings after a change.
fn changed(fields: &Fields, old: &Settings) -> Result<Settings, ApiError> {
    let flag = |name, old| Ok::<_, ApiError>(fields.flag(name)?.unwrap_or(old));
    let (absolute_timeout, idle_timeout) = timeouts(fields, old)?;
    Ok(Settings {
        requires_access_list: flag("apiAccessListRequired", old.requires_access_list)?,
        max_secret_hours: fields
            .number("maxServiceAccountSecretValidityInHours", 8..=8_760)?
            .unwrap_or(old.max_secret_hours),
        requires_mfa: flag("multiFactorAuthRequired", old.requires_mfa)?,
        restricts_employees: flag("restrictEmployeeAccess", old.restricts_employees)?,
        has_gen_ai: flag("genAIFeaturesEnabled", old.has_gen_ai)?,
        streams_across_projects: flag("streamsCrossGroupEnabled", old.streams_across_projects)?,
        operations_contact: contact(fields, "operationsContact", false, &old.operations_contact)?,
        security_contact: contact(fields, "securityContact", true, &old.security_contact)?,
        absolute_timeout,
        idle_timeout,
    })
}

/// The address of a contact after a change: `null` clears the one for operations, an empty text the one for security.
fn contact(
    fields: &Fields,
    name: &'static str,
    empty_clears: bool,
    old: &Option<String>,
) -> Result<Option<String>, ApiError> {
    match fields.get(name) {
        None => Ok(old.clone()),
        Some(Value::Null) if !empty_clears => Ok(None),
        Some(Value::String(text)) if empty_clears && text.is_empty() => Ok(None),
        Some(Value::String(text)) if is_email(text) => Ok(Some(text.clone())),
        Some(_) => Err(body::invalid(name)),
    }
}

fn is_email(text: &str) -> bool {
    let fits = |part: &str| !part.is_empty() && !part.contains(|one: char| one.is_whitespace() || one == '@');
    text.len() <= 320 && text.split_once('@').is_some_and(|(name, host)| fits(name) && fits(host) && host.contains('.'))
}

/// Absolute and idle seconds after a change. An idle session cannot outlast an absolute one.
fn timeouts(fields: &Fields, old: &Settings) -> Result<(Option<u32>, Option<u32>), ApiError> {
    const NAME: &str = "customSessionTimeouts";
    let known = &["absoluteSessionTimeoutInSeconds", "idleSessionTimeoutInSeconds"];
    let inner = match fields.get(NAME) {
        None => return Ok((old.absolute_timeout, old.idle_timeout)),
        Some(Value::Null) => return Ok((None, None)),
        Some(value) => Fields::of(value.clone(), known)?,
    };
    let absolute = nullable(&inner, known[0], old.absolute_timeout, ABSOLUTE_SECONDS)?;
    let most = absolute.unwrap_or(*ABSOLUTE_SECONDS.end());
    let idle = nullable(&inner, known[1], old.idle_timeout, SHORTEST_IDLE_SECONDS..=*ABSOLUTE_SECONDS.end())?;
    match idle.filter(|idle| *idle > most) {
        None => Ok((absolute, idle)),
        Some(_) => Err(body::invalid(known[1])),
    }
}

/// A number after a change: absent it stays, `null` clears it.
fn nullable(
    fields: &Fields,
    name: &'static str,
    old: Option<u32>,
    bounds: std::ops::RangeInclusive<u32>,
) -> Result<Option<u32>, ApiError> {
    match fields.get(name) {
        None => Ok(old),
        Some(_) => fields.number(name, bounds),
    }
}

/// A degree of access, if it is there; `null` means the default, the first.
fn access(fields: &Fields, name: &'static str, words: &[&'static str]) -> Result<Option<&'static str>, ApiError> {
    match fields.get(name) {
        Some(Value::Null) => Ok(words.first().copied()),
        _ => body::word(fields, name, words),
    }
}

/// The names of what changed. Atlas has none for its features of generative intelligence and for streams.
fn events(old: &Settings, new: &Settings) -> Vec<&'static str> {
    let flag = |old, new, on, off| (old != new).then_some(if new { on } else { off });
    [
        flag(
            old.requires_access_list,
            new.requires_access_list,
            "ORG_PUBLIC_API_ACCESS_LIST_REQUIRED",
            "ORG_PUBLIC_API_ACCESS_LIST_NOT_REQUIRED",
        ),
        flag(old.requires_mfa, new.requires_mfa, "ORG_TWO_FACTOR_AUTH_REQUIRED", "ORG_TWO_FACTOR_AUTH_OPTIONAL"),
        flag(
            old.restricts_employees,
            new.restricts_employees,
            "ORG_EMPLOYEE_ACCESS_RESTRICTED",
            "ORG_EMPLOYEE_ACCESS_UNRESTRICTED",
        ),
        (old.max_secret_hours != new.max_secret_hours).then_some("ORG_SERVICE_ACCOUNT_MAX_SECRET_VALIDITY_EDITED"),
        (old.operations_contact != new.operations_contact).then_some("OPERATIONS_CONTACT_MODIFIED"),
        (old.security_contact != new.security_contact).then_some("SECURITY_CONTACT_MODIFIED"),
        ((old.absolute_timeout, old.idle_timeout) != (new.absolute_timeout, new.idle_timeout))
            .then_some("CUSTOM_SESSION_TIMEOUT_MODIFIED"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The settings as Atlas writes them: what is not set is left out, except the contact that may be `null`.
fn written(settings: &Settings) -> Value {
    let timeouts = [
        ("absoluteSessionTimeoutInSeconds", settings.absolute_timeout),
        ("idleSessionTimeoutInSeconds", settings.idle_timeout),
    ];
    let timeouts: Map<String, Value> =
        timeouts.into_iter().filter_map(|(name, seconds)| Some((name.to_owned(), seconds?.into()))).collect();
    let mut value = json!({
        "apiAccessListRequired": settings.requires_access_list,
        "customSessionTimeouts": timeouts,
        "genAIFeaturesEnabled": settings.has_gen_ai,
        "maxServiceAccountSecretValidityInHours": settings.max_secret_hours,
        "multiFactorAuthRequired": settings.requires_mfa,
        "operationsContact": settings.operations_contact,
        "restrictEmployeeAccess": settings.restricts_employees,
        "streamsCrossGroupEnabled": settings.streams_across_projects,
    });
    if let Some(contact) = &settings.security_contact {
        value["securityContact"] = contact.as_str().into();
    }
    value
}
