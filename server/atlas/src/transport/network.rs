//! The transport over the network: reqwest with rustls, our own choice of trusted certificates, no
//! redirects, and bounds on time and size.

use std::{error::Error, io, time::Duration};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use reqwest::{Certificate, Client, redirect};
use rustls::{CertificateError, crypto::CryptoProvider};

use super::{CertificateProblem, Transport, TransportError};

/// How a [`ReqwestTransport`] connects.
#[derive(Debug, Clone)]
pub struct TransportOptions {
    /// For name, connection and TLS together.
    pub connect_timeout: Duration,
    /// For the whole exchange.
    pub timeout: Duration,
    /// The largest answer accepted, in bytes.
    pub max_answer: usize,
    /// Certificates trusted besides the public ones, as PEM: those of a company whose proxy opens connections.
    pub company_ca_pem: Option<Vec<u8>>,
    /// Whether to go through the proxy that the environment names (`HTTPS_PROXY` and the like).
    pub use_proxy: bool,
}

impl Default for TransportOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            max_answer: 16 * 1024 * 1024,
            company_ca_pem: None,
            use_proxy: true,
        }
    }
}

/// The transport cannot be made with these options.
#[derive(Debug, thiserror::Error)]
pub enum TransportSetupError {
    /// The company's certificates cannot be read.
    #[error("the additional certificates are not PEM")]
    Certificates(#[source] reqwest::Error),
    /// The PEM file has no certificate in it.
    #[error("the additional certificates contain no certificate")]
    NoCertificate,
    /// The HTTP library refuses the combination.
    #[error("the network client could not be set up")]
    Client(#[source] reqwest::Error),
}

/// Exchanges over HTTP/1.1 or HTTP/2. Cheap to clone; one serves all connections to all organizations.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: Client,
    timeout: Duration,
    max_answer: usize,
}

impl ReqwestTransport {
    /// Makes a transport, and ring the process's TLS provider if it has none.
    ///
    /// # Errors
    ///
    /// When the company's certificates cannot be read.
    pub fn new(options: &TransportOptions) -> Result<Self, TransportSetupError> {
        if CryptoProvider::get_default().is_none() {
            // The error means that another thread was faster: just as well.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let mut roots = Vec::new();
        for certificate in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
            roots.push(Certificate::from_der(certificate).map_err(TransportSetupError::Client)?);
        }
        if let Some(pem) = &options.company_ca_pem {
            let company = Certificate::from_pem_bundle(pem).map_err(TransportSetupError::Certificates)?;
            if company.is_empty() {
                return Err(TransportSetupError::NoCertificate);
            }
            roots.extend(company);
        }
        let mut client = Client::builder()
            .tls_certs_only(roots)
            .redirect(redirect::Policy::none())
            .connect_timeout(options.connect_timeout)
            .timeout(options.timeout)
            // Shorter than what servers and firewalls keep: a write on a connection that is already
            // dead has an unknown outcome.
            .pool_idle_timeout(Duration::from_secs(20));
        if !options.use_proxy {
            client = client.no_proxy();
        }
        let client = client.build().map_err(TransportSetupError::Client)?;
        Ok(Self { client, timeout: options.timeout, max_answer: options.max_answer })
    }

    fn explain(&self, host: &str, error: &reqwest::Error) -> TransportError {
        let host = host.to_owned();
        if error.is_builder() {
            return TransportError::NotSendable { detail: innermost(error) };
        }
        if error.is_connect() {
            if let Some(problem) = certificate_problem(error) {
                return TransportError::Tls { host, problem };
            }
            if error.is_dns() {
                return TransportError::NotResolved { host };
            }
            let detail = if error.is_timeout() { "no answer in time".to_owned() } else { innermost(error) };
            return TransportError::NotConnected { host, detail };
        }
        if error.is_timeout() {
            return TransportError::TimedOut { after: self.timeout };
        }
        TransportError::Cut { detail: innermost(error) }
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let request = reqwest::Request::try_from(request)
            .map_err(|error| TransportError::NotSendable { detail: innermost(&error) })?;
        let mut response = self.client.execute(request).await.map_err(|error| self.explain(&host, &error))?;

        let too_large = TransportError::TooLarge { limit: self.max_answer };
        let announced = response.content_length().unwrap_or(0);
        if usize::try_from(announced).map_or(true, |length| length > self.max_answer) {
            return Err(too_large);
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.explain(&host, &error))? {
            if body.len() + chunk.len() > self.max_answer {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }

        let mut answer = Response::new(body.freeze());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

/// The errors below `error`, outermost first.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| below(*error))
}

/// `io::Error` hides what it wraps from `source`.
fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// The most exact words for what happened; the outer ones only repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn certificate_problem(error: &reqwest::Error) -> Option<CertificateProblem> {
    let tls = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>())?;
    Some(match tls {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::UnknownIssuer => CertificateProblem::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertificateProblem::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                CertificateProblem::NotYetValid
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                CertificateProblem::OtherName
            }
            other => CertificateProblem::Other(other.to_string()),
        },
        other => CertificateProblem::Other(other.to_string()),
    })
}
