//! Refusals: from Atlas's body to a category and to words.

use std::time::Duration;

use atlas::{AtlasError, Category, CertificateProblem, RetryPolicy, TransportError};
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use crate::script::{Answer, Script, answer, challenge, client, refused};

/// What a read leads to that is answered with `last` once it is signed.
async fn error_of(last: Answer) -> AtlasError {
    let script = Script::new([challenge("n1", false), last]);
    client(&script).with_retries(RetryPolicy::NONE).system_status().await.unwrap_err()
}

#[tokio::test]
async fn known_codes_have_their_category_in_both_spellings() {
    let seen = "203.0.113.9".parse().ok();
    for (status, code, category) in [
        (403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", Category::AddressNotListed { address: seen }),
        (403, "IP_ADDRESS_NOT_ON_WHITELIST", Category::AddressNotListed { address: seen }),
        (403, "ORG_REQUIRES_ACCESS_LIST", Category::OrgRequiresList),
        (403, "ORG_REQUIRES_WHITELIST", Category::OrgRequiresList),
        (403, "RESOURCE_REQUIRES_ACCESS_LIST", Category::ResourceRequiresList { address: seen }),
        (403, "RESOURCE_REQUIRES_WHITELIST", Category::ResourceRequiresList { address: seen }),
        (400, "API_KEY_NOT_FOUND", Category::NotFound),
        (404, "GROUP_NOT_FOUND", Category::NotFound),
        (404, "A_CODE_OF_TOMORROW", Category::NotFound),
        (409, "ADDRESS_ALREADY_IN_WHITELIST", Category::Duplicate),
        (400, "MAX_API_KEYS_PER_ORG_EXCEEDED", Category::LimitReached),
        (400, "MAX_THINGS_OF_TOMORROW_EXCEEDED", Category::LimitReached),
        (400, "RATE_LIMITED_IP", Category::RateLimited { retry_after: None }),
        (400, "INVALID_CIDR_BLOCK", Category::Invalid { fields: vec![] }),
        (400, "A_CODE_OF_TOMORROW", Category::Invalid { fields: vec![] }),
        (406, "INVALID_VERSION_DATE", Category::VersionGone),
        (410, "VERSION_GONE", Category::VersionGone),
        (405, "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES", Category::ServerFault),
        (500, "UNEXPECTED_ERROR", Category::ServerFault),
    ] {
        let error = error_of(refused(status, code, "Detail.", json!(["203.0.113.9"]))).await;
        assert_eq!(error.category(), category, "{code}");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.code().unwrap().as_str(), code);
    }
}

#[tokio::test]
async fn a_role_problem_keeps_its_code() {
    for (status, code) in [
        (401, "NOT_ORG_OWNER"),
        (401, "USER_CANNOT_ACCESS_ORG"),
        (401, "API_KEY_ACCESS_LIST_ACCESS_DENIED"),
        (401, "API_KEY_WHITELIST_ACCESS_DENIED"),
        (401, "A_CODE_OF_TOMORROW"),
        (403, "FEATURE_UNSUPPORTED"),
        (402, "ACCOUNT_SUSPENDED"),
    ] {
        let error = error_of(refused(status, code, "Detail.", json!([]))).await;
        assert!(matches!(error.category(), Category::NotAllowed { code: found } if found.as_str() == code), "{code}");
    }
}

#[tokio::test]
async fn the_address_atlas_saw_is_found_in_its_sentence_too() {
    let detail = "IP address 203.0.113.9 is not allowed to access this resource.";
    let error = error_of(refused(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", detail, json!([]))).await;
    assert_eq!(error.category(), Category::AddressNotListed { address: "203.0.113.9".parse().ok() });
    let words = error.explanation();
    assert!(words.cause.contains("203.0.113.9") && words.next_step.contains("203.0.113.9"), "{words:?}");
}

#[tokio::test]
async fn a_code_nobody_knows_is_shown_with_atlass_own_words() {
    let error = error_of(refused(400, "A_CODE_OF_TOMORROW", "The moon is full.", json!([]))).await;
    let words = error.explanation();
    assert!(words.cause.contains("A_CODE_OF_TOMORROW") && words.cause.contains("The moon is full"), "{words:?}");
    assert!(!words.next_step.is_empty());
}

#[tokio::test]
async fn fields_at_fault_are_named() {
    let body = json!({
        "error": 400, "errorCode": "VALIDATION_ERROR", "detail": "Validation failed.",
        "badRequestDetail": { "fields": [{ "field": "desc", "description": "must not be empty" }] }
    });
    let error = error_of(Ok(answer(400, &body))).await;
    let Category::Invalid { fields } = error.category() else { panic!("{error:?}") };
    assert_eq!(fields[0].field, "desc");
    assert_eq!(error.explanation().cause, "Atlas does not accept some values: desc: must not be empty.");
}

#[tokio::test]
async fn parameters_may_be_texts_and_numbers() {
    let error =
        error_of(refused(429, "RATE_LIMITED_TOKEN_BUCKET", "Slow.", json!(["/api/atlas/v2", 7, 10, 5, 60]))).await;
    assert_eq!(error.refusal().unwrap().parameters, ["/api/atlas/v2", "7", "10", "5", "60"]);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn the_header_has_the_code_when_the_body_has_none() {
    let mut bare = answer(404, &Value::Null);
    bare.headers_mut().insert("x-error-code", "GROUP_NOT_FOUND".parse().unwrap());
    bare.headers_mut().insert("x-request-id", "abc-123".parse().unwrap());
    let error = error_of(Ok(bare)).await;
    assert_eq!(error.category(), Category::NotFound);
    assert_eq!(error.request_id(), Some("abc-123"));
}

#[tokio::test]
async fn an_answer_that_is_not_atlass_is_told_apart() {
    let page = |status: u16| {
        Ok(Response::builder().status(status).body(Bytes::from_static(b"<html>Not here</html>")).unwrap())
    };
    for status in [301, 307, 400, 403, 404, 418] {
        let error = error_of(page(status)).await;
        assert_eq!(error.category(), Category::Malformed, "{status}");
        assert!(error.explanation().next_step.contains("base URL"));
    }
    assert_eq!(error_of(page(502)).await.category(), Category::ServerFault);
    assert_eq!(error_of(page(429)).await.category(), Category::RateLimited { retry_after: None });
    assert_eq!(error_of(page(200)).await.category(), Category::Malformed);
}

#[tokio::test]
async fn text_of_the_other_side_is_bounded_and_printable() {
    let error = error_of(refused(400, "INVALID_ATTRIBUTE", &"a\u{1b}[31m\n".repeat(1_000), json!([]))).await;
    let detail = error.refusal().unwrap().detail.clone().unwrap();
    assert_eq!(detail.chars().count(), 1_000);
    assert!(!detail.chars().any(char::is_control));
}

#[tokio::test]
async fn every_fault_of_the_network_has_a_cause_and_a_remedy() {
    let host = || "atlas.example.org".to_owned();
    let tls = |problem| TransportError::Tls { host: host(), problem };
    for fault in [
        TransportError::NotResolved { host: host() },
        TransportError::NotConnected { host: host(), detail: "connection refused".to_owned() },
        tls(CertificateProblem::UnknownIssuer),
        tls(CertificateProblem::Expired),
        tls(CertificateProblem::NotYetValid),
        tls(CertificateProblem::OtherName),
        tls(CertificateProblem::Other("bad".to_owned())),
        TransportError::TimedOut { after: Duration::from_secs(60) },
        TransportError::Cut { detail: "reset".to_owned() },
        TransportError::TooLarge { limit: 16 * 1024 * 1024 },
        TransportError::NotSendable { detail: "no".to_owned() },
    ] {
        let error = error_of(Err(fault.clone())).await;
        assert_eq!(error.category(), Category::Transport(fault));
        let words = error.explanation();
        assert!(words.cause.ends_with('.') && words.next_step.ends_with('.'), "{words:?}");
        assert_eq!(error.to_string(), "no answer to getSystemStatus");
    }
    let clock = error_of(Err(tls(CertificateProblem::Expired))).await.explanation();
    assert!(clock.cause.contains("clock") && clock.next_step.contains("date and time"));
}
