//! Every code Atlas documents has words of its own: a cause and what to do.

use atlas::{AtlasError, RetryPolicy};
use serde_json::json;

use crate::script::{Script, challenge, client, refused};

/// The codes of Atlas's page of errors and of recorded answers, with the status each comes with.
const CODES: &[(u16, &str)] = &[
    (403, "IP_ADDRESS_NOT_ON_ACCESS_LIST"),
    (403, "ORG_REQUIRES_ACCESS_LIST"),
    (403, "RESOURCE_REQUIRES_ACCESS_LIST"),
    (400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST"),
    (401, "API_KEY_ACCESS_LIST_ACCESS_DENIED"),
    (404, "API_KEY_ACCESS_LIST_NOT_FOUND"),
    (409, "ADDRESS_ALREADY_IN_ACCESS_LIST"),
    (400, "DUPLICATE_ADDRESSES_IN_INPUT"),
    (400, "BAD_ACCESS_LIST_ADD_REQUEST"),
    (400, "CANNOT_ADD_IP_ADDRESS_TO_API_KEY_ACCESS_LIST"),
    (400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION"),
    (400, "INVALID_CIDR_BLOCK"),
    (400, "API_KEY_NOT_FOUND"),
    (400, "PATH_PARAM_PARSE_ERROR"),
    (400, "INVALID_API_KEY_DESC"),
    (400, "API_KEY_REQUIRES_DESCRIPTION"),
    (400, "MISSING_API_KEY_ROLES"),
    (400, "API_KEY_CAN_ONLY_BELONG_TO_ONE_ORG"),
    (400, "API_KEY_ROLE_ASSIGNMENT_MISSING_ID"),
    (400, "MAX_API_KEYS_PER_ORG_EXCEEDED"),
    (403, "MAX_PUBLIC_API_KEY_REACHED"),
    (401, "NOT_API_KEY_ADMIN"),
    (410, "PERSONAL_API_KEYS_DEPRECATED"),
    (400, "INVALID_ROLE_FOR_ORG"),
    (400, "INVALID_ROLE_FOR_GROUP"),
    (400, "CANNOT_ADD_GROUP_ROLE"),
    (400, "CANNOT_ADD_ORG_ROLE"),
    (400, "UNSUPPORTED_ROLE"),
    (400, "INVALID_ENUM_VALUE"),
    (403, "CANNOT_ADD_GLOBAL_ROLE"),
    (403, "CANNOT_REMOVE_ALL_USER_ROLES"),
    (403, "NO_ROLES_IN_ASSIGNMENT"),
    (403, "CANNOT_DELETE_LAST_ADMIN"),
    (403, "CANNOT_DEMOTE_LAST_ORG_OWNER"),
    (401, "USER_UNAUTHORIZED"),
    (401, "USER_CANNOT_ACCESS_ORG"),
    (401, "USER_CANNOT_ACCESS_GROUP"),
    (401, "NOT_IN_GROUP"),
    (401, "NOT_ORG_OWNER"),
    (401, "NOT_ORG_GROUP_CREATOR"),
    (401, "NOT_ORG_USER_ADMIN"),
    (401, "NOT_GROUP_USER_ADMIN"),
    (401, "NOT_USER_ADMIN"),
    (403, "ACCESS_FORBIDDEN"),
    (403, "FEATURE_UNSUPPORTED"),
    (403, "UNSUPPORTED_FOR_CURRENT_PLAN"),
    (400, "INVALID_ORG_NAME"),
    (400, "MAX_ORGS_PER_USER_EXCEEDED"),
    (400, "INACTIVE_ORG"),
    (400, "API_KEY_MUST_BE_ASSOCIATED_WITH_PAYING_ORG"),
    (403, "API_KEY_CANNOT_CREATE_ORG"),
    (403, "USER_ORGS_RESTRICTED"),
    (404, "ORG_NOT_FOUND"),
    (404, "INVALID_ORG_ID"),
    (404, "USER_NOT_FOUND"),
    (409, "ORG_NOT_EMPTY"),
    (402, "CANNOT_DELETE_ORG_FAILED_PAYMENTS"),
    (402, "FAILED_TO_DELETE_ORG_CHARGE_FAILED"),
    (402, "ACCOUNT_SUSPENDED"),
    (400, "INVALID_GROUP_NAME"),
    (400, "MAX_GROUPS_PER_ORG_EXCEEDED"),
    (400, "MAX_GROUPS_PER_USER_EXCEEDED"),
    (404, "GROUP_NOT_FOUND"),
    (404, "GROUP_NAME_NOT_FOUND"),
    (404, "INVALID_GROUP_ID"),
    (409, "GROUP_ALREADY_EXISTS"),
    (409, "MULTIPLE_GROUPS"),
    (409, "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS"),
    (409, "CANNOT_CLOSE_GROUP_ACTIVE_BACKUP"),
    (409, "CANNOT_CLOSE_GROUP_ACTIVE_BACKUP_COMPLIANCE_POLICY"),
    (403, "CANNOT_CHANGE_GROUP_NAME"),
    (402, "NO_PAYMENT_INFORMATION_FOUND"),
    (409, "USER_ALREADY_EXISTS"),
    (409, "USER_ALREADY_IN_TEAM"),
    (409, "TEAM_NAME_NOT_AVAILABLE"),
    (409, "TEAM_EXISTS_IN_GROUP"),
    (404, "USERNAME_NOT_FOUND"),
    (404, "USER_NOT_IN_ORG"),
    (404, "USER_NOT_IN_GROUP"),
    (404, "CANNOT_ADD_PENDING_USER"),
    (404, "TEAM_NOT_FOUND"),
    (404, "TEAM_NOT_IN_ORG"),
    (404, "TEAM_NOT_IN_GROUP"),
    (404, "CANNOT_DELETE_TEAM_ASSIGNED_TO_PROJECT"),
    (400, "CANNOT_CREATE_EMPTY_TEAM"),
    (400, "INVALID_TEAM_NAME"),
    (400, "INVALID_INVITATION_ID"),
    (400, "DOMAIN_NOT_IN_ALLOW_LIST"),
    (400, "DEFAULT_INVITATION_EXCEPTION"),
    (400, "RATE_LIMITED_IP"),
    (400, "INVITATIONS_RATE_LIMITED_IP"),
    (400, "MAX_TEAMS_PER_ORG_EXCEEDED"),
    (400, "MAX_TEAMS_PER_GROUP_EXCEEDED"),
    (400, "MAX_TEAMS_PER_USER_EXCEEDED"),
    (400, "MAX_USERS_PER_ORG_EXCEEDED"),
    (400, "MAX_USERS_PER_GROUP_EXCEEDED"),
    (400, "MAX_USERS_PER_TEAM_EXCEEDED"),
    (400, "INVALID_INVOICE_ID"),
    (404, "INVOICE_NOT_FOUND"),
    (404, "PENDING_INVOICE_NOT_FOUND"),
    (404, "EVENT_NOT_FOUND"),
    (404, "ORG_EVENT_NOT_FOUND"),
    (400, "INVALID_DATE_FORMAT"),
    (400, "INVALID_DATE_RANGE"),
    (400, "VALIDATION_ERROR"),
    (400, "INVALID_ATTRIBUTE"),
    (400, "INVALID_JSON"),
    (400, "MALFORMED_JSON"),
    (400, "MISSING_ATTRIBUTE"),
    (400, "MISSING_ATTRIBUTES"),
    (400, "MISSING_ONE_OF_ATTRIBUTES"),
    (400, "ATTRIBUTE_READ_ONLY"),
    (400, "INVALID_QUERY_PARAMETER"),
    (400, "INVALID_PATH_PARAMETER"),
    (404, "RESOURCE_NOT_FOUND"),
    (405, "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES"),
    (429, "RATE_LIMITED"),
    (429, "RATE_LIMITED_TOKEN_BUCKET"),
    (500, "UNEXPECTED_ERROR"),
    (406, "INVALID_VERSION_DATE"),
    (410, "VERSION_GONE"),
];

async fn error_of(status: u16, code: &str) -> AtlasError {
    let mut last = refused(status, code, "Atlas's own words.", json!([]));
    last.as_mut().unwrap().headers_mut().insert("x-request-id", "abc-123".parse().unwrap());
    let script = Script::new([challenge("n1", false), last]);
    client(&script).with_retries(RetryPolicy::NONE).system_status().await.unwrap_err()
}

#[tokio::test]
async fn every_known_code_has_a_sentence_with_cause_and_next_step() {
    for (status, code) in CODES {
        for spelling in [(*code).to_owned(), code.replace("ACCESS_LIST", "WHITELIST")] {
            let error = error_of(*status, &spelling).await;
            let words = error.explanation();
            for sentence in [&words.cause, &words.next_step] {
                assert!(sentence.ends_with('.') && !sentence.contains(['{', '}']), "{spelling}: {words:?}");
            }
            // Its own words: Atlas's code would stand there if there were none.
            let is_general = matches!(*code, "UNEXPECTED_ERROR" | "VALIDATION_ERROR");
            assert!(is_general || !words.cause.contains(&spelling), "{words:?}");
        }
    }
}

#[tokio::test]
async fn an_unknown_code_is_shown_with_its_detail_and_the_number_of_the_request() {
    for status in [400, 401, 403, 404, 409, 500] {
        let words = error_of(status, "A_CODE_OF_TOMORROW").await.explanation();
        for part in ["A_CODE_OF_TOMORROW", "Atlas's own words", "abc-123"] {
            assert!(words.cause.contains(part), "{words:?}");
        }
        assert!(words.next_step.ends_with('.'), "{words:?}");
    }
}

#[tokio::test]
async fn a_code_about_some_value_names_it_in_atlass_words() {
    let words = error_of(400, "INVALID_ATTRIBUTE").await.explanation();
    assert_eq!(words.cause, "Atlas does not accept one of the values: Atlas's own words.");
}
