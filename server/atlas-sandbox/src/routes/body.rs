//! Reading request bodies as strictly as Atlas: unknown and read-only fields are refused, not ignored.

use serde_json::{Map, Value};

use crate::{errors::ApiError, roles};

/// Atlas's longest description.
const LONGEST_DESC: usize = 250;

/// The JSON of a body.
///
/// # Errors
///
/// 400 `MALFORMED_JSON`.
pub(crate) fn json(bytes: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(bytes).map_err(|_| ApiError::bad_request("MALFORMED_JSON", "Received JSON is malformed."))
}

/// The JSON object of a body that has only `known` fields.
///
/// # Errors
///
/// 400 for other JSON, unknown and read-only fields.
pub(crate) fn object(value: Value, known: &[&str]) -> Result<Map<String, Value>, ApiError> {
    let Value::Object(fields) = value else {
        return Err(ApiError::bad_request("INVALID_JSON", "Received JSON does not match expected format."));
    };
    let unknown = fields.keys().find(|name| !known.contains(&name.as_str()));
    match unknown.map(String::as_str) {
        None => Ok(fields),
        Some(
            name @ ("id" | "links" | "privateKey" | "publicKey" | "userId" | "created" | "count" | "lastUsed"
            | "lastUsedAddress"),
        ) => Err(ApiError::bad_request(
            "ATTRIBUTE_READ_ONLY",
            format!("Attribute {name} is read-only and cannot be changed."),
        )
        .with(name)),
        Some(name) => {
            Err(ApiError::bad_request("INVALID_ATTRIBUTE", format!("Invalid attribute {name} specified.")).with(name))
        }
    }
}

/// The JSON array of a body.
///
/// # Errors
///
/// 400 for other JSON.
pub(crate) fn array(bytes: &[u8]) -> Result<Vec<Value>, ApiError> {
    match json(bytes)? {
        Value::Array(items) => Ok(items),
        _ => Err(ApiError::bad_request("INVALID_JSON", "Received JSON does not match expected format.")),
    }
}

/// A description, if there is one.
///
/// # Errors
///
/// 400 unless it is a text of 1 to 250 characters.
pub(crate) fn desc(fields: &Map<String, Value>) -> Result<Option<String>, ApiError> {
    let Some(value) = fields.get("desc") else {
        return Ok(None);
    };
    let text = value.as_str().filter(|text| (1..=LONGEST_DESC).contains(&text.chars().count()));
    let refusal = || {
        ApiError::bad_request("INVALID_API_KEY_DESC", "An API key description must have between 1 and 250 characters.")
            .at("desc")
    };
    Ok(Some(text.ok_or_else(refusal)?.to_owned()))
}

/// A description that must be there.
///
/// # Errors
///
/// 400 when it is missing or not a text of 1 to 250 characters.
pub(crate) fn required_desc(fields: &Map<String, Value>) -> Result<String, ApiError> {
    let refusal =
        || ApiError::bad_request("API_KEY_REQUIRES_DESCRIPTION", "An API key requires a description.").at("desc");
    desc(fields)?.ok_or_else(refusal)
}

/// Where roles apply.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    /// In the organization.
    Org,
    /// In a project.
    Project,
}

/// Roles of one level, if the field is there.
///
/// # Errors
///
/// 400 for an empty list, names of the other level and unknown names.
pub(crate) fn roles(fields: &Map<String, Value>, level: Level) -> Result<Option<Vec<&'static str>>, ApiError> {
    let Some(value) = fields.get("roles") else {
        return Ok(None);
    };
    let names = value.as_array().filter(|names| !names.is_empty()).ok_or_else(no_roles)?;
    let mut found = Vec::new();
    for name in names {
        let role = role(name.as_str().unwrap_or_default(), level)?;
        if !found.contains(&role) {
            found.push(role);
        }
    }
    Ok(Some(found))
}

/// Roles of one level that must be there.
///
/// # Errors
///
/// 400 as [`roles()`], and when they are missing.
pub(crate) fn required_roles(fields: &Map<String, Value>, level: Level) -> Result<Vec<&'static str>, ApiError> {
    roles(fields, level)?.ok_or_else(no_roles)
}

fn no_roles() -> ApiError {
    ApiError::bad_request("MISSING_API_KEY_ROLES", "An API key requires at least one role.").at("roles")
}

fn role(name: &str, level: Level) -> Result<&'static str, ApiError> {
    let (org, project) = (roles::org_role(name), roles::project_role(name));
    match (level, org, project) {
        (Level::Org, Some(role), _) | (Level::Project, _, Some(role)) => Ok(role),
        (Level::Org, None, Some(_)) => {
            Err(ApiError::bad_request("INVALID_ROLE_FOR_ORG", format!("Role {name} is invalid for an organization."))
                .with(name)
                .at("roles"))
        }
        (Level::Project, Some(_), None) => {
            Err(ApiError::bad_request("INVALID_ROLE_FOR_GROUP", format!("Role {name} is invalid for a group."))
                .with(name)
                .at("roles"))
        }
        (_, None, None) => {
            let text = format!("An invalid enumeration value {name} was specified.");
            Err(ApiError::bad_request("INVALID_ENUM_VALUE", text).with(name).at("roles"))
        }
    }
}

/// 400 for what is no address and no range.
pub(crate) fn not_an_address(text: &str) -> ApiError {
    let detail = format!("The address {text} must be in valid IP address or CIDR notation.");
    ApiError::bad_request("INVALID_IP_ADDRESS_OR_CIDR_NOTATION", detail).with(text)
}
