//! Connecting several organizations at once, from a CSV table or the Atlas CLI's configuration file.
//!
//! Two steps: a file is checked, which adds nothing, and what the check found good is added. In between it lies sealed on the
//! server; a browser gets a reference to it and never sees a private key again.

use domain::ids::OrgId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// The columns of a table to import; the first two must be there.
pub const COLUMNS: [&str; 8] = [
    "public_key",
    "private_key",
    "label",
    "environment",
    "owner",
    "base_url",
    "writer_public_key",
    "writer_private_key",
];

/// The most organizations that one file may hold.
pub const MAX_ROWS: usize = 50;

/// The largest file, in bytes.
pub const MAX_BYTES: u32 = 64 * 1024;

/// How long what was checked is kept, in minutes.
pub const KEPT_MINUTES: u32 = 15;

/// What the page needs to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportView {
    /// The base URLs that are allowed.
    #[serde(default)]
    pub base_urls: Vec<String>,
    /// Whether the caller has to give the password again.
    pub needs_password: bool,
    /// What the check found; `None` before it, and when it is no longer kept.
    pub checked: Option<Vec<ImportRow>>,
}

/// One row of the table, or one profile of the configuration file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportRow {
    /// The line at which it begins, from 1.
    pub line: u32,
    /// The name of the profile; empty for a row of a table.
    pub profile: String,
    /// The reader's public key; empty when what stands there does not look like one, since it may be a secret.
    pub public_key: String,
    /// What was found.
    pub finding: Finding,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Finding {
    /// It can be added.
    Good {
        /// The organization.
        org: OrgId,
        /// Its name in Atlas.
        name: String,
        /// What it will be called here.
        label: String,
        /// The roles of the reader.
        #[serde(default)]
        roles: Vec<String>,
        /// The roles of the writer, if there is one.
        writer_roles: Option<Vec<String>>,
    },
    /// It cannot be added.
    Bad {
        /// Why, and what to do, a sentence or two each.
        #[serde(default)]
        problems: Vec<String>,
    },
    /// It is nothing to add, which is no fault.
    Skipped {
        /// Why.
        why: String,
    },
}

/// What an import found and what the form needs to know.
#[server(prefix = "/api", endpoint = "organizations/get-import")]
pub async fn get_import(
    /// The reference from the page's address; empty before a file was checked.
    #[server(default)]
    id: String,
) -> Result<ImportView, ApiError> {
    use crate::server::{answer, begin};

    let getting = async {
        let (caller, backend) = begin()?;
        backend.connections.import(&caller, &id).await
    };
    answer(getting.await)
}

/// Checks a file and adds nothing.
#[server(prefix = "/api", endpoint = "organizations/check-import")]
pub async fn check_import(
    /// The file's text.
    #[server(default)]
    text: String,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin, confirmed},
    };

    let checking = async {
        let (caller, backend) = begin()?;
        let caller = confirmed(caller, &backend, &password).await?;
        backend.connections.check_import(&caller, &text).await.map(|id| paths::checked_import(&id))
    };
    // The text is full of private keys, so that nothing of it is kept for drawing the form again.
    answer_form(paths::IMPORT_ORGANIZATIONS, Typed::nothing(), checking.await).await
}

/// Connects the organizations that a check found good.
#[server(prefix = "/api", endpoint = "organizations/add-import")]
pub async fn add_import(
    /// The reference to what was checked.
    #[server(default)]
    id: String,
    /// "yes" to leave bad rows out; otherwise one bad row keeps all others back.
    #[server(default)]
    only_good: String,
    /// The caller's password, when it has to be given again.
    #[server(default)]
    password: String,
) -> Result<(), ApiError> {
    use crate::{
        paths,
        server::{Typed, answer_form, begin, confirmed},
    };

    let adding = async {
        let (caller, backend) = begin()?;
        let caller = confirmed(caller, &backend, &password).await?;
        backend.connections.add_import(&caller, &id, only_good == "yes").await.map(paths::imported)
    };
    answer_form(&paths::checked_import(&id), Typed::nothing(), adding.await).await
}
