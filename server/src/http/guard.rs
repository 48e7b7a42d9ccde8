//! Who may come in. Closed by default: strangers get as far as signing in.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use app::{backend::Caller, paths};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderValue, Method, StatusCode, header};
use tower_sessions::Session;

use super::{ClientAddress, Gate, assets, health, problem_pages, request_id};
use crate::{
    accounts::session::{CurrentRequest, SignedInAs},
    store::StoreError,
};

/// Server functions that work without anybody signed in.
const OPEN_FUNCTIONS: [&str; 7] = [
    "/api/appearance/theme",
    "/api/session/sign-in",
    "/api/session/demo-accounts",
    "/api/session/link",
    "/api/session/choose-password",
    "/api/session/set-up",
    "/api/attempts/get",
];

/// Those among them that work before the installation was set up.
const SET_UP_FUNCTIONS: [&str; 4] =
    ["/api/appearance/theme", "/api/session/link", "/api/session/set-up", "/api/attempts/get"];

const SIGN_OUT: &str = "/api/session/sign-out";

/// What the guard remembers.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// That there is an administrator, which stays so.
    is_set_up: AtomicBool,
}

/// What a path is, to somebody whom we do not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// Files of the pages and the state of health.
    AlwaysOpen,
    /// Following a one-time link.
    Links,
    /// Signing in.
    SignIn,
    /// Everything else.
    Closed,
}

fn door(path: &str) -> Door {
    if health::is_path(path) || assets::is_file(path) {
        Door::AlwaysOpen
    } else if SET_UP_FUNCTIONS.contains(&path)
        || path.strip_prefix(paths::LINKS).is_some_and(|rest| rest.starts_with('/'))
    {
        Door::Links
    } else if path == paths::SIGN_IN || OPEN_FUNCTIONS.contains(&path) {
        Door::SignIn
    } else {
        Door::Closed
    }
}

pub(super) async fn guard(State(gate): State<Gate>, session: Session, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let door = door(&path);
    if door == Door::AlwaysOpen {
        return next.run(request).await;
    }
    let current = CurrentRequest {
        address: request.extensions().get::<ClientAddress>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |found| found.0),
        agent: agent(&request),
        id: request_id::of(request.extensions()),
        session,
    };
    request.extensions_mut().insert(current.clone());

    let admitted = match gate.admit(&current).await {
        Ok(admitted) => admitted,
        Err(Trouble) => return unavailable(),
    };
    match (admitted, door) {
        (Admitted::NotSetUp, Door::Links) => {}
        (Admitted::NotSetUp, _) => return not_set_up(&path),
        (Admitted::Stranger, Door::Closed) => return turned_away(&request, &path),
        (Admitted::Stranger, _) => {}
        (Admitted::Known(caller), _) => {
            request.extensions_mut().insert(Arc::new(*caller));
        }
    }
    let mut response = current.scope(next.run(request)).await;
    if path == SIGN_OUT {
        let forget = HeaderValue::from_static("\"cookies\", \"storage\"");
        response.headers_mut().insert("clear-site-data", forget);
    }
    response
}

/// Who somebody turned out to be.
enum Admitted {
    /// There is no administrator yet.
    NotSetUp,
    /// Nobody is signed in.
    Stranger,
    /// This person is.
    Known(Box<Caller>),
}

/// The database did not answer. It was logged.
struct Trouble;

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the guard could not look somebody up");
        Self
    }
}

impl Gate {
    async fn admit(&self, current: &CurrentRequest) -> Result<Admitted, Trouble> {
        let inner = &self.inner;
        if !inner.guard.is_set_up.load(Ordering::Relaxed) {
            if !inner.store.has_administrator().await? {
                return Ok(Admitted::NotSetUp);
            }
            inner.guard.is_set_up.store(true, Ordering::Relaxed);
        }
        let signed_in = SignedInAs::of(&current.session).await.map_err(|error| {
            tracing::error!(%error, "a session could not be loaded");
            Trouble
        })?;
        let Some(signed_in) = signed_in else { return Ok(Admitted::Stranger) };
        // Read anew each time: who was disabled or lost a role is so from the next request on.
        let Some(person) = inner.store.person(signed_in.person).await? else { return Ok(Admitted::Stranger) };
        let limit = if person.grants.can_write() { inner.sessions.writers } else { inner.sessions.readers };
        let is_over = inner.clock.now().duration_since(signed_in.since) >= limit;
        if person.disabled_at.is_some() || is_over {
            return Ok(Admitted::Stranger);
        }
        Ok(Admitted::Known(Box::new(Caller {
            person: person.id,
            username: person.username,
            display_name: person.display_name,
            grants: person.grants,
            confirmed_at: signed_in.confirmed_at,
            address: current.address.to_string(),
            request_id: current.id.clone(),
        })))
    }
}

/// The browser as it names itself, without what would not fit a line.
fn agent(request: &Request) -> String {
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("unknown");
    agent.chars().take(200).collect()
}

/// An empty answer to programs, the way to the sign-in page to people. Nothing of the page is in either.
fn turned_away(request: &Request, path: &str) -> Response {
    let is_page = !path.starts_with("/api/") && [Method::GET, Method::HEAD].contains(request.method());
    if is_page {
        let next = request.uri().path_and_query().map_or("/", |address| address.as_str());
        return Redirect::to(&paths::sign_in_then(paths::own_path(next))).into_response();
    }
    if problem_pages::wants_page(request.headers()) {
        return Redirect::to(&paths::sign_in_then(&came_from(request))).into_response();
    }
    StatusCode::UNAUTHORIZED.into_response()
}

/// The page of ours that a form was sent from.
fn came_from(request: &Request) -> String {
    let referer = request.headers().get(header::REFERER).and_then(|referer| referer.to_str().ok()).unwrap_or("");
    let address = referer.parse::<http::Uri>().ok();
    let path = address.as_ref().and_then(http::Uri::path_and_query).map_or("/", |address| address.as_str());
    paths::own_path(path).to_owned()
}

fn not_set_up(path: &str) -> Response {
    if path.starts_with("/api/") {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    problem_pages::answer(
        StatusCode::SERVICE_UNAVAILABLE,
        "Meridian is not set up yet",
        "Open the one-time link that it printed on its console. It works for 30 minutes; restart Meridian to get another one.",
    )
}

fn unavailable() -> Response {
    problem_pages::answer(
        StatusCode::SERVICE_UNAVAILABLE,
        "Meridian cannot reach its database",
        "Nothing was changed. Wait a moment, then try again; if it stays, ask whoever runs Meridian to look at the database.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doors_are_closed_unless_listed() {
        for (path, expected) in [
            ("/health/live", Door::AlwaysOpen),
            ("/link/abc", Door::Links),
            ("/link", Door::Closed),
            ("/linked/abc", Door::Closed),
            ("/sign-in", Door::SignIn),
            ("/sign-in/", Door::Closed),
            ("/SIGN-IN", Door::Closed),
            ("/api/session/sign-in", Door::SignIn),
            ("/api/session/sign-out", Door::Closed),
            ("/api/people/list", Door::Closed),
            ("/", Door::Closed),
            ("/anything", Door::Closed),
            ("//sign-in", Door::Closed),
        ] {
            assert_eq!(door(path), expected, "{path}");
        }
    }
}
