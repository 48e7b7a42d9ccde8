//! Signing in and out, one-time links, and what the frame around every page shows.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// An account of the demo, shown on its sign-in page only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// The name to sign in with.
    pub username: String,
    /// The password, which is no secret in a demo.
    pub password: String,
    /// The name shown.
    pub display_name: String,
    /// What the account is for: "Operator: asks for changes".
    pub explanation: String,
}

/// What signing in led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedIn {
    /// The session is open.
    Done,
}

/// What a one-time link is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
pub enum LinkView {
    /// Creating the first administrator.
    SetUp,
    /// Choosing a password.
    ChoosePassword {
        /// Whose.
        username: String,
        /// The name shown.
        display_name: String,
    },
}

/// What the frame around every page of the console shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameView {
    /// The caller's name.
    pub display_name: String,
    /// The caller's roles in words: "Operator, approver".
    pub roles: String,
    /// How many requests wait for the caller.
    pub inbox: u32,
    /// How many organizations the caller sees.
    pub organizations: u32,
    /// Whether the caller may read the log.
    pub sees_log: bool,
    /// Whether the caller manages people.
    pub sees_people: bool,
    /// Whether this is the demo.
    pub is_demo: bool,
}

/// The demo's accounts; empty unless this is the demo.
#[server(prefix = "/api", endpoint = "session/demo-accounts")]
pub async fn demo_accounts() -> Result<Vec<DemoAccount>, ApiError> {
    crate::server::answer(crate::server::backend().session.demo_accounts().await)
}

/// What the frame shows.
#[server(prefix = "/api", endpoint = "session/frame")]
pub async fn frame() -> Result<FrameView, ApiError> {
    use crate::server::{answer, begin};

    let framing = async {
        let (caller, backend) = begin()?;
        backend.session.frame(&caller).await
    };
    answer(framing.await)
}

/// What a one-time link is for; `None` when it was used, is too old, or never was.
#[server(prefix = "/api", endpoint = "session/link")]
pub async fn link(
    /// The link's token.
    token: String,
) -> Result<Option<LinkView>, ApiError> {
    crate::server::answer(crate::server::backend().session.link(&token).await)
}

/// Signs in.
#[server(prefix = "/api", endpoint = "session/sign-in")]
pub async fn sign_in(
    /// The name.
    #[server(default)]
    username: String,
    /// The password.
    #[server(default)]
    password: String,
    /// Where to go afterwards, a path of this dashboard.
    #[server(default)]
    next: String,
) -> Result<(), ApiError> {
    use domain::FieldError;

    use crate::{
        paths,
        server::{Typed, answer_form, backend},
    };

    let signing_in = async {
        let mut missing = Vec::new();
        if username.trim().is_empty() {
            missing.push(FieldError::new("username", "Enter your username."));
        }
        if password.is_empty() {
            missing.push(FieldError::new("password", "Enter your password."));
        }
        if !missing.is_empty() {
            return Err(ApiError::Invalid { fields: missing });
        }
        backend().session.sign_in(username.trim(), &password).await?;
        Ok(paths::own_path(&next).to_owned())
    };
    let form = paths::sign_in_then(paths::own_path(&next));
    answer_form(&form, Typed::of(&[("username", &username)]), signing_in.await).await
}

/// Signs out.
#[server(prefix = "/api", endpoint = "session/sign-out")]
pub async fn sign_out() -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, backend},
    };

    let outcome = backend().session.sign_out().await.map(|()| format!("{}?done=out", paths::SIGN_IN));
    answer_form(paths::HOME, Typed::nothing(), outcome).await
}

/// Creates the first administrator by the set-up link.
#[server(prefix = "/api", endpoint = "session/set-up")]
pub async fn set_up(
    /// The link's token.
    #[server(default)]
    token: String,
    /// The name to sign in with.
    #[server(default)]
    username: String,
    /// The name shown.
    #[server(default)]
    display_name: String,
    /// The password.
    #[server(default)]
    password: String,
    /// The password again.
    #[server(default)]
    password_again: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, backend},
    };

    let setting_up = async {
        if password != password_again {
            return Err(ApiError::field("password_again", "The two passwords differ. Type them again."));
        }
        backend().session.set_up(&token, username.trim(), display_name.trim(), &password).await?;
        Ok(paths::HOME.to_owned())
    };
    let typed = Typed::of(&[("username", &username), ("display_name", &display_name)]);
    answer_form(&paths::one_time_link(&url_token(&token)), typed, setting_up.await).await
}

/// Chooses a password by a one-time link.
#[server(prefix = "/api", endpoint = "session/choose-password")]
pub async fn choose_password(
    /// The link's token.
    #[server(default)]
    token: String,
    /// The password.
    #[server(default)]
    password: String,
    /// The password again.
    #[server(default)]
    password_again: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, backend},
    };

    let choosing = async {
        if password != password_again {
            return Err(ApiError::field("password_again", "The two passwords differ. Type them again."));
        }
        backend().session.choose_password(&token, &password).await?;
        Ok(format!("{}?done=password", paths::SIGN_IN))
    };
    answer_form(&paths::one_time_link(&url_token(&token)), Typed::nothing(), choosing.await).await
}

/// A token as it may stand in a path; anything else could lead a redirect elsewhere.
#[cfg(feature = "ssr")]
fn url_token(token: &str) -> String {
    token.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(128).collect()
}
