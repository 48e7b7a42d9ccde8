//! Where to listen and how the dashboard is reached.

use std::{fmt, net::SocketAddr};

use http::Uri;
use ipnet::IpNet;

use super::raw::{Name, Raw};

/// Where to listen and how the dashboard is reached: section `[server]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSettings {
    /// `MERIDIAN_LISTEN`, `listen`: the address and port to listen on. Default `127.0.0.1:7420`.
    pub listen: SocketAddr,
    /// `MERIDIAN_PUBLIC_URL`, `public_url`: how browsers reach the dashboard, such as `https://meridian.example.com`.
    /// Default: `http://` and the address listened on.
    pub public_url: PublicUrl,
    is_default_url: bool,
    /// `MERIDIAN_TRUSTED_PROXIES`, `trusted_proxies`: the networks of reverse proxies whose `X-Forwarded-For` is
    /// believed, with commas between them. Default: none.
    pub trusted_proxies: Vec<IpNet>,
}

impl ServerSettings {
    pub(super) fn read(raw: &mut Raw) -> Self {
        let listen = raw.parse(
            Name { variable: "MERIDIAN_LISTEN", key: "server.listen" },
            SocketAddr::from(([127, 0, 0, 1], 7420)),
            "an address with a port, such as 127.0.0.1:7420",
        );
        let public_url = raw.read(Name { variable: "MERIDIAN_PUBLIC_URL", key: "server.public_url" }, None, |text| {
            PublicUrl::parse(text).map(Some)
        });
        let trusted_proxies = raw.read(
            Name { variable: "MERIDIAN_TRUSTED_PROXIES", key: "server.trusted_proxies" },
            Vec::new(),
            |text| text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(network).collect(),
        );
        let is_default_url = public_url.is_none();
        let public_url = public_url.unwrap_or_else(|| PublicUrl::of_listener(listen));
        Self { listen, public_url, is_default_url, trusted_proxies }
    }

    /// Takes the address that was really bound, whose port may have been chosen by the system.
    pub fn bound_to(&mut self, address: SocketAddr) {
        self.listen = address;
        if self.is_default_url {
            self.public_url = PublicUrl::of_listener(address);
        }
    }
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let form = || format!("`{text}` is not a network such as 10.0.0.0/8, nor an address");
    let (address, length) = text.split_once('/').unzip();
    let address: std::net::IpAddr = address.unwrap_or(text).parse().map_err(|_| form())?;
    match length {
        Some(length) => IpNet::new(address, length.parse().map_err(|_| form())?).map_err(|_| form()),
        None => Ok(address.into()),
    }
}

/// How browsers reach the dashboard: scheme and host, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    is_https: bool,
    is_loopback: bool,
}

impl PublicUrl {
    fn of_listener(listen: SocketAddr) -> Self {
        // Listening on all addresses is not an address one can go to.
        let address = if listen.ip().is_unspecified() { ([127, 0, 0, 1], listen.port()).into() } else { listen };
        Self { origin: format!("http://{address}"), is_https: false, is_loopback: address.ip().is_loopback() }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let form = || format!("`{text}` is not an address such as https://meridian.example.com");
        let uri: Uri = text.parse().map_err(|_| form())?;
        let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme)).ok_or_else(form)?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(form)?;
        if !uri.path().trim_matches('/').is_empty() || uri.query().is_some() {
            return Err("a path is not supported yet: give Meridian a host name of its own".to_owned());
        }
        let host = authority.host();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let is_loopback =
            host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        Ok(Self {
            origin: format!("{scheme}://{}", authority.as_str().to_ascii_lowercase()),
            is_https: scheme == "https",
            is_loopback,
        })
    }

    /// Scheme, host and port, as browsers write it in `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether browsers come over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether browsers treat the connection as safe from others: TLS, or this very machine.
    #[must_use]
    pub fn is_trustworthy(&self) -> bool {
        self.is_https || self.is_loopback
    }

    /// The full address of a path that starts with `/`.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}
