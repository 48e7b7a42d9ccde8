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

/// The fields of a JSON object, all of them known.
#[derive(Debug)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// Takes an object that has no other fields than `known`.
    ///
    /// # Errors
    ///
    /// 400 for other JSON, unknown and read-only fields.
    pub(crate) fn of(value: Value, known: &[&str]) -> Result<Self, ApiError> {
        let Value::Object(fields) = value else {
            return Err(ApiError::bad_request("INVALID_JSON", "Received JSON does not match expected format."));
        };
        match fields.keys().find(|name| !known.contains(&name.as_str())).cloned() {
            None => Ok(Self(fields)),
            Some(name) if READ_ONLY.contains(&name.as_str()) => {
                let text = format!("Attribute {name} is read-only and cannot be changed.");
                Err(ApiError::bad_request("ATTRIBUTE_READ_ONLY", text).with(name))
            }
            Some(name) => {
                let text = format!("Invalid attribute {name} specified.");
                Err(ApiError::bad_request("INVALID_ATTRIBUTE", text).with(name))
            }
        }
    }

    /// A field as sent, `null` included.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A field that is a text, if it is there; `null` is as good as absent.
    ///
    /// # Errors
    ///
    /// 400 unless it is a text with so many characters, of which each `fits`.
    pub(crate) fn text(
        &self,
        name: &'static str,
        lengths: std::ops::RangeInclusive<usize>,
        fits: fn(char) -> bool,
    ) -> Result<Option<String>, ApiError> {
        let Some(value) = self.0.get(name).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let text = value.as_str().filter(|text| lengths.contains(&text.chars().count()) && text.chars().all(fits));
        text.map(|text| Some(text.to_owned())).ok_or_else(|| invalid(name))
    }

    /// A whole number, if it is there.
    ///
    /// # Errors
    ///
    /// 400 unless it is one within `bounds`.
    pub(crate) fn number(
        &self,
        name: &'static str,
        bounds: std::ops::RangeInclusive<u32>,
    ) -> Result<Option<u32>, ApiError> {
        let Some(value) = self.0.get(name).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        number.filter(|number| bounds.contains(number)).map(Some).ok_or_else(|| invalid(name))
    }

    /// True or false, if it is there.
    ///
    /// # Errors
    ///
    /// 400 for anything else.
    pub(crate) fn flag(&self, name: &'static str) -> Result<Option<bool>, ApiError> {
        let Some(value) = self.0.get(name).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        value.as_bool().map(Some).ok_or_else(|| invalid(name))
    }
}

/// 400 for a field that has another type, length or form than it must have.
pub(crate) fn invalid(name: &'static str) -> ApiError {
    ApiError::bad_request("INVALID_ATTRIBUTE", format!("Invalid attribute {name} specified.")).with(name).at(name)
}

/// 400 for a word that is none of those allowed.
pub(crate) fn unknown_word(name: &'static str, text: &str) -> ApiError {
    ApiError::bad_request("INVALID_ENUM_VALUE", format!("An invalid enumeration value {text} was specified."))
        .with(text)
        .at(name)
}

/// The name of an organization or project, if it is there. The description lets no spaces pass, but names with spaces
/// exist (recorded).
///
/// # Errors
///
/// 400 with `code` unless it is a text of 1 to 64 letters, digits, spaces and some signs, and not of spaces only.
pub(crate) fn entity_name(fields: &Fields, code: &'static str) -> Result<Option<String>, ApiError> {
    let Some(value) = fields.get("name").filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let fits = |one: char| one.is_alphanumeric() || " -_.(),:&@+'".contains(one);
    let text = value.as_str().filter(|text| (1..=64).contains(&text.chars().count()) && text.chars().all(fits));
    let refusal = || ApiError::bad_request(code, format!("An invalid name {value} was specified.")).at("name");
    text.filter(|text| !text.trim().is_empty()).map(|text| Some(text.to_owned())).ok_or_else(refusal)
}

/// One of several words, if the field is there.
///
/// # Errors
///
/// 400 for any other value.
pub(crate) fn word(
    fields: &Fields,
    name: &'static str,
    words: &[&'static str],
) -> Result<Option<&'static str>, ApiError> {
    let Some(value) = fields.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let text = value.as_str().unwrap_or_default();
    words.iter().find(|word| **word == text).map(|word| Some(*word)).ok_or_else(|| unknown_word(name, text))
}

/// 400 for a field that must be there.
pub(crate) fn missing(name: &'static str) -> ApiError {
    let text = format!("The required attribute {name} was not specified.");
    ApiError::bad_request("MISSING_ATTRIBUTE", text).with(name).at(name)
}

/// Fields that only Atlas sets.
const READ_ONLY: &[&str] = &[
    "id",
    "links",
    "clusterCount",
    "isDeleted",
    "privateKey",
    "publicKey",
    "userId",
    "clientId",
    "created",
    "createdAt",
    "count",
    "requestCount",
    "lastUsed",
    "lastUsedAt",
    "lastUsedAddress",
    "secrets",
];

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
pub(crate) fn desc(fields: &Fields) -> Result<Option<String>, ApiError> {
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
pub(crate) fn required_desc(fields: &Fields) -> Result<String, ApiError> {
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
pub(crate) fn roles(fields: &Fields, level: Level) -> Result<Option<Vec<&'static str>>, ApiError> {
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
pub(crate) fn required_roles(fields: &Fields, level: Level) -> Result<Vec<&'static str>, ApiError> {
    roles(fields, level)?.ok_or_else(no_roles)
}

fn no_roles() -> ApiError {
    ApiError::bad_request("MISSING_API_KEY_ROLES", "An API key requires at least one role.").at("roles")
}

/// One role of a level.
///
/// # Errors
///
/// 400 for names of the other level and unknown names.
pub(crate) fn role(name: &str, level: Level) -> Result<&'static str, ApiError> {
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
