//! Testing a credential: who is it, which organization is it of, what may it do.

use std::sync::Arc;

use app::error::ApiError;
use atlas::{AtlasError, BaseUrl, Client, ClockSkew, Credentials, RetryPolicy, Transport, clock_skew};
use domain::ids::OrgId;
use jiff::Timestamp;
use secrecy::SecretString;

use super::{super::inventory::clean, words};
use crate::store::{Slot, Tested};

/// A credential that works.
#[derive(Debug)]
pub(super) struct Checked {
    /// Its organization.
    pub(super) org: OrgId,
    /// The organization's name.
    pub(super) name: String,
    /// Roles and the like.
    pub(super) tested: Tested,
}

/// Why a credential does not work.
#[derive(Debug)]
pub(super) enum CheckError {
    /// Atlas said no, or nothing.
    Atlas(AtlasError, Option<ClockSkew>),
    /// It works and sees no organization.
    NoOrganization,
}

impl CheckError {
    /// The complaint about the form with the credential.
    pub(super) fn complaint(&self, slot: Slot) -> ApiError {
        match self {
            Self::Atlas(error, skew) => words::complaint(slot, error, *skew),
            Self::NoOrganization => ApiError::field(
                words::fields(slot).0,
                "Atlas accepts this key but shows it no organization. Give it a role in the organization in Atlas, \
                 Organization Read Only or higher, then try again.",
            ),
        }
    }

    /// The same for a credential that is stored.
    pub(super) fn explanation(&self) -> app::api::connections::Explanation {
        match self {
            Self::Atlas(error, _) => words::explanation(error),
            Self::NoOrganization => app::api::connections::Explanation {
                problem: "Atlas accepts this key but shows it no organization.".into(),
                next: "Give it a role in the organization in Atlas, or replace it.".into(),
            },
        }
    }
}

/// A client for testing: it says at once what is wrong.
pub(super) fn client(
    transport: Arc<dyn Transport>,
    base: BaseUrl,
    public_key: &str,
    private_key: SecretString,
) -> Client {
    let credentials = Credentials::ApiKey { public_key: public_key.to_owned(), private_key };
    Client::new(transport, base, credentials).with_retries(RetryPolicy::NONE)
}

/// Asks Atlas who `client` is and finds its organization. An API key belongs to exactly one, so nobody has to type an id.
///
/// # Errors
///
/// When Atlas refuses, does not answer, or shows no organization.
pub(super) async fn check(client: &Client, now: Timestamp) -> Result<Checked, CheckError> {
    let asked = async {
        let status = client.system_status().await?;
        Ok((status, client.list_orgs().await?))
    };
    let answer: Result<_, AtlasError> = asked.await;
    let skew = client.last_server_date().and_then(|server| clock_skew(server, now));
    let (status, orgs) = answer.map_err(|error| CheckError::Atlas(error, skew))?;
    let found = orgs.into_iter().find(|org| !org.is_deleted).ok_or(CheckError::NoOrganization)?;
    let org: OrgId = found.id.as_str().parse().map_err(|_| CheckError::NoOrganization)?;
    let key = status.api_key;
    let mut roles: Vec<String> = key
        .iter()
        .flat_map(|key| &key.roles)
        .filter(|role| role.group_id.is_none())
        .map(|role| clean(&role.role_name))
        .collect();
    roles.sort();
    roles.dedup();
    let tested = Tested {
        key: key.as_ref().and_then(|key| key.id.as_str().parse().ok()),
        roles,
        entries: key.map(|key| u32::try_from(key.access_list.len()).unwrap_or(u32::MAX)),
        at: Some(now),
        failure: skew.as_ref().map(words::skewed),
    };
    Ok(Checked { org, name: clean(&found.name), tested })
}
