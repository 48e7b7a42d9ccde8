//! The configuration file of the Atlas CLI: a table of TOML for each profile.
//!
//! Profiles hold API keys, a person's session or a service account; only the first can be connected. The CLI's documentation
//! ("Save Connection Settings") names the settings.

use app::{api::connections::ConnectionForm, backend::Answer};
use toml::de::{DeTable, DeValue};

use super::file::{Content, Row, content, line_at, shown_key, unreadable};
use crate::services::inventory::clean;

/// Where the CLI's service `cloud` is.
pub(super) const USUAL_ATLAS: &str = "https://cloud.mongodb.com";

/// Where its service `cloudgov` is.
const GOVERNMENT_ATLAS: &str = "https://cloud.mongodbgov.com";

/// Reads the profiles in the order of the file. Settings outside of profiles are passed over.
///
/// # Errors
///
/// When the file is no TOML.
pub(super) fn read(text: &str) -> Answer<Vec<Row>> {
    // The library's own words may repeat the line, and with it a key.
    let document = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(text, span.start));
        unreadable(format!(
            "The configuration file cannot be read from line {line} on: look for a quotation mark or a bracket that is \
             missing there, or a setting that is there twice."
        ))
    })?;
    let mut rows: Vec<Row> = document
        .get_ref()
        .iter()
        .filter_map(|(name, value)| {
            let profile = value.get_ref().as_table()?;
            Some(row(line_at(text, name.span().start), name.get_ref(), profile))
        })
        .collect();
    rows.sort_by_key(|row| row.line);
    Ok(rows)
}

fn setting<'a>(profile: &'a DeTable<'_>, name: &str) -> &'a str {
    profile.get(name).and_then(|value| DeValue::as_str(value.get_ref())).unwrap_or_default().trim()
}

fn row(line: u32, name: &str, profile: &DeTable<'_>) -> Row {
    let public_key = setting(profile, "public_api_key");
    let content = keys(profile).unwrap_or_else(|other| other);
    Row { line, profile: clean(name).chars().take(60).collect(), public_key: shown_key(public_key), content }
}

/// What the profile holds; `Err` for what cannot be connected.
fn keys(profile: &DeTable<'_>) -> Result<Content, Content> {
    let text = |name| setting(profile, name);
    let is_there = |name| !text(name).is_empty();
    let skipped = |why: &str| Err(Content::Skipped(why.to_owned()));
    if !is_there("public_api_key") && !is_there("private_api_key") {
        let kind = text("auth_type");
        return if kind == "service_account" || is_there("client_id") {
            skipped("It uses a service account. Meridian connects with API keys: create one in this organization.")
        } else if kind == "user_account" || is_there("access_token") || is_there("refresh_token") {
            skipped("It signs in as a person. Meridian connects with API keys: create one in this organization.")
        } else {
            skipped("There is no API key in it.")
        };
    }
    let usual = match text("service") {
        "" | "cloud" => USUAL_ATLAS,
        "cloudgov" => GOVERNMENT_ATLAS,
        _ => return skipped("It is for Cloud Manager or Ops Manager, not for Atlas."),
    };
    if !is_there("private_api_key") {
        return Err(Content::Bad(vec![
            "The private key is missing. The Atlas CLI may have put it into the system’s keyring instead of this file: \
             connect this organization by itself, or create another API key."
                .to_owned(),
        ]));
    }
    let org = match text("org_id") {
        "" => None,
        id => match id.parse() {
            Ok(org) => Some(org),
            Err(_) => {
                let problem =
                    "The value of org_id is no organization’s id: those have 24 digits and letters from a to f.";
                return Err(Content::Bad(vec![problem.to_owned()]));
            }
        },
    };
    let written = [text("ops_manager_url"), text("base_url")].into_iter().find(|url| !url.is_empty());
    let form = ConnectionForm {
        base_url: written.map_or(usual, |url| url.trim_end_matches('/')).to_owned(),
        reader_public: text("public_api_key").to_owned(),
        reader_private: text("private_api_key").to_owned(),
        ..ConnectionForm::default()
    };
    Ok(content(form, org))
}
