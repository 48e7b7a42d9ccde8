//! Carrying one exchange. The client builds and signs requests; a transport only delivers them, so
//! that tests and fault injection can put another one in its place or around it.

mod network;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

pub use self::network::{ReqwestTransport, TransportOptions, TransportSetupError};

/// Carries one exchange: over the network in production, in memory in tests.
///
/// A transport sends once, follows no redirect and keeps no credential.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends `request`, whose URI is absolute, and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// When there is no answer; [`TransportError::certainly_not_sent`] tells what that means for a write.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError>;
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        (**self).send(request).await
    }
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Box<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        (**self).send(request).await
    }
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateProblem {
    /// Signed by nobody we trust, as behind a proxy that opens connections.
    UnknownIssuer,
    /// No longer valid, or this machine's clock is ahead.
    Expired,
    /// Not yet valid, or this machine's clock is behind.
    NotYetValid,
    /// Made out to another name.
    OtherName,
    /// Something else, in the library's words.
    Other(String),
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The host's name is unknown.
    #[error("the name {host} could not be resolved")]
    NotResolved {
        /// The host.
        host: String,
    },
    /// No connection: no route, nobody listening, refused by a firewall or proxy, or no answer in time.
    #[error("no connection to {host}: {detail}")]
    NotConnected {
        /// The host.
        host: String,
        /// The operating system's words.
        detail: String,
    },
    /// A connection, but no safe one.
    #[error("no secure connection to {host}")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong.
        problem: CertificateProblem,
    },
    /// Sent, and no whole answer in time.
    #[error("no answer within {} seconds", after.as_secs())]
    TimedOut {
        /// How long it waited.
        after: Duration,
    },
    /// The connection ended before the whole answer was here.
    #[error("the connection was cut before the answer was complete: {detail}")]
    Cut {
        /// The operating system's words.
        detail: String,
    },
    /// The answer is larger than we accept.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The largest size accepted.
        limit: usize,
    },
    /// The request could not be put on the wire at all.
    #[error("the request could not be sent: {detail}")]
    NotSendable {
        /// The library's words.
        detail: String,
    },
}

impl TransportError {
    /// Whether the request certainly never reached the other side.
    ///
    /// If not, a write may have been executed; only reading Atlas can tell.
    #[must_use]
    pub fn certainly_not_sent(&self) -> bool {
        match self {
            Self::NotResolved { .. } | Self::NotConnected { .. } | Self::Tls { .. } | Self::NotSendable { .. } => true,
            Self::TimedOut { .. } | Self::Cut { .. } | Self::TooLarge { .. } => false,
        }
    }

    /// Whether the same request may well succeed a moment later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::NotResolved { .. } | Self::NotConnected { .. } | Self::TimedOut { .. } | Self::Cut { .. } => true,
            Self::Tls { .. } | Self::TooLarge { .. } | Self::NotSendable { .. } => false,
        }
    }
}
