//! Refusals as they come over the wire: Atlas's error body, and OAuth's when a service account signs in.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;

use super::{AtlasError, Cause, ErrorCode, FieldProblem, Outcome, Refusal, codes::Kind};
use crate::Operation;

impl AtlasError {
    /// Reads an answer that is no success.
    pub(crate) fn from_answer(
        operation: Operation,
        signed: bool,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        // A gateway that gave up waiting does not know either.
        let in_doubt = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
        let outcome = if signed && in_doubt { Outcome::Unknown } else { Outcome::NotExecuted };
        let header_code = headers.get("x-error-code").and_then(|value| value.to_str().ok());
        let body: Option<ApiError> = serde_json::from_slice(body).ok();
        let code = body.as_ref().and_then(|body| body.error_code.as_deref()).or(header_code);
        // Proxies and load balancers say these without Atlas's body, and mean the same.
        let speaks_for_itself =
            status == StatusCode::UNAUTHORIZED || status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
        if code.is_none() && !speaks_for_itself {
            let problem = if status.is_redirection() {
                "it redirects to another address"
            } else {
                "it is a refusal without one of Atlas's error codes"
            };
            return Self::malformed(operation, outcome, status, problem, request_id(headers));
        }
        let code = ErrorCode::new(code.unwrap_or_default());
        let body = body.unwrap_or_default();
        let parameters: Vec<String> = body.parameters.unwrap_or_default().iter().map(parameter).collect();
        let retry_after = retry_after(headers, &code, &parameters);
        let refusal = Refusal {
            status: status.as_u16(),
            code,
            detail: body.detail.or(body.reason).map(|text| printable(&text)),
            parameters,
            fields: body.bad_request_detail.and_then(|detail| detail.fields).unwrap_or_default(),
            request_id: request_id(headers),
            retry_after,
            stale: is_stale(headers),
        };
        Self::new(operation, outcome, Cause::Refused(refusal))
    }

    /// Reads what Atlas answers instead of a token, in OAuth's shape or in that of the API. Nothing was executed.
    pub(crate) fn from_sign_in(operation: Operation, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let Ok(SignInError { error: Some(code), error_description }) = serde_json::from_slice(body) else {
            return Self::from_answer(operation, false, status, headers, body);
        };
        let code = ErrorCode::new(&code);
        let refusal = Refusal {
            status: status.as_u16(),
            retry_after: retry_after(headers, &code, &[]),
            code,
            detail: error_description.map(|text| printable(&text)),
            parameters: Vec::new(),
            fields: Vec::new(),
            request_id: request_id(headers),
            stale: false,
        };
        Self::new(operation, Outcome::NotExecuted, Cause::Refused(refusal))
    }
}

/// OAuth's error body (RFC 6749, section 5.2). Atlas's own has a number for `error`.
#[derive(Deserialize)]
struct SignInError {
    error: Option<String>,
    error_description: Option<String>,
}

/// Atlas's error body.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApiError {
    error_code: Option<String>,
    detail: Option<String>,
    reason: Option<String>,
    parameters: Option<Vec<Value>>,
    bad_request_detail: Option<BadRequestDetail>,
}

#[derive(Deserialize)]
struct BadRequestDetail {
    fields: Option<Vec<FieldProblem>>,
}

/// The description says objects; the service sends strings and numbers.
fn parameter(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        other => printable(&other.to_string()),
    }
}

/// Text of another machine, fit for a log line and a page: no control characters, bounded.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(1000).collect()
}

/// Recorded answers carry no number of the request; Atlas's front proxy (Envoy) calls it this.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get("x-request-id")?.to_str().ok()?;
    Some(text.chars().take(100).collect())
}

/// `Retry-After` in seconds; the token bucket's refusal repeats it as the second parameter.
fn retry_after(headers: &HeaderMap, code: &ErrorCode, parameters: &[String]) -> Option<Duration> {
    let header = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let parameter = || code.is("RATE_LIMITED_TOKEN_BUCKET").then(|| parameters.get(1)?.parse().ok()).flatten();
    header.or_else(parameter).map(Duration::from_secs)
}

/// Whether the challenge says that only the nonce was too old (RFC 7616 section 3.3).
pub(crate) fn is_stale(headers: &HeaderMap) -> bool {
    headers.get_all(header::WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        http_auth::parse_challenges(value).is_ok_and(|challenges| {
            challenges.iter().flat_map(|challenge| &challenge.params).any(|(name, value)| {
                name.eq_ignore_ascii_case("stale") && value.as_escaped().eq_ignore_ascii_case("true")
            })
        })
    })
}

/// Atlas's code in the body or the header of an answer, if it says more than "not authorized".
pub(crate) fn specific_code(headers: &HeaderMap, body: &[u8]) -> Option<ErrorCode> {
    let body: Option<ApiError> = serde_json::from_slice(body).ok();
    let header = || headers.get("x-error-code").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let code = ErrorCode::new(&body.and_then(|body| body.error_code).or_else(header)?);
    (!code.is_generic()).then_some(code)
}

/// Whether a refusal is about what the caller may do, so that signing in anew would change nothing.
pub(crate) fn is_about_rights(headers: &HeaderMap, body: &[u8]) -> bool {
    specific_code(headers, body).is_some_and(|code| code.kind().is_some_and(|kind| kind != Kind::WrongCredentials))
}
