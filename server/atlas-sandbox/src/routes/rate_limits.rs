//! The inspection of rate limits.

use serde_json::{Value, json};

use crate::{
    errors::ApiError,
    limits::{RateLimit, Scope, Set},
    operations::{self, BASE, Operation},
    paging::{self, COUNTED_LIST},
    routes::{
        Answer, Call,
        permission::{self, Need},
    },
    version::Release,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listRateLimits", "/rateLimits", Need::Nothing, Set::RateLimits, list)
        .query(COUNTED_LIST)
        .also(&["orgId", "groupId", "userId", "ipAddress", "name", "endpointPath"])
        .releases(RELEASES),
    Operation::get("getRateLimit", "/rateLimits/{endpointSetId}", Need::Nothing, Set::RateLimits, get)
        .also(&["orgId", "groupId", "userId", "ipAddress"])
        .releases(RELEASES),
];

const RELEASES: &[Release] = &[Release::new("2025-03-12")];

/// `listRateLimits`: the sets of one scope, which the query names by one of its four parameters.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let scope = scope(call)?;
    let names: Vec<&str> = call.query.all("name").collect();
    let paths: Vec<&str> = call.query.all("endpointPath").collect();
    let fits = |set: &Set| {
        Some(set.scope()) == scope
            && endpoints(*set).next().is_some()
            && (names.is_empty() || names.contains(&set.name()))
            && (paths.is_empty() || endpoints(*set).any(|one| paths.iter().any(|path| *path == full(one))))
    };
    let found: Vec<Set> = Set::ALL.iter().copied().filter(fits).collect();
    let results = found[call.query.window(found.len())].iter().map(|set| written(*set, call.rate_limit)).collect();
    Ok(Answer::list(call.query.listed(results, found.len(), &call.here)))
}

/// `getRateLimit`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let scope = scope(call)?;
    let id = call.in_path("endpointSetId");
    let found = Set::ALL.iter().find(|set| set.id() == id && Some(set.scope()) == scope);
    let refusal = || {
        let text = format!("No rate limit endpoint set with ID {id} exists for this scope.");
        ApiError::not_found("RESOURCE_NOT_FOUND", text).with(id.as_str())
    };
    Ok(Answer::object(written(*found.ok_or_else(refusal)?, call.rate_limit)))
}

/// The scope that is asked for; nothing for addresses, which no set of this sandbox is limited by.
///
/// # Errors
///
/// 400 unless exactly one parameter says it, and refusals for what is not the caller's to see.
fn scope(call: &Call<'_>) -> Result<Option<Scope>, ApiError> {
    const NAMES: [&str; 4] = ["orgId", "groupId", "userId", "ipAddress"];
    let given: Vec<(&str, &str)> = NAMES.iter().filter_map(|name| Some((*name, call.query.value(name)?))).collect();
    let [(name, value)] = given[..] else {
        let text = "Exactly one of the parameters orgId, groupId, userId, ipAddress must be specified.";
        let refusal = ApiError::bad_request("MISSING_ONE_OF_ATTRIBUTES", text);
        return Err(NAMES.into_iter().fold(refusal, ApiError::with));
    };
    let grants = call.grants()?;
    match name {
        "orgId" => {
            permission::own_org(call.state, grants, value)?;
            let reads =
                ["ORG_OWNER", "ORG_READ_ONLY", "ORG_STREAM_PROCESSING_ADMIN"].iter().any(|role| grants.has(role));
            if reads { Ok(Some(Scope::Organization)) } else { Err(permission::lacking(Need::OrgReadOnly)) }
        }
        "groupId" => permission::visible_project(call.state, grants, value).map(|_| Some(Scope::Project)),
        "userId" if call.state.name_of(call.caller).as_deref() == Some(value) => Ok(Some(Scope::User)),
        "ipAddress" if value.parse() == Ok(call.peer) => Ok(None),
        "ipAddress" if value.parse::<std::net::IpAddr>().is_err() => Err(paging::refusal(name)),
        _ => Err(ApiError::forbidden("ACCESS_FORBIDDEN", "Only one's own rate limits can be inspected.")),
    }
}

fn endpoints(set: Set) -> impl Iterator<Item = &'static Operation> {
    operations::all().filter(move |operation| operation.set == set)
}

fn full(operation: &Operation) -> String {
    format!("{BASE}{}", operation.path)
}

fn written(set: Set, rate_limit: RateLimit) -> Value {
    let ((capacity, refill), (default_capacity, default_refill)) =
        (set.rates(rate_limit), set.rates(RateLimit::Published));
    let endpoints: Vec<Value> =
        endpoints(set).map(|one| json!({ "method": one.method.as_str(), "path": full(one) })).collect();
    json!({
        "endpointSetId": set.id(),
        "endpointSetName": set.name(),
        "scope": match set.scope() {
            Scope::User => "USER",
            Scope::Organization => "ORGANIZATION",
            Scope::Project => "GROUP",
        },
        "capacity": { "value": capacity, "defaultValue": default_capacity },
        "refillRate": { "value": refill, "defaultValue": default_refill },
        "refillDurationSeconds": { "value": 60, "defaultValue": 60 },
        "endpoints": endpoints,
    })
}
