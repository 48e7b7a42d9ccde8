//! Which Atlas may be talked to.

use http::Uri;
use jiff::SignedDuration;

use super::raw::{Name, Raw};

/// Atlas for everybody outside governments.
const COMMERCIAL: &str = "https://cloud.mongodb.com";

/// Which Atlas may be talked to: section `[atlas]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtlasSettings {
    /// `MERIDIAN_ATLAS_BASE_URLS`, `base_urls`: the base URLs that a connection may have, with commas between them, so
    /// that nobody makes Meridian call another machine. Plain `http://` is for this machine only. The first one is
    /// offered first. Default `https://cloud.mongodb.com`.
    pub base_urls: Vec<String>,
    /// `MERIDIAN_ATLAS_UI_URL`, `ui_url`: where Atlas's own pages are, which organizations, projects and keys link to.
    /// Default `https://cloud.mongodb.com`.
    pub ui_url: String,
    /// `MERIDIAN_REFRESH_MINUTES`, `refresh_minutes`: how often every connected organization is read again. Default 15.
    pub refresh_every: SignedDuration,
}

impl AtlasSettings {
    pub(super) fn read(raw: &mut Raw) -> Self {
        let name = Name { variable: "MERIDIAN_ATLAS_BASE_URLS", key: "atlas.base_urls" };
        let base_urls = raw.read(name, vec![COMMERCIAL.to_owned()], |text| {
            let urls: Result<Vec<String>, String> =
                text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(base_url).collect();
            match urls {
                Ok(urls) if urls.is_empty() => Err("names no address".to_owned()),
                urls => urls,
            }
        });
        let name = Name { variable: "MERIDIAN_ATLAS_UI_URL", key: "atlas.ui_url" };
        let ui_url = raw.read(name, COMMERCIAL.to_owned(), base_url);
        let name = Name { variable: "MERIDIAN_REFRESH_MINUTES", key: "atlas.refresh_minutes" };
        let refresh_every = SignedDuration::from_mins(raw.number(name, 15, 1..=1440).into());
        Self { base_urls, ui_url, refresh_every }
    }
}

/// Scheme and host, without a slash at the end.
fn base_url(text: &str) -> Result<String, String> {
    let form = || format!("`{text}` is not an address such as {COMMERCIAL}");
    let uri: Uri = text.parse().map_err(|_| form())?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(form)?;
    if !uri.path().trim_matches('/').is_empty() || uri.query().is_some() {
        return Err(form());
    }
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    let is_loopback =
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_loopback => {}
        Some("http") => {
            return Err(format!("`{text}` is not encrypted; http:// is for this machine only"));
        }
        _ => return Err(form()),
    }
    Ok(format!("{}://{}", uri.scheme_str().unwrap_or("https"), authority.as_str().to_ascii_lowercase()))
}
