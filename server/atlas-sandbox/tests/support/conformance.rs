//! Checks requests and answers against Atlas's published interface (`tests/data/interface.json`; origin in `NOTICE`).
//!
//! The description cannot be taken literally everywhere. Each departure is one function in [`ERRATA`] that carries its
//! reason; the file itself stays as published. Objects are closed: a field that the description does not know is an
//! error here, though OpenAPI would let it pass.

use std::{
    collections::{BTreeSet, HashMap},
    net::IpAddr,
    sync::{Arc, LazyLock, Mutex},
};

use atlas_sandbox::Exchange;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

#[path = "coverage.rs"]
mod coverage;

use coverage::Half;

static INTERFACE: LazyLock<Interface> = LazyLock::new(Interface::read);

/// Why a departure is needed, and what it changes in the description.
type Erratum = (&'static str, fn(&mut Value));

/// Where the published description is wrong.
const ERRATA: &[Erratum] = &[
    ("OpenAPI's `nullable` is unknown to JSON Schema: a list of types says the same", nullable_is_a_type),
    (
        "`eventTypeName` is an object beside a choice of strings, so that no event is valid: it is a string",
        event_names_are_strings,
    ),
    (
        "once they are strings, the default view of an event fits all events, so that they never fit exactly one: any will do",
        events_fit_any_view,
    ),
    (
        "the service creates projects with 201 and closes them with 202 and `{}` (recorded); described are 200 and 204",
        projects_are_made_and_closed_as_recorded,
    ),
    ("a new project requires fields that only the service sets", new_projects_need_no_read_only_fields),
    ("the prose lets `null` clear a session's time-out; the type does not", timeouts_may_be_null),
    (
        "users have a parent that is one of its children, which are all of the parent: an endless loop",
        users_do_not_loop,
    ),
    (
        "the pattern of `mobileNumber` is escaped twice and matches no number; null was recorded",
        mobile_numbers_are_free,
    ),
    ("new teams are described as answered with 200; 201 was recorded", new_teams_are_created),
    (
        "`inviterUsername` is described as an address; a key that invites appears as its public key",
        inviters_may_be_keys,
    ),
    ("`CloudAppUser` requires a password, which is never answered", users_answer_no_password),
    (
        "`parameters` of errors are described as objects; the service sends strings and numbers",
        error_parameters_are_anything,
    ),
    (
        "names of organizations and projects are described without spaces; names with spaces exist",
        names_may_have_spaces,
    ),
    (
        "patterns of addresses use look-ahead, and let impossible addresses pass: `std::net` reads them",
        addresses_are_read,
    ),
];

struct Interface {
    document: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// Checks an answer the sandbox gave by itself; what a fault rule made is not looked at.
///
/// # Errors
///
/// All faults, in words.
pub(crate) fn check_answer(exchange: &Exchange) -> Result<(), String> {
    if exchange.is_faulty {
        return Ok(());
    }
    let described = exchange.operation.and_then(|id| INTERFACE.operation(id)).map(|operation| &operation["responses"]);
    let status = exchange.status.to_string();
    let checked = match (exchange.status, described) {
        (204, _) => exchange.body.is_empty().then_some(()).ok_or("204 with a body".to_owned()),
        (200 | 400..404, None) if exchange.target.starts_with("/api/oauth/") => check_oauth(exchange),
        (200..300, Some(responses)) => check_success(exchange, &responses[&status]),
        (400..500, _) | (503, _) => check_error(exchange),
        (200..300, None) if exchange.target.starts_with("/downloads/") => Ok(()),
        _ => Err("a status nobody described".to_owned()),
    };
    coverage::note(exchange, Half::Answer, checked.is_ok());
    checked.map_err(|fault| format!("{exchange:?}: {fault}\n{}", String::from_utf8_lossy(&exchange.body)))
}

/// Checks a request: its query parameters and its body.
///
/// # Errors
///
/// All faults, in words.
pub(crate) fn check_request(exchange: &Exchange) -> Result<(), String> {
    let checked = compare_request(exchange);
    coverage::note(exchange, Half::Request, checked.is_ok());
    checked
}

fn compare_request(exchange: &Exchange) -> Result<(), String> {
    let operation =
        exchange.operation.and_then(|id| INTERFACE.operation(id)).ok_or("no operation of the description")?;
    let known = INTERFACE.query_parameters(operation);
    let query = exchange.target.split_once('?').map_or("", |(_, query)| query);
    for piece in query.split('&').filter(|piece| !piece.is_empty()) {
        let name = piece.split('=').next().unwrap_or_default();
        if !known.contains(name) {
            return Err(format!("{exchange:?}: the query parameter {name} is not described"));
        }
    }
    let Some(content) = operation["requestBody"]["content"].as_object() else { return Ok(()) };
    if exchange.method == "GET" && exchange.request_body.is_empty() {
        return Ok(()); // Some proxies drop the body of a GET.
    }
    let sent = media_type(exchange.request_content_type.as_deref());
    let schema = content.get(&sent).or_else(|| content.values().next_back().filter(|_| sent == "application/json"));
    let schema = &schema.ok_or(format!("{exchange:?}: the body is typed {sent}"))?["schema"];
    let body = serde_json::from_slice(&exchange.request_body).map_err(|error| format!("{exchange:?}: {error}"))?;
    INTERFACE.validate(schema, &body).map_err(|fault| format!("{exchange:?}: {fault}"))
}

fn check_success(exchange: &Exchange, response: &Value) -> Result<(), String> {
    let media = media_type(exchange.content_type.as_deref());
    let described = response["content"].get(&media).ok_or(format!("media type {media} is not described"))?;
    if media.ends_with("+csv") {
        return INTERFACE.validate(&described["schema"], &String::from_utf8_lossy(&exchange.body).into());
    }
    let mut body: Value = serde_json::from_slice(&exchange.body).map_err(|error| error.to_string())?;
    if exchange.target.contains("envelope=true") {
        body["status"]
            .as_u64()
            .filter(|status| *status == u64::from(exchange.status))
            .ok_or("no status in the envelope")?;
        body.as_object_mut().and_then(|fields| fields.remove("status"));
        body = body.get("content").cloned().unwrap_or(body);
    }
    INTERFACE.validate(&described["schema"], &body)
}

/// The token endpoints are not in the description: their shapes are RFC 6749's.
fn check_oauth(exchange: &Exchange) -> Result<(), String> {
    if exchange.status == 200 && exchange.target == "/api/oauth/revoke" {
        return exchange.body.is_empty().then_some(()).ok_or("a body after a revocation".to_owned());
    }
    let body: Value = serde_json::from_slice(&exchange.body).map_err(|error| error.to_string())?;
    let names: BTreeSet<&str> = body.as_object().ok_or("no object")?.keys().map(String::as_str).collect();
    let expected: &[&str] = if exchange.status == 200 {
        &["access_token", "expires_in", "token_type"]
    } else {
        &["error", "error_description"]
    };
    (names == expected.iter().copied().collect()).then_some(()).ok_or(format!("fields {names:?}"))
}

/// Any refusal has `ApiError`'s shape, also where the description has no answer for the status.
fn check_error(exchange: &Exchange) -> Result<(), String> {
    let media = media_type(exchange.content_type.as_deref());
    if media != "application/json" {
        return Err(format!("an error of media type {media}"));
    }
    let body: Value = serde_json::from_slice(&exchange.body).map_err(|error| error.to_string())?;
    if body["error"] != exchange.status {
        return Err("`error` is not the status".to_owned());
    }
    INTERFACE.validate(&json!({ "$ref": "#/components/schemas/ApiError" }), &body)
}

/// The media type without its parameters.
fn media_type(header: Option<&str>) -> String {
    header.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_owned()
}

impl Interface {
    fn read() -> Self {
        let text = include_str!("../data/interface.json");
        let mut document: Value = serde_json::from_str(text).expect("the interface is JSON");
        for (_, repair) in ERRATA {
            repair(&mut document);
        }
        close_objects(&mut document);
        Self { document, validators: Mutex::default() }
    }

    fn operation(&self, id: &str) -> Option<&Value> {
        let paths = self.document["paths"].as_object()?.values().filter_map(Value::as_object);
        paths.flat_map(Map::values).find(|operation| operation["operationId"] == id)
    }

    fn query_parameters(&self, operation: &Value) -> BTreeSet<String> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let found = parameters.map(|parameter| match parameter["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).unwrap_or(parameter),
            None => parameter,
        });
        let in_query = found.filter(|parameter| parameter["in"] == "query");
        in_query.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect()
    }

    /// Compiles a schema when it is first needed.
    fn validate(&self, schema: &Value, body: &Value) -> Result<(), String> {
        let name = schema.to_string();
        let known = self.validators.lock().unwrap().get(&name).cloned();
        let validator = match known {
            Some(validator) => validator,
            None => {
                let whole = json!({ "allOf": [schema], "components": self.document["components"] });
                let options = jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(true);
                let built =
                    options.with_format("ip-address", |text: &str| text.parse::<IpAddr>().is_ok()).build(&whole);
                let validator = Arc::new(built.map_err(|error| error.to_string())?);
                self.validators.lock().unwrap().insert(name, Arc::clone(&validator));
                validator
            }
        };
        let faults: Vec<String> =
            validator.iter_errors(body).map(|error| format!("at {}: {error}", error.instance_path())).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }
}

/// Calls `change` on every JSON object in `value`, innermost first.
fn each_object(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| each_object(field, change));
            change(fields);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, change)),
        _ => {}
    }
}

/// Calls `change` on every described property called `name`.
fn each_property(document: &mut Value, name: &str, mut change: impl FnMut(&mut Value)) {
    each_object(document, &mut |fields| {
        if let Some(Value::Object(properties)) = fields.get_mut("properties")
            && let Some(property) = properties.get_mut(name)
        {
            change(property);
        }
    });
}

fn nullable_is_a_type(document: &mut Value) {
    each_object(document, &mut |fields| {
        if fields.get("nullable") != Some(&Value::Bool(true)) {
            return;
        }
        if let Some(kind) = fields.get_mut("type").filter(|kind| kind.is_string()) {
            *kind = json!([kind.clone(), "null"]);
        }
        if let Some(Value::Array(choices)) = fields.get_mut("enum") {
            choices.push(Value::Null);
        }
    });
}

fn event_names_are_strings(document: &mut Value) {
    each_object(document, &mut |fields| {
        let Some(Value::Array(choices)) = fields.get("oneOf") else { return };
        if fields.get("type") == Some(&json!("object")) && choices.iter().all(|choice| choice["type"] == "string") {
            fields.retain(|name, _| name == "nullable");
            fields.insert("type".into(), "string".into());
        }
    });
}

/// The views stay closed one by one, so that an event with a field of another view fits none.
fn events_fit_any_view(document: &mut Value) {
    for parent in ["EventViewForOrg", "EventViewForNdsGroup"] {
        let schemas = &mut document["components"]["schemas"];
        let views = schemas[parent]["oneOf"].take();
        for view in views.as_array().into_iter().flatten() {
            let name = view["$ref"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
            if schemas[name].get("properties").is_some() && schemas[name].get("allOf").is_none() {
                schemas[name]["additionalProperties"] = false.into();
            }
        }
        schemas[parent] = json!({ "anyOf": views });
    }
}

fn projects_are_made_and_closed_as_recorded(document: &mut Value) {
    let groups = &mut document["paths"]["/api/atlas/v2/groups"]["post"]["responses"];
    groups["201"] = groups["200"].clone();
    let closed = &mut document["paths"]["/api/atlas/v2/groups/{groupId}"]["delete"]["responses"];
    let nothing = json!({ "schema": { "type": "object", "properties": {}, "additionalProperties": false } });
    closed["202"] = json!({ "content": { "application/vnd.atlas.2023-01-01+json": nothing } });
}

fn new_projects_need_no_read_only_fields(document: &mut Value) {
    let mut project = document["components"]["schemas"]["Group"].clone();
    project["required"] = json!(["name", "orgId"]);
    document["components"]["schemas"]["NewGroup"] = project;
    let content = &mut document["paths"]["/api/atlas/v2/groups"]["post"]["requestBody"]["content"];
    for media in content.as_object_mut().into_iter().flat_map(Map::values_mut) {
        media["schema"] = json!({ "$ref": "#/components/schemas/NewGroup" });
    }
}

fn timeouts_may_be_null(document: &mut Value) {
    for name in ["absoluteSessionTimeoutInSeconds", "idleSessionTimeoutInSeconds"] {
        each_property(document, name, |property| property["type"] = json!([property["type"].clone(), "null"]));
    }
}

fn users_do_not_loop(document: &mut Value) {
    for parent in ["OrgUserResponse", "GroupUserResponse"] {
        let schemas = &mut document["components"]["schemas"];
        let own = format!("{parent}OwnFields");
        let mut fields = schemas[parent].clone();
        let children = fields["oneOf"].take();
        fields
            .as_object_mut()
            .expect("a schema is an object")
            .retain(|name, _| name != "oneOf" && name != "discriminator");
        schemas[&own] = fields;
        schemas[parent] = json!({ "oneOf": children });
        let reference = json!({ "$ref": format!("#/components/schemas/{parent}") });
        each_object(schemas, &mut |fields| {
            let Some(Value::Array(parts)) = fields.get_mut("allOf") else { return };
            for part in parts.iter_mut().filter(|part| **part == reference) {
                *part = json!({ "$ref": format!("#/components/schemas/{own}") });
            }
        });
    }
}

fn mobile_numbers_are_free(document: &mut Value) {
    each_property(document, "mobileNumber", |property| {
        property.as_object_mut().and_then(|fields| fields.remove("pattern"));
        property["type"] = json!(["string", "null"]);
    });
}

fn new_teams_are_created(document: &mut Value) {
    each_object(document, &mut |fields| {
        if fields.get("operationId") != Some(&json!("createOrgTeam")) {
            return;
        }
        if let Some(answers) = fields.get_mut("responses").and_then(Value::as_object_mut)
            && let Some(answer) = answers.remove("200")
        {
            answers.insert("201".into(), answer);
        }
    });
}

fn inviters_may_be_keys(document: &mut Value) {
    each_property(document, "inviterUsername", |property| {
        property.as_object_mut().and_then(|fields| fields.remove("format"));
    });
}

fn users_answer_no_password(document: &mut Value) {
    if let Some(required) = document["components"]["schemas"]["CloudAppUser"]["required"].as_array_mut() {
        required.retain(|name| name != "password");
    }
}

fn error_parameters_are_anything(document: &mut Value) {
    document["components"]["schemas"]["ApiError"]["properties"]["parameters"]["items"] = json!({});
}

fn names_may_have_spaces(document: &mut Value) {
    for name in ["name", "orgName", "groupName"] {
        each_property(document, name, |property| {
            let pattern = property["pattern"].as_str().unwrap_or_default();
            if pattern.starts_with(r"^[\p{L}\p{N}\-_.(),:&@+']") {
                property["pattern"] = pattern.replacen(r"^[\p{L}", r"^[ \p{L}", 1).into();
            }
        });
    }
}

fn addresses_are_read(document: &mut Value) {
    each_object(document, &mut |fields| {
        if fields.get("pattern").and_then(Value::as_str).is_some_and(|pattern| pattern.contains("(?!$)")) {
            fields.remove("pattern");
            fields.insert("format".into(), "ip-address".into());
        }
    });
}

/// Allows no fields besides the described ones, except where schemas are put together from parts.
fn close_objects(document: &mut Value) {
    let mut parts = BTreeSet::new();
    each_object(document, &mut |fields| {
        for combined in ["allOf", "oneOf", "anyOf"] {
            let references = fields.get(combined).and_then(Value::as_array).into_iter().flatten();
            parts.extend(references.filter_map(|part| part["$ref"].as_str().map(str::to_owned)));
        }
    });
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    for (name, schema) in schemas {
        let whole = !parts.contains(&format!("#/components/schemas/{name}"))
            && ["allOf", "oneOf", "anyOf"].iter().all(|combined| schema.get(*combined).is_none());
        if whole && schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
            schema["additionalProperties"] = false.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validate(schema: &str, body: &Value) -> Result<(), String> {
        INTERFACE.validate(&json!({ "$ref": format!("#/components/schemas/{schema}") }), body)
    }

    #[test]
    fn wrong_answers_are_noticed() {
        let good = json!({ "id": "5e2211c17a3e5a48f5497de3", "name": "Group Finance", "isDeleted": false });
        assert_eq!(validate("AtlasOrganization", &good), Ok(()));
        for (field, wrong) in
            [("id", json!("5E22")), ("name", json!("a/b")), ("isDeleted", json!("no")), ("owner", json!("me"))]
        {
            let mut bad = good.clone();
            bad[field] = wrong;
            assert!(validate("AtlasOrganization", &bad).is_err(), "{field}");
        }
        assert!(validate("PaginatedOrganizationView", &json!({ "totalCount": 0 })).is_err());
        assert!(validate("UserAccessListResponse", &json!({ "ipAddress": "300.1.1.1" })).is_err());
        assert!(validate("UserAccessListResponse", &json!({ "created": "yesterday" })).is_err());
    }

    #[test]
    fn what_the_errata_repair_is_valid() {
        let error = json!({ "error": 429, "errorCode": "X", "detail": null, "parameters": ["/a", 50] });
        assert_eq!(validate("ApiError", &error), Ok(()));
        let user = json!({
            "id": "5e2211c17a3e5a48f5497de3", "username": "a@example.org", "orgMembershipStatus": "PENDING", "roles": {},
            "invitationCreatedAt": "2026-08-10T03:02:57Z", "invitationExpiresAt": "2026-09-10T03:02:57Z", "inviterUsername": "b@example.org",
        });
        assert_eq!(validate("OrgUserResponse", &user), Ok(()));
        let event = json!({ "type": "string" });
        let name =
            &INTERFACE.document["components"]["schemas"]["DefaultEventViewForOrg"]["properties"]["eventTypeName"];
        assert_eq!(name["type"], event["type"]);
    }
}
