//! What an operation is, and how the one for a request is found. Each area has a table of its own in `routes/`.

use http::Method;

use crate::{
    errors::ApiError,
    limits::Set,
    paging::OBJECT,
    routes::{self, Answer, Call, permission::Need},
    version::{FIRST, Form, Release},
};

/// Where Atlas's API begins.
pub(crate) const BASE: &str = "/api/atlas/v2";

/// The tables of all areas.
const AREAS: &[fn() -> &'static [Operation]] = &[
    || routes::root::OPERATIONS,
    || routes::orgs::OPERATIONS,
    || routes::settings::OPERATIONS,
    || routes::events::OPERATIONS,
    || routes::project_limits::OPERATIONS,
    || routes::invoices::OPERATIONS,
    || routes::line_items::OPERATIONS,
    || routes::invoice_reports::OPERATIONS,
    || routes::cost_explorer::OPERATIONS,
    || routes::projects::OPERATIONS,
    || routes::org_keys::OPERATIONS,
    || routes::access_lists::OPERATIONS,
    || routes::project_keys::OPERATIONS,
    || routes::service_accounts::OPERATIONS,
    || routes::project_accounts::OPERATIONS,
    || routes::account_secrets::OPERATIONS,
    || routes::account_lists::OPERATIONS,
    || routes::rate_limits::OPERATIONS,
    || routes::org_users::OPERATIONS,
    || routes::project_users::OPERATIONS,
    || routes::teams::OPERATIONS,
    || routes::project_teams::OPERATIONS,
    || routes::org_invites::OPERATIONS,
    || routes::project_invites::OPERATIONS,
    || routes::old_users::OPERATIONS,
];

/// Every operation the sandbox knows.
pub(crate) fn all() -> impl Iterator<Item = &'static Operation> {
    AREAS.iter().flat_map(|area| area())
}

/// How an operation runs.
pub(crate) type Run = fn(&mut Call<'_>) -> Result<Answer, ApiError>;

/// One operation of the description.
pub(crate) struct Operation {
    /// `operationId`.
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// Below [`BASE`].
    pub(crate) path: &'static str,
    /// Oldest first.
    pub(crate) releases: &'static [Release],
    /// The forms every release can be answered in.
    pub(crate) forms: &'static [Form],
    query: &'static [&'static str],
    own_query: &'static [&'static str],
    pub(crate) has_body: bool,
    pub(crate) need: Need,
    pub(crate) set: Set,
    pub(crate) run: Run,
}

/// Tables are written with these: `Operation::get(…).query(LIST)`.
impl Operation {
    const fn new(
        method: Method,
        has_body: bool,
        id: &'static str,
        path: &'static str,
        rules: (Need, Set),
        run: Run,
    ) -> Self {
        let (need, set) = rules;
        Self {
            id,
            method,
            path,
            releases: FIRST,
            forms: &[Form::Json],
            query: OBJECT,
            own_query: &[],
            has_body,
            need,
            set,
            run,
        }
    }

    /// A reading operation of the release 2023-01-01 that answers one object; what differs is said by the methods below.
    pub(crate) const fn get(id: &'static str, path: &'static str, need: Need, set: Set, run: Run) -> Self {
        Self::new(Method::GET, false, id, path, (need, set), run)
    }

    /// The same with `POST` and a body.
    pub(crate) const fn post(id: &'static str, path: &'static str, need: Need, set: Set, run: Run) -> Self {
        Self::new(Method::POST, true, id, path, (need, set), run)
    }

    /// The same with `PATCH` and a body.
    pub(crate) const fn patch(id: &'static str, path: &'static str, need: Need, set: Set, run: Run) -> Self {
        Self::new(Method::PATCH, true, id, path, (need, set), run)
    }

    /// The same with `DELETE`.
    pub(crate) const fn delete(id: &'static str, path: &'static str, need: Need, set: Set, run: Run) -> Self {
        Self::new(Method::DELETE, false, id, path, (need, set), run)
    }

    /// The same with `PUT` and a body.
    pub(crate) const fn put(id: &'static str, path: &'static str, need: Need, set: Set, run: Run) -> Self {
        Self::new(Method::PUT, true, id, path, (need, set), run)
    }

    /// Has a body though the method would not let one expect it.
    pub(crate) const fn with_body(mut self) -> Self {
        self.has_body = true;
        self
    }

    /// Has these releases, oldest first.
    pub(crate) const fn releases(mut self, releases: &'static [Release]) -> Self {
        self.releases = releases;
        self
    }

    /// Answers in these forms, the preferred one first.
    pub(crate) const fn forms(mut self, forms: &'static [Form]) -> Self {
        self.forms = forms;
        self
    }

    /// Takes these query parameters of its own, besides the shared ones.
    pub(crate) const fn also(mut self, names: &'static [&'static str]) -> Self {
        self.own_query = names;
        self
    }

    /// Takes these shared query parameters, [`crate::paging::LIST`] and the like.
    pub(crate) const fn query(mut self, names: &'static [&'static str]) -> Self {
        self.query = names;
        self
    }

    /// Whether it takes a query parameter of this name.
    pub(crate) fn takes(&self, name: &str) -> Option<&'static str> {
        self.query.iter().chain(self.own_query).find(|known| **known == name).copied()
    }
}

/// The values in a path, still encoded.
#[derive(Default, Debug)]
pub(crate) struct Values<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Values<'a> {
    /// The value of `{name}`.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }
}

/// What a method and path lead to.
pub(crate) enum Found<'a> {
    /// An operation, with the values of its path.
    Operation(&'static Operation, Values<'a>),
    /// The path exists with these other methods.
    OtherMethods(Vec<&'static str>),
    /// Nothing.
    Nowhere,
}

/// Finds the operation for a method and a path as sent. `HEAD` is answered like `GET`. Where several patterns fit, the
/// most literal one is meant, whatever its methods: `/invoices/pending` is no invoice, and a verb is no part of a value.
pub(crate) fn find<'a>(method: &Method, path: &'a str) -> Found<'a> {
    let Some(below) = path.strip_prefix(BASE) else {
        return Found::Nowhere;
    };
    let below = if below == "/" { "" } else { below };
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let fitting = |operation: &'static Operation| {
        let (literal, values) = values(operation.path, below)?;
        Some((literal, operation, values))
    };
    let Some(most) = all().filter_map(fitting).map(|(literal, ..)| literal).max() else {
        return Found::Nowhere;
    };
    let mut others = Vec::new();
    for (_, operation, values) in all().filter_map(fitting).filter(|(literal, ..)| *literal == most) {
        if operation.method == *method {
            return Found::Operation(operation, values);
        }
        others.push(operation.method.as_str());
    }
    Found::OtherMethods(others)
}

/// The values a path has for a pattern, and how much of the pattern was literal. A part of a pattern is literal, a
/// value (`{orgId}`), or a value with a verb (`{groupId}:migrate`).
fn values<'a>(pattern: &'static str, path: &'a str) -> Option<(usize, Values<'a>)> {
    let (mut wanted, mut sent) = (pattern.split('/'), path.split('/'));
    let (mut literal, mut values) = (0, Values::default());
    loop {
        let (part, text) = match (wanted.next(), sent.next()) {
            (None, None) => return Some((literal, values)),
            (Some(part), Some(text)) => (part, text),
            _ => return None,
        };
        match part.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((name, verb)) => {
                let text = text.strip_suffix(verb).filter(|text| !text.is_empty())?;
                literal += verb.len();
                values.0.push((name, text));
            }
            None if part == text => literal += part.len(),
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_slash_does_not_split_an_address() {
        let path = "/api/atlas/v2/orgs/o/apiKeys/k/accessList/192.0.2.0%2F24";
        let Found::Operation(operation, values) = find(&Method::HEAD, path) else { panic!("not found") };
        assert_eq!((operation.id, values.get("ipAddress")), ("getOrgApiKeyAccessListEntry", Some("192.0.2.0%2F24")));
        assert!(matches!(find(&Method::GET, "/api/atlas/v2/orgs/o/apiKeys/k/accessList/192.0.2.0/24"), Found::Nowhere));
    }

    #[test]
    fn a_value_may_carry_a_verb_and_literal_parts_win() {
        let found = |pattern, path| values(pattern, path).map(|(literal, values)| (literal, values.get("x")));
        assert_eq!(found("/a/{x}:migrate", "/a/5:migrate"), Some((8 + 1, Some("5"))));
        assert_eq!(found("/a/{x}:migrate", "/a/5"), None);
        assert_eq!(found("/a/{x}:migrate", "/a/:migrate"), None);
        assert_eq!(found("/a/{x}", "/a/pending"), Some((1, Some("pending"))));
        assert_eq!(found("/a/pending", "/a/pending"), Some((8, None)));
    }

    #[test]
    fn a_path_with_a_verb_has_the_methods_of_the_verb_only() {
        let path = "/api/atlas/v2/groups/g/serviceAccounts/a:invite";
        assert!(
            matches!(find(&Method::POST, path), Found::Operation(operation, _) if operation.id == "inviteGroupServiceAccount")
        );
        let Found::OtherMethods(methods) = find(&Method::GET, path) else { panic!("another operation was found") };
        assert_eq!(methods, ["POST"]);
    }

    #[test]
    fn every_operation_is_listed_once() {
        let mut seen = std::collections::HashSet::new();
        assert!(all().all(|operation| seen.insert(operation.id)));
    }
}
