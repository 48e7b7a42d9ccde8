//! Every request this crate can build, against Atlas's published interface (`interface.json`; origin in `NOTICE`).
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::net::IpAddr;

#[path = "support/every_request.rs"]
mod every_request;

use atlas::{AtlasRequest, Operation};
use every_request::every_request;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

struct Interface(Value);

impl Interface {
    fn read() -> Self {
        let text = include_str!("../../atlas-sandbox/tests/data/interface.json");
        let mut document = serde_json::from_str(text).unwrap();
        repair(&mut document);
        Self(document)
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.0.pointer(reference.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    fn parameters<'a>(&'a self, described: &'a Value) -> impl Iterator<Item = &'a Value> {
        described["parameters"].as_array().into_iter().flatten().map(|parameter| self.resolved(parameter))
    }

    fn validator(&self, schema: &Value) -> Validator {
        let whole = json!({ "allOf": [schema], "components": self.0["components"] });
        let options = jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(true);
        options.with_format("ip-address", |text: &str| text.parse::<IpAddr>().is_ok()).build(&whole).unwrap()
    }

    /// What is wrong with `request`; nothing, one hopes.
    fn faults(&self, request: &AtlasRequest) -> Vec<String> {
        let mut faults = Vec::new();
        let described = &self.0["paths"][request.template()][request.method().as_str().to_lowercase()];
        if described["operationId"] != request.operation().id() {
            return vec![format!("{} is not {}", request.template(), described["operationId"])];
        }
        let version = request.version().media_type();
        let answers = described["responses"].as_object().unwrap();
        let accept = request.accept();
        let mut successes = answers.iter().filter(|(status, _)| status.starts_with('2'));
        if !successes.any(|(_, answer)| answer["content"].get(&accept).is_some()) {
            faults.push(format!("no answer is described in {accept}"));
        }

        for (name, value) in request.path_parameters() {
            let parameter = self.parameters(described).find(|parameter| parameter["name"] == name);
            // The pattern of addresses speaks of the segment as sent, `%2F` and all.
            let sent = if name == "ipAddress" { value.replace('/', "%2F") } else { value };
            match parameter {
                Some(parameter) if self.validator(&parameter["schema"]).is_valid(&json!(sent)) => {}
                _ => faults.push(format!("{sent} is no {name}")),
            }
        }
        let query: Vec<(&str, String)> = request.query_parameters();
        for (name, value) in &query {
            let described =
                self.parameters(described).find(|parameter| parameter["name"] == *name && parameter["in"] == "query");
            let Some(parameter) = described else {
                faults.push(format!("{name} is not described"));
                continue;
            };
            let schema = self.resolved(&parameter["schema"]);
            let is_list = schema["type"] == "array";
            if !is_list && name != &"name" && query.iter().filter(|(other, _)| other == name).count() > 1 {
                faults.push(format!("{name} stands there more than once"));
            }
            let schema = self.resolved(if is_list { &schema["items"] } else { schema });
            let value = match schema["type"].as_str() {
                Some("integer" | "boolean") => serde_json::from_str(value).unwrap(),
                _ => json!(value),
            };
            if !self.validator(schema).is_valid(&value) {
                faults.push(format!("{name}={value} does not fit"));
            }
        }

        match (request.body(), described.get("requestBody")) {
            (None, None) => {}
            (Some(body), Some(described)) => match described["content"].get(&version) {
                Some(content) => {
                    let validator = self.validator(&content["schema"]);
                    faults
                        .extend(validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())));
                }
                None => faults.push(format!("no body is described in {version}")),
            },
            (sent, _) => faults.push(format!("a body is {}", if sent.is_some() { "sent" } else { "missing" })),
        }
        faults
    }
}

/// JSON Schema knows neither `nullable` nor (in Rust's regex) look-ahead; and a field the description does not know is
/// refused by Atlas, though OpenAPI would let it pass.
fn repair(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(repair);
            repair_schema(fields);
        }
        Value::Array(items) => items.iter_mut().for_each(repair),
        _ => {}
    }
}

fn repair_schema(fields: &mut Map<String, Value>) {
    // Kinds of events are objects by their type and texts by all that follows.
    if fields.get("type") == Some(&json!("object"))
        && fields.contains_key("oneOf")
        && !fields.contains_key("properties")
    {
        fields.remove("type");
    }
    // What only Atlas sets is required in answers only (OpenAPI 3.0, `readOnly`).
    if let Some(properties) = fields.get("properties").cloned()
        && let Some(required) = fields.get_mut("required").and_then(Value::as_array_mut)
    {
        required.retain(|name| name.as_str().is_none_or(|name| properties[name]["readOnly"] != json!(true)));
        if required.is_empty() {
            fields.remove("required");
        }
    }
    // Escaped twice, so that no number fits.
    if fields.get("pattern").and_then(Value::as_str).is_some_and(|pattern| pattern.contains(r"\\s*")) {
        fields.remove("pattern");
    }
    if fields.get("nullable") == Some(&json!(true))
        && let Some(kind) = fields.get_mut("type").filter(|kind| kind.is_string())
    {
        *kind = json!([kind.clone(), "null"]);
    }
    if fields.get("pattern").and_then(Value::as_str).is_some_and(|pattern| pattern.contains("(?!$)")) {
        fields.remove("pattern");
        fields.insert("format".to_owned(), json!("ip-address"));
    }
    if fields.get("type") == Some(&json!("object")) && fields.get("properties").is_some_and(Value::is_object) {
        fields.insert("additionalProperties".to_owned(), json!(false));
    }
}

#[test]
fn every_request_is_one_the_published_interface_describes() {
    let interface = Interface::read();
    let all = every_request();
    let faults =
        all.iter().map(|request| (request, interface.faults(request))).filter(|(_, faults)| !faults.is_empty());
    assert_eq!(faults.collect::<Vec<_>>(), []);
    for operation in Operation::ALL {
        assert!(all.iter().any(|request| request.operation() == *operation), "{} is not tried", operation.id());
    }
}

#[test]
fn every_operation_of_the_published_interface_is_there_but_the_preview() {
    let interface = Interface::read();
    let mut described: Vec<(&str, bool, bool)> = Vec::new();
    for operations in interface.0["paths"].as_object().unwrap().values() {
        for operation in operations.as_object().unwrap().values().filter(|value| value.get("operationId").is_some()) {
            let id = operation["operationId"].as_str().unwrap();
            let has_body = operation.get("requestBody").is_some();
            described.push((id, operation["deprecated"] == true, has_body));
        }
    }
    described.retain(|(id, ..)| *id != "generateOrgInvoiceAndDownloadReport");
    described.sort_unstable();
    let known = Operation::ALL.iter();
    let mut known: Vec<_> =
        known.map(|operation| (operation.id(), operation.is_deprecated(), operation.has_body())).collect();
    known.sort_unstable();
    assert_eq!(known, described);
}

#[test]
fn every_request_is_pinned_to_the_newest_stable_version() {
    let interface = Interface::read();
    for operation in Operation::ALL {
        let method = operation.method().as_str().to_lowercase();
        let described = &interface.0["paths"][operation.template()][method];
        let answers = described["responses"].as_object().unwrap().iter();
        let types = answers.filter(|(status, _)| status.starts_with('2')).filter_map(|(_, answer)| {
            Some(answer["content"].as_object()?.keys().map(String::as_str).collect::<Vec<_>>())
        });
        let dates = types.flatten().filter_map(|name| name.strip_prefix("application/vnd.atlas.")?.split_once('+'));
        let newest = dates.map(|(date, _)| date).filter(|date| *date != "preview").max();
        assert_eq!(Some(operation.version().to_string().as_str()), newest, "{}", operation.id());
    }
}

#[test]
fn the_comparison_notices_what_is_wrong() {
    let interface = Interface::read();
    let sound = AtlasRequest::create_org_api_key(&"5f1b2c3d4e5f60718293a4b5".parse().unwrap(), "x", &["ORG_MEMBER"]);
    for body in [
        json!({ "desc": "x" }),
        json!({ "desc": "", "roles": ["ORG_MEMBER"] }),
        json!({ "desc": "x", "roles": ["ORG_EMPEROR"] }),
        json!({ "desc": "x", "roles": [] }),
        json!({ "desc": "x", "roles": ["ORG_MEMBER"], "id": "1" }),
        json!([]),
    ] {
        let broken = AtlasRequest::from_parts("POST", sound.path(), "2023-01-01", Some(body)).unwrap();
        assert!(!interface.faults(&broken).is_empty(), "{broken:?}");
    }
    let newer = AtlasRequest::from_parts("POST", sound.path(), "2024-08-05", sound.body().cloned()).unwrap();
    assert!(!interface.faults(&newer).is_empty());
}
