//! Where an Atlas answers: scheme, host and port, nothing else.

use std::{fmt, net::IpAddr, str::FromStr};

use http::Uri;
use serde::{Deserialize, Serialize};

use crate::API_ROOT;

/// The address cannot be the base of an Atlas.
///
/// None of these repeats the text, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBaseUrl {
    /// The text is no absolute URL.
    #[error("this is not a web address; it should look like https://cloud.mongodb.com")]
    NotAUrl,
    /// The scheme is neither `https` nor `http`.
    #[error("the address must begin with https://")]
    OtherScheme,
    /// Plain HTTP to another machine: the signature could be read and the answers changed.
    #[error("plain http is only for an Atlas on this machine (localhost); use https://")]
    PlainHttp,
    /// User name or password in the address.
    #[error("the address must not contain a user name or password")]
    UserInfo,
    /// A path, query or fragment after the host.
    #[error("the address ends after the host name; remove what follows it")]
    MoreThanHost,
}

/// The base URL of an Atlas, for instance `https://cloud.mongodb.com`.
///
/// Always `https`, except on this machine: HTTP Digest does not protect what it carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseUrl {
    origin: String,
    host: String,
    secure: bool,
}

impl BaseUrl {
    /// MongoDB's own Atlas.
    #[must_use]
    pub fn commercial() -> Self {
        Self { origin: "https://cloud.mongodb.com".to_owned(), host: "cloud.mongodb.com".to_owned(), secure: true }
    }

    /// Scheme, host and (unless it is the usual one) port, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// The host alone, as a person would name it; IPv6 addresses without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is reached through TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.secure
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        // `Uri` drops fragments silently.
        if text.contains('#') {
            return Err(InvalidBaseUrl::MoreThanHost);
        }
        let uri: Uri = text.parse().map_err(|_| InvalidBaseUrl::NotAUrl)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(InvalidBaseUrl::NotAUrl);
        };
        if authority.as_str().contains('@') {
            return Err(InvalidBaseUrl::UserInfo);
        }
        let host = authority.host().to_ascii_lowercase();
        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        if bare.is_empty() {
            return Err(InvalidBaseUrl::NotAUrl);
        }
        let (secure, usual_port) = match scheme {
            "https" => (true, 443),
            "http" if is_loopback(&bare) => (false, 80),
            "http" => return Err(InvalidBaseUrl::PlainHttp),
            _ => return Err(InvalidBaseUrl::OtherScheme),
        };
        // A port that is no number is part of the authority's text and of neither `host` nor `port_u16`.
        let port = match authority.port() {
            Some(port) => Some(port.as_u16()),
            None if authority.as_str().len() != authority.host().len() => {
                return Err(InvalidBaseUrl::NotAUrl);
            }
            None => None,
        };
        // People paste the address of the API as the documentation shows it.
        let path = uri.path().trim_end_matches('/');
        if uri.query().is_some() || !(path.is_empty() || path == API_ROOT) {
            return Err(InvalidBaseUrl::MoreThanHost);
        }
        let port = port.filter(|port| *port != usual_port).map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self { origin: format!("{scheme}://{host}{port}"), host: bare, secure })
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = InvalidBaseUrl;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<BaseUrl> for String {
    fn from(url: BaseUrl) -> Self {
        url.origin
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_reduced_to_scheme_host_and_unusual_port() {
        for (text, origin) in [
            (" https://Cloud.MongoDB.com/ ", "https://cloud.mongodb.com"),
            ("https://cloud.mongodb.com:443", "https://cloud.mongodb.com"),
            ("https://cloud.mongodb.com/api/atlas/v2/", "https://cloud.mongodb.com"),
            ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
            ("http://localhost:80", "http://localhost"),
            ("http://[::1]:4010", "http://[::1]:4010"),
            ("https://atlas.example.org:8443", "https://atlas.example.org:8443"),
        ] {
            assert_eq!(text.parse::<BaseUrl>().map(String::from).as_deref(), Ok(origin), "{text}");
        }
        assert_eq!("https://cloud.mongodb.com".parse(), Ok(BaseUrl::commercial()));
    }

    #[test]
    fn plain_http_is_refused_except_on_this_machine() {
        for text in [
            "http://cloud.mongodb.com",
            "http://10.0.0.1",
            "http://0.0.0.0:80",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
        ] {
            assert_eq!(text.parse::<BaseUrl>(), Err(InvalidBaseUrl::PlainHttp), "{text}");
        }
    }

    #[test]
    fn other_text_is_refused_in_words() {
        for (text, error) in [
            ("", InvalidBaseUrl::NotAUrl),
            ("cloud.mongodb.com", InvalidBaseUrl::NotAUrl),
            ("/api", InvalidBaseUrl::NotAUrl),
            ("https://", InvalidBaseUrl::NotAUrl),
            ("https://host:port", InvalidBaseUrl::NotAUrl),
            ("https://host:99999", InvalidBaseUrl::NotAUrl),
            ("ftp://cloud.mongodb.com", InvalidBaseUrl::OtherScheme),
            ("https://name:word@cloud.mongodb.com", InvalidBaseUrl::UserInfo),
            ("https://cloud.mongodb.com/other", InvalidBaseUrl::MoreThanHost),
            ("https://cloud.mongodb.com?x=1", InvalidBaseUrl::MoreThanHost),
            ("https://cloud.mongodb.com#x", InvalidBaseUrl::MoreThanHost),
        ] {
            assert_eq!(text.parse::<BaseUrl>(), Err(error), "{text}");
        }
    }
}
