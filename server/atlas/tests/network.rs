//! The transport over real sockets: every way a network fails, told apart.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread,
    time::Duration,
};

use atlas::{CertificateProblem, ReqwestTransport, Transport, TransportError, TransportOptions, TransportSetupError};
use bytes::Bytes;
use http::{Request, Response};
use rustls::{
    ServerConfig, ServerConnection, Stream,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

fn options() -> TransportOptions {
    TransportOptions {
        connect_timeout: Duration::from_secs(5),
        timeout: Duration::from_secs(5),
        max_answer: 1_000,
        company_ca_pem: None,
        use_proxy: false,
    }
}

async fn get(options: &TransportOptions, url: &str) -> Result<Response<Bytes>, TransportError> {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    ReqwestTransport::new(options).unwrap().send(request).await
}

fn head_of(stream: &mut impl Read) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// Serves one connection: reads the head of a request, writes `answer`, closes. Gives the head.
fn serve(answer: impl Into<Vec<u8>>) -> (SocketAddr, thread::JoinHandle<String>) {
    let (listener, answer) = (TcpListener::bind("127.0.0.1:0").unwrap(), answer.into());
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let head = head_of(&mut stream);
        stream.write_all(&answer).unwrap();
        head
    });
    (address, server)
}

/// Serves TLS connections with one of the test certificates, as long as they come.
fn serve_tls(certificate: &[u8]) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certificate = CertificateDer::from_pem_slice(certificate).unwrap().into_owned();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("data/tls/key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut connection = ServerConnection::new(config.clone()).unwrap();
            let mut tls = Stream::new(&mut connection, &mut stream);
            if !head_of(&mut tls).is_empty() {
                tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi").unwrap();
                tls.conn.send_close_notify();
                tls.flush().unwrap();
            }
        }
    });
    address
}

#[tokio::test]
async fn an_answer_comes_back_whole() {
    let (address, server) = serve("HTTP/1.1 201 Created\r\nx-error-code: X\r\ncontent-length: 5\r\n\r\nhello");
    let answer = get(&options(), &format!("http://{address}/api/atlas/v2/a%2Fb?x=1&y=%20")).await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["x-error-code"], "X");
    assert_eq!(answer.body(), "hello");
    // The address goes out exactly as it was signed.
    assert!(server.join().unwrap().starts_with("GET /api/atlas/v2/a%2Fb?x=1&y=%20 HTTP/1.1\r\n"));
}

#[tokio::test]
async fn nobody_listening_is_certainly_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = get(&options(), &format!("http://{address}/")).await.unwrap_err();
    assert!(matches!(&error, TransportError::NotConnected { host, .. } if host == "127.0.0.1"), "{error:?}");
    assert!(error.certainly_not_sent());
}

#[tokio::test]
async fn an_unknown_name_is_told_as_such() {
    // Too long for DNS, so that the resolver refuses it without asking anybody.
    let name = "a".repeat(64);
    let error = get(&options(), &format!("http://{name}/")).await.unwrap_err();
    assert_eq!(error, TransportError::NotResolved { host: name });
    assert!(error.certainly_not_sent());
}

#[tokio::test]
async fn a_silent_server_leaves_the_outcome_open() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let impatient = TransportOptions { timeout: Duration::from_millis(200), ..options() };
    let error = get(&impatient, &url).await.unwrap_err();
    assert_eq!(error, TransportError::TimedOut { after: Duration::from_millis(200) });
    assert!(!error.certainly_not_sent());
}

#[tokio::test]
async fn a_cut_connection_leaves_the_outcome_open() {
    for answer in
        ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nonly this", "what is this?\r\n\r\n"]
    {
        let (address, _server) = serve(answer);
        let error = get(&options(), &format!("http://{address}/")).await.unwrap_err();
        assert!(matches!(error, TransportError::Cut { .. }), "{answer}: {error:?}");
        assert!(!error.certainly_not_sent());
    }
}

#[tokio::test]
async fn an_answer_too_large_is_not_read() {
    let large = "x".repeat(2_000);
    let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n{large}");
    let endless = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7d0\r\n{large}\r\n0\r\n\r\n");
    for answer in [announced, endless] {
        let (address, _server) = serve(answer);
        let error = get(&options(), &format!("http://{address}/")).await.unwrap_err();
        assert_eq!(error, TransportError::TooLarge { limit: 1_000 });
        assert!(!error.certainly_not_sent());
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let elsewhere = listener.local_addr().unwrap();
    let (address, _server) =
        serve(format!("HTTP/1.1 307 X\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n"));
    let answer = get(&options(), &format!("http://{address}/")).await.unwrap();
    assert_eq!(answer.status(), 307);
    assert!(listener.accept().is_err(), "somebody went there");
}

async fn over_tls(certificate: &[u8], company: bool) -> Result<Response<Bytes>, TransportError> {
    let company_ca_pem = company.then(|| include_bytes!("data/tls/ca.pem").to_vec());
    let url = format!("https://localhost:{}/", serve_tls(certificate).port());
    get(&TransportOptions { company_ca_pem, ..options() }, &url).await
}

#[tokio::test]
async fn a_certificate_of_the_company_is_trusted_when_it_is_set() {
    let answer = over_tls(include_bytes!("data/tls/valid.pem"), true).await.unwrap();
    assert_eq!(answer.body(), "hi");
}

#[tokio::test]
async fn a_bad_certificate_stops_the_request_and_says_why() {
    for (certificate, company, problem) in [
        (&include_bytes!("data/tls/valid.pem")[..], false, CertificateProblem::UnknownIssuer),
        (include_bytes!("data/tls/expired.pem"), true, CertificateProblem::Expired),
        (include_bytes!("data/tls/future.pem"), true, CertificateProblem::NotYetValid),
        (include_bytes!("data/tls/other.pem"), true, CertificateProblem::OtherName),
    ] {
        let error = over_tls(certificate, company).await.unwrap_err();
        assert_eq!(error, TransportError::Tls { host: "localhost".to_owned(), problem });
        assert!(error.certainly_not_sent());
    }
}

#[tokio::test]
async fn plain_http_where_tls_belongs_is_a_problem_of_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        // Until the other side has gone: closing earlier would reset the connection.
        stream.read_to_end(&mut Vec::new()).ok();
    });
    let error = get(&options(), &format!("https://localhost:{}/", address.port())).await.unwrap_err();
    assert!(matches!(&error, TransportError::Tls { problem: CertificateProblem::Other(_), .. }), "{error:?}");
}

#[test]
fn certificates_that_are_none_are_refused_at_the_start() {
    for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"] {
        let options = TransportOptions { company_ca_pem: Some(pem.as_bytes().to_vec()), ..options() };
        let error = ReqwestTransport::new(&options).unwrap_err();
        assert!(
            matches!(error, TransportSetupError::NoCertificate | TransportSetupError::Certificates(_)),
            "{pem}: {error:?}"
        );
    }
}

/// Set for the test below when it calls itself, to an address nothing listens at.
const CHILD: &str = "ATLAS_TEST_BEHIND_A_PROXY";

/// The environment of a process is its own, so that the test runs itself once more with a proxy in it.
fn behind_a_proxy(target: &str, variables: &[(&str, &str)]) -> String {
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
        child.env_remove(name);
    }
    child.args(["--exact", "the_proxy_of_the_environment_is_used_unless_told_otherwise", "--nocapture"]);
    let output = child.env(CHILD, target).envs(variables.iter().copied()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn the_proxy_of_the_environment_is_used_unless_told_otherwise() {
    if let Ok(target) = std::env::var(CHILD) {
        let with_proxy = TransportOptions { use_proxy: true, ..options() };
        println!("outcome: {:?}", get(&with_proxy, &target).await);
        println!("without: {:?}", get(&options(), &target).await);
        return;
    }
    let refusal = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    let target = format!("https://{closed}/");

    let (proxy, server) = serve(refusal);
    let said = behind_a_proxy(&target, &[("HTTPS_PROXY", &format!("http://{proxy}"))]);
    assert!(server.join().unwrap().starts_with(&format!("CONNECT {closed} HTTP/1.1\r\n")), "{said}");
    // What a proxy does not let through has not reached Atlas.
    assert!(said.contains("outcome: Err(NotConnected"), "{said}");
    assert!(said.contains("without: Err(NotConnected"), "{said}");

    let (proxy, _server) = serve(refusal);
    let excepted = [("HTTPS_PROXY", &*format!("http://{proxy}")), ("NO_PROXY", "127.0.0.1")];
    let said = behind_a_proxy(&target, &excepted);
    assert!(said.contains("outcome: Err(NotConnected"), "{said}");
    assert!(said.to_lowercase().contains("refused"), "{said}");
}
