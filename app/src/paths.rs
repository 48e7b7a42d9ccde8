//! Every address of the dashboard. No page glues one together.

use domain::{
    create_key::Step,
    ids::{ApiKeyId, DraftId, OrgId, PersonId, ProjectId, RequestNumber},
};

/// Overview.
pub const HOME: &str = "/";
/// Sign in.
pub const SIGN_IN: &str = "/sign-in";
/// Set-up and reset links lead below this.
pub const LINKS: &str = "/link";
/// All organizations.
pub const ORGANIZATIONS: &str = "/organizations";
/// Connect an organization.
pub const NEW_ORGANIZATION: &str = "/organizations/new";
/// Connect several organizations from a file.
pub const IMPORT_ORGANIZATIONS: &str = "/organizations/import";
/// A table with the columns of an import and nothing else.
pub const IMPORT_TEMPLATE: &str = "/organizations/import.csv";
/// All projects.
pub const PROJECTS: &str = "/projects";
/// All API keys.
pub const KEYS: &str = "/keys";
/// All API keys as CSV; takes the same query as [`KEYS`].
pub const KEYS_CSV: &str = "/keys.csv";
/// The same as JSON.
pub const KEYS_JSON: &str = "/keys.json";
/// All projects as CSV; takes the same query as [`PROJECTS`].
pub const PROJECTS_CSV: &str = "/projects.csv";
/// The same as JSON.
pub const PROJECTS_JSON: &str = "/projects.json";
/// Every credential of every organization, as CSV.
pub const CREDENTIAL_REPORT: &str = "/credential-report.csv";
/// Begin the wizard that creates an API key.
pub const NEW_KEY: &str = "/keys/new";
/// What an administrator should look at, by kind.
pub const FINDINGS: &str = "/findings";
/// Search over everything.
pub const SEARCH: &str = "/search";
/// What [`SEARCH`] finds, as a piece of a page for the palette; takes the same query.
pub const PALETTE: &str = "/palette";
/// All change requests.
pub const REQUESTS: &str = "/requests";
/// The log.
pub const LOG: &str = "/log";
/// People.
pub const PEOPLE: &str = "/people";
/// Add a person.
pub const NEW_PERSON: &str = "/people/new";
/// One's own account.
pub const ACCOUNT: &str = "/account";

/// A one-time link for setting up the first administrator, or for choosing a new password.
#[must_use]
pub fn one_time_link(token: &str) -> String {
    format!("{LINKS}/{token}")
}

/// One organization with its connection.
#[must_use]
pub fn organization(org: &OrgId) -> String {
    format!("{ORGANIZATIONS}/{org}")
}

/// Replace the credentials of a connection.
#[must_use]
pub fn organization_credentials(org: &OrgId) -> String {
    format!("{ORGANIZATIONS}/{org}/credentials")
}

/// What was found in a file that is to be imported.
#[must_use]
pub fn checked_import(id: &str) -> String {
    format!("{IMPORT_ORGANIZATIONS}?import={}", query_value(id))
}

/// All organizations, with a note that `count` were added by an import.
#[must_use]
pub fn imported(count: u32) -> String {
    format!("{ORGANIZATIONS}?imported={count}")
}

/// What is found for `text`.
#[must_use]
pub fn search(text: &str) -> String {
    with_query(SEARCH, &[("q", text.to_owned())])
}

/// The project among all projects.
#[must_use]
pub fn project(project: &ProjectId) -> String {
    with_query(PROJECTS, &[("q", project.to_string())])
}

/// One API key.
#[must_use]
pub fn key(org: &OrgId, key: &ApiKeyId) -> String {
    format!("{KEYS}/{org}/{key}")
}

/// Ask for an entry of a key's access list to be narrowed.
#[must_use]
pub fn narrow_entry(org: &OrgId, key: &ApiKeyId, entry: &str) -> String {
    with_query(&format!("{KEYS}/{org}/{key}/narrow"), &[("entry", entry.to_owned())])
}

/// A step of the wizard that creates an API key.
#[must_use]
pub fn new_key_step(draft: DraftId, step: Step) -> String {
    format!("{NEW_KEY}/{draft}/{}", step.as_str())
}

/// One change request.
#[must_use]
pub fn request(number: RequestNumber) -> String {
    format!("{REQUESTS}/{number}")
}

/// Where the requester reveals the private key that a request brought.
#[must_use]
pub fn request_secret(number: RequestNumber) -> String {
    format!("{REQUESTS}/{number}/secret")
}

/// One person.
#[must_use]
pub fn person(person: PersonId) -> String {
    format!("{PEOPLE}/{person}")
}

/// Sign in, then go to `next`.
#[must_use]
pub fn sign_in_then(next: &str) -> String {
    if next == HOME { SIGN_IN.to_owned() } else { format!("{SIGN_IN}?next={}", query_value(next)) }
}

/// `text` as the value of a query parameter.
#[must_use]
pub fn query_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// `path?name=value&…` of the pairs whose value is not empty.
#[must_use]
pub fn with_query(path: &str, pairs: &[(&str, String)]) -> String {
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", query_value(value)))
        .collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// What pages that somebody signed in may see begin with.
const SECTIONS: [&str; 10] = [ORGANIZATIONS, PROJECTS, KEYS, FINDINGS, SEARCH, REQUESTS, LOG, PEOPLE, ACCOUNT, LINKS];

/// `next` if it is the address of a page of this dashboard, otherwise [`HOME`]: nobody is sent to another site, to a server
/// function, or to a download that would leave them on the form they came from.
#[must_use]
pub fn own_path(next: &str) -> &str {
    let harmless = !next.contains('\\') && !next.chars().any(|c| c.is_control() || c.is_whitespace());
    let path = next.split(['?', '#']).next().unwrap_or_default();
    // No address of a page has a dot or an escape in it, which `..` and the names of files need.
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_'));
    let known = path == HOME
        || SECTIONS
            .iter()
            .any(|section| path.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    if harmless && plain && known && !path.contains("//") { next } else { HOME }
}

/// Like [`own_path`], and the page for signing in as well: for what one may do before that.
#[must_use]
pub fn open_path(next: &str) -> &str {
    let is_sign_in = next.strip_prefix(SIGN_IN).is_some_and(|rest| rest.is_empty() || rest.starts_with('?'));
    let harmless = next.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if is_sign_in && harmless { next } else { own_path(next) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for evil in ["//evil", "/\\evil", "javascript:alert(1)", "https://evil", "", "/\t/evil", "evil"] {
            assert_eq!(own_path(evil), HOME, "{evil:?}");
        }
    }

    #[test]
    fn before_signing_in_one_may_stay_at_the_door() {
        for page in ["/sign-in", "/sign-in?next=/keys%3Fsort%3Dage", "/keys?q=a"] {
            assert_eq!(open_path(page), page);
        }
        for other in ["/sign-in\\evil", "/sign-inn", "//sign-in", "/sign-in?a b"] {
            assert_eq!(open_path(other), HOME, "{other}");
        }
    }

    #[test]
    fn only_pages_are_gone_to() {
        for page in [
            "/",
            "/?welcome=1",
            "/keys?page=2&q=a.b%20c",
            "/requests/CR-0412/secret",
            "/link/a_B-9",
            "/log#12",
            "/search?q=a",
            "/findings",
        ] {
            assert_eq!(own_path(page), page);
        }
        for other in [
            "/api/session/sign-out",
            "/api",
            "/keys.csv",
            "/keys/../api/session/sign-out",
            "/keys/%2e%2e/api/session/sign-out",
            "/keys//evil",
            "/pkg/frontend.js",
            "/health/live",
            "/sign-in?next=/keys",
            "/keysmith",
            "/palette?q=a",
        ] {
            assert_eq!(own_path(other), HOME, "{other}");
        }
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(with_query(KEYS, &[("q", "a&b c".into()), ("org", String::new())]), "/keys?q=a%26b%20c");
        assert_eq!(sign_in_then("/keys?page=2"), "/sign-in?next=/keys%3Fpage%3D2");
    }
}
