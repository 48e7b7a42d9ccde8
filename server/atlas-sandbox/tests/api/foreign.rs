//! Clients that nobody here wrote: curl, as MongoDB's guides use it, and Python's `requests`. What they do is compared with
//! the interface like everything else.

use std::process::Stdio;

use atlas_sandbox::{DemoCredentials, KeyPair};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::{World, conformance};

const ACCEPT: &str = "Accept: application/vnd.atlas.2023-01-01+json";
const JSON: &str = "Content-Type: application/json";

/// What a program printed.
struct Printed {
    text: String,
    has_succeeded: bool,
}

async fn run(program: &str, arguments: &[&str]) -> Option<Printed> {
    let mut command = Command::new(program);
    command.args(arguments).env("NO_PROXY", "*").env("no_proxy", "*").stdin(Stdio::null());
    let output = command.output().await.ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    if !output.stderr.is_empty() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Some(Printed { text, has_succeeded: output.status.success() })
}

/// Says on standard error that something could not be tried. Not silently: whoever reads the run should know.
fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}

/// Runs curl; its answer ends with the status. Nothing when there is no curl.
async fn curl(arguments: &[&str]) -> Option<(u16, String)> {
    let always = ["--silent", "--show-error", "--write-out", "\n%{http_code}"];
    let Some(printed) = run("curl", &[&always, arguments].concat()).await else {
        skipped("curl is not installed");
        return None;
    };
    let (body, status) = printed.text.rsplit_once('\n').unwrap();
    Some((status.parse().unwrap(), body.to_owned()))
}

fn user(pair: &KeyPair) -> String {
    format!("{}:{}", pair.public_key, pair.private_key)
}

fn check(world: &World) {
    let exchanges = world.sandbox.take_answers();
    assert!(!exchanges.is_empty());
    for exchange in exchanges {
        conformance::check_answer(&exchange).unwrap();
        if (200..300).contains(&exchange.status) && exchange.operation.is_some() {
            conformance::check_request(&exchange).unwrap();
        }
    }
}

fn owner(world: &World) -> (DemoCredentials, String, String) {
    let org = world.org("Retail Platform");
    let user = user(org.writer.as_ref().unwrap());
    let base = format!("{}/api/atlas/v2/orgs/{}", world.base, org.org_id);
    (org, user, base)
}

#[tokio::test]
async fn curl_with_digest_lists_and_creates_a_key_with_its_access_list() {
    let world = World::demo().await;
    let (_, user, base) = owner(&world);
    let signed = ["--user", &user, "--digest", "--header", ACCEPT];
    let ask = async |more: &[&str]| curl(&[&signed, more].concat()).await;
    let Some((status, body)) = ask(&[&format!("{base}/apiKeys?pretty=true&itemsPerPage=3")]).await else { return };
    assert_eq!((status, body.matches("\"desc\"").count()), (200, 3), "{body}");

    let keys = format!("{base}/apiKeys");
    let new = r#"{ "desc": "made by curl", "roles": ["ORG_MEMBER"] }"#;
    let (status, body) = ask(&["--header", JSON, "--request", "POST", &keys, "--data", new]).await.unwrap();
    let key: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, key["privateKey"].as_str().map(str::len)), (200, Some(36)), "{body}");

    let list = format!("{keys}/{}/accessList", key["id"].as_str().unwrap());
    let entries = r#"[{ "ipAddress": "77.54.32.11" }, { "cidrBlock": "192.0.2.0/24" }]"#;
    let (status, body) =
        ask(&["--header", JSON, "--request", "POST", &format!("{list}?pretty=true"), "--data", entries]).await.unwrap();
    assert_eq!(
        (status, serde_json::from_str::<Value>(&body).unwrap()["totalCount"].as_u64()),
        (200, Some(2)),
        "{body}"
    );

    let (status, body) = ask(&[&format!("{list}/192.0.2.0%2F24")]).await.unwrap();
    assert_eq!((status, body.contains("192.0.2.0/24")), (200, true), "{body}");
    let delete = async |address: &str| ask(&["--request", "DELETE", &format!("{list}/{address}")]).await.unwrap();
    assert_eq!(delete("192.0.2.0%2F24").await, (204, String::new()));
    assert_eq!(delete("192.0.2.0%2F24").await.0, 404);
    assert_eq!(delete("77.54.32.11").await.0, 204);
    check(&world);
}

#[tokio::test]
async fn curl_with_a_wrong_password_is_refused_and_changes_nothing() {
    let world = World::demo().await;
    let (org, _, base) = owner(&world);
    let wrong = format!("{}:00000000-0000-4000-8000-000000000000", org.reader.public_key);
    let new = r#"{ "desc": "x", "roles": ["ORG_MEMBER"] }"#;
    let keys = format!("{base}/apiKeys");
    let arguments =
        ["--user", &wrong, "--digest", "--header", ACCEPT, "--header", JSON, "--request", "POST", &keys, "--data", new];
    let Some((status, body)) = curl(&arguments).await else { return };
    assert_eq!((status, body.contains("You are not authorized for this resource.")), (401, true));
    assert!(world.sandbox.journal().is_empty());
    check(&world);
}

#[tokio::test]
async fn curl_signs_in_as_a_service_account() {
    let world = World::demo().await;
    let (org, _, base) = owner(&world);
    let account = org.service_account.unwrap();
    let user = format!("{}:{}", account.client_id, account.client_secret);
    let token = format!("{}/api/oauth/token", world.base);
    let form = ["--user", &user, "--request", "POST", &token, "--data", "grant_type=client_credentials"];
    let Some((status, body)) = curl(&form).await else { return };
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &answer["expires_in"], &answer["token_type"]), (200, &json!(3600), &json!("Bearer")));
    let token = answer["access_token"].as_str().unwrap();
    let bearer = format!("Authorization: Bearer {token}");
    let read = ["--header", bearer.as_str(), "--header", ACCEPT, base.as_str()];
    assert_eq!(curl(&read).await.unwrap().0, 200);
    let revoke = format!("{}/api/oauth/revoke", world.base);
    let (token, hint) = (format!("token={token}"), "token_type_hint=access_token");
    let form = ["--user", &user, "--request", "POST", &revoke, "--data", &token, "--data", hint];
    assert_eq!(curl(&form).await.unwrap(), (200, String::new()));
    assert_eq!(curl(&read).await.unwrap().0, 401);
    check(&world);
}

/// `requests` answers each challenge with the same nonce as long as it can, counting up.
const SCRIPT: &str = r#"
import sys, requests
from requests.auth import HTTPDigestAuth
base, public, private = sys.argv[1:]
http = requests.Session()
http.trust_env = False
http.auth = HTTPDigestAuth(public, private)
http.headers["Accept"] = "application/vnd.atlas.2023-01-01+json"
for page in (1, 2, 3):
    listed = http.get(base + "/apiKeys", params={"pageNum": page, "itemsPerPage": 5})
    assert listed.status_code == 200 and len(listed.json()["results"]) == 5, listed.text
made = http.post(base + "/apiKeys", json={"desc": "made by requests", "roles": ["ORG_READ_ONLY"]})
assert made.status_code == 200, made.text
key = base + "/apiKeys/" + made.json()["id"]
entries = http.post(key + "/accessList", json=[{"cidrBlock": "198.51.100.0/24"}, {"ipAddress": "2001:db8:0:0:0:0:0:7"}])
assert entries.status_code == 200 and entries.json()["totalCount"] == 2, entries.text
assert http.get(key + "/accessList/198.51.100.0%2F24").status_code == 200
assert http.delete(key + "/accessList/2001:db8::7").status_code == 204
assert http.patch(key, json={"desc": "renamed"}).json()["desc"] == "renamed"
assert http.delete(key).status_code == 204
assert http.get(key).status_code in (400, 404)
wrong = requests.get(base, auth=HTTPDigestAuth(public, "wrong"), headers=http.headers)
assert wrong.status_code == 401 and wrong.json()["error"] == 401, wrong.text
print("done")
"#;

#[tokio::test]
async fn python_requests_with_digest_does_a_days_work() {
    let world = World::demo().await;
    let (org, _, base) = owner(&world);
    if !run("python3", &["-c", "import requests"]).await.is_some_and(|printed| printed.has_succeeded) {
        skipped("python3 with the package `requests` is not installed");
        return;
    }
    let pair = org.writer.unwrap();
    let printed = run("python3", &["-c", SCRIPT, &base, &pair.public_key, &pair.private_key]).await.unwrap();
    assert_eq!((printed.has_succeeded, printed.text.trim()), (true, "done"));
    check(&world);
}
