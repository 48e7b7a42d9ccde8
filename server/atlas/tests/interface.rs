//! Every request this crate can build, against Atlas's published interface (`interface.json`; origin in `NOTICE`).
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::net::IpAddr;

use atlas::{AccessListAddress, ApiUserId, AtlasRequest, GroupId, Operation, OrgId};
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

const ADDRESSES: [&str; 8] = [
    "192.0.2.7",
    "192.0.2.7/32",
    "198.51.100.0/24",
    "0.0.0.0/0",
    "2001:db8::1",
    "2001:db8::1/128",
    "2001:db8::/32",
    "::/0",
];

/// Every request with every kind of value that makes a difference on the wire.
fn all() -> Vec<AtlasRequest> {
    let org: OrgId = "5f1b2c3d4e5f60718293a4b5".parse().unwrap();
    let group: GroupId = "7c1b2c3d4e5f60718293a4b5".parse().unwrap();
    let key: ApiUserId = "6a1b2c3d4e5f60718293a4b5".parse().unwrap();
    let entries = ADDRESSES.map(|text| text.parse::<AccessListAddress>().unwrap());
    let none: Option<&[&str]> = None;
    let mut requests = vec![
        AtlasRequest::system_status(),
        AtlasRequest::list_orgs(),
        AtlasRequest::get_org(&org),
        AtlasRequest::list_org_groups(&org),
        AtlasRequest::list_org_api_keys(&org),
        AtlasRequest::create_org_api_key(&org, "ci-deploy \"ü\"\n", &["ORG_MEMBER", "ORG_OWNER"]),
        AtlasRequest::get_org_api_key(&org, &key),
        AtlasRequest::update_org_api_key(&org, &key, Some("ci-release"), none),
        AtlasRequest::update_org_api_key(&org, &key, None, Some(&["ORG_READ_ONLY"])),
        AtlasRequest::update_org_api_key(&org, &key, Some("both"), Some(&["ORG_READ_ONLY"])),
        AtlasRequest::delete_org_api_key(&org, &key),
        AtlasRequest::list_access_list(&org, &key),
        AtlasRequest::create_access_list_entries(&org, &key, &entries),
        AtlasRequest::list_group_api_keys(&group),
        AtlasRequest::add_group_api_key(&group, &key, &["GROUP_READ_ONLY"]),
        AtlasRequest::update_group_api_key_roles(&group, &key, &["GROUP_OWNER", "GROUP_ROLE_OF_TOMORROW"]),
        AtlasRequest::remove_group_api_key(&group, &key),
    ];
    requests.extend(entries.map(|entry| AtlasRequest::delete_access_list_entry(&org, &key, entry)));
    let pages: Vec<_> = requests.iter().map(|request| request.page(2, 500)).collect();
    requests.extend(pages);
    requests
}

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
        let successes = answers.iter().filter(|(status, _)| status.starts_with('2'));
        if !successes.clone().any(|(_, answer)| answer["content"].get(&version).is_some()) {
            faults.push(format!("no answer is described in {version}"));
        }

        let (path, query) = request.path().split_once('?').unwrap_or((request.path(), ""));
        for (name, sent) in request.template().split('/').zip(path.split('/')) {
            let Some(name) = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else { continue };
            let parameter = self.parameters(described).find(|parameter| parameter["name"] == name);
            match parameter {
                // The pattern speaks of the segment as sent, `%2F` and all.
                Some(parameter) if self.validator(&parameter["schema"]).is_valid(&json!(sent)) => {}
                _ => faults.push(format!("{sent} is no {name}")),
            }
        }
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap();
            let described =
                self.parameters(described).find(|parameter| parameter["name"] == name && parameter["in"] == "query");
            let value: Value = serde_json::from_str(value).unwrap();
            if !described.is_some_and(|parameter| self.validator(&parameter["schema"]).is_valid(&value)) {
                faults.push(format!("{pair} is not described"));
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
    for request in all() {
        assert_eq!(interface.faults(&request), Vec::<String>::new(), "{request:#?}");
    }
    for operation in Operation::ALL {
        assert!(all().iter().any(|request| request.operation() == *operation), "{} is not tried", operation.id());
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
