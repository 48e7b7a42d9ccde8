//! A request as it arrived: everything read, nothing judged.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::extract::{ConnectInfo, OriginalUri, Request};
use bytes::Bytes;
use futures_util::StreamExt;
use http::{Extensions, HeaderMap, Method, header};

use crate::address;

/// The longest body that is looked at.
const LONGEST_BODY: usize = 1024 * 1024;

/// The line a request came on, which can be cut.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line(Arc<Switches>);

#[derive(Debug, Default)]
struct Switches {
    is_cut: AtomicBool,
    is_announced: AtomicBool,
}

impl Line {
    /// Nothing more is sent on this line: the next write fails and the connection closes.
    pub(crate) fn cut(&self) {
        self.0.is_cut.store(true, Ordering::Release);
    }

    /// The next answer on this line comes after a 102.
    pub(crate) fn announce(&self) {
        self.0.is_announced.store(true, Ordering::Release);
    }

    /// Whether a 102 is to be sent first; asked once, it is no longer.
    pub(crate) fn take_announcement(&self) -> bool {
        self.0.is_announced.swap(false, Ordering::AcqRel)
    }

    /// Whether it is cut.
    pub(crate) fn is_cut(&self) -> bool {
        self.0.is_cut.load(Ordering::Acquire)
    }
}

/// The other end of a connection of our own listener.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    pub(crate) line: Line,
}

/// One request.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) method: Method,
    /// Path and query exactly as sent: what Digest signs.
    pub(crate) target: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Then `body` is not all of it.
    pub(crate) is_too_long: bool,
    pub(crate) peer: IpAddr,
    pub(crate) line: Option<Line>,
    /// Where answers follow each other on a line, and one can be announced.
    pub(crate) is_http_1: bool,
    /// Scheme and host the client used.
    pub(crate) base: String,
}

impl Incoming {
    /// Reads a request to its end; nothing when it breaks off. A body that is too long is read all the same, because
    /// a client that is still sending would take an early answer for a closed connection.
    pub(crate) async fn read(request: Request) -> Option<Self> {
        let (parts, body) = request.into_parts();
        let (mut kept, mut is_too_long) = (Vec::new(), false);
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.ok()?;
            is_too_long |= kept.len() + chunk.len() > LONGEST_BODY;
            if !is_too_long {
                kept.extend_from_slice(&chunk);
            }
        }
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let (peer, line) = peer(&parts.extensions);
        Some(Self {
            target: uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            base: base(&parts.headers, uri),
            is_http_1: parts.version == http::Version::HTTP_11,
            method: parts.method,
            headers: parts.headers,
            body: kept.into(),
            is_too_long,
            peer,
            line,
        })
    }

    /// A header that must be text.
    pub(crate) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

fn peer(extensions: &Extensions) -> (IpAddr, Option<Line>) {
    if let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<Peer>>() {
        return (peer.address.ip().to_canonical(), Some(peer.line.clone()));
    }
    let address = extensions.get::<ConnectInfo<SocketAddr>>();
    (address.map_or(address::LOOPBACK, |ConnectInfo(address)| address.ip().to_canonical()), None)
}

/// Links must be usable from where the client came, so they repeat its `Host`, and the scheme a proxy saw.
fn base(headers: &HeaderMap, uri: &http::Uri) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = if text("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    let host = text("host").or(uri.authority().map(|authority| authority.as_str())).unwrap_or("localhost");
    format!("{scheme}://{host}")
}
