//! The client and the sandbox over a real socket. They share no code, so they check each other; and all they say to
//! each other here is compared with Atlas's published interface.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "../../atlas-sandbox/tests/support/conformance.rs"]
mod conformance;

use std::{sync::Arc, time::Duration};

use atlas::{
    AccessListAddress, AtlasRequest, Category, Client, Credentials, GroupId, NewServiceAccount, Operation, OrgId,
    Outcome, RateLimitScope, ReqwestTransport, RetryPolicy, TransportError, TransportOptions,
};
use atlas_sandbox::{
    DemoCredentials, FaultKind, FaultRule, KeyPair, NewCredentials, RateLimit, Sandbox, ScaledOptions,
};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;

/// A sandbox on a socket of its own. It stops with the test's runtime.
struct Atlas {
    sandbox: Sandbox,
    base: String,
    org: DemoCredentials,
}

impl Atlas {
    async fn demo() -> Self {
        Self::serving(Sandbox::demo("2026-08-10T09:00:00Z".parse().unwrap())).await
    }

    async fn serving(sandbox: Sandbox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(sandbox.clone().serve(listener, std::future::pending::<()>()));
        sandbox.record_answers();
        let org = sandbox.demo_credentials().swap_remove(0);
        Self { sandbox, base, org }
    }

    fn client(&self, pair: &KeyPair) -> Client {
        self.client_with(Credentials::ApiKey {
            public_key: pair.public_key.clone(),
            private_key: pair.private_key.as_str().into(),
        })
    }

    fn client_with(&self, credentials: Credentials) -> Client {
        let options =
            TransportOptions { use_proxy: false, timeout: Duration::from_secs(10), ..TransportOptions::default() };
        Client::new(Arc::new(ReqwestTransport::new(&options).unwrap()), self.base.parse().unwrap(), credentials)
    }

    fn writer(&self) -> Client {
        self.client(self.org.writer.as_ref().unwrap())
    }

    /// A client with a key of its own, with these roles and this access list.
    fn with_key(&self, org_roles: &[&str], access_list: &[&str]) -> Client {
        let new = NewCredentials {
            org_id: &self.org.org_id,
            desc: "planted",
            org_roles,
            access_list,
            ..NewCredentials::default()
        };
        self.client(&self.sandbox.plant_key(&new).unwrap().pair)
    }

    fn org_id(&self) -> OrgId {
        self.org.org_id.parse().unwrap()
    }

    fn group_id(&self) -> GroupId {
        self.org.project_ids[0].parse().unwrap()
    }

    /// How often an operation was executed, whatever came of it.
    fn executed(&self, operation: Operation) -> usize {
        self.sandbox.journal().iter().filter(|entry| entry.operation == Some(operation.id())).count()
    }

    fn spoil_next(&self, method: &str, fault: FaultKind) {
        self.sandbox.add_faults([FaultRule::on(method, "/api/atlas/v2", fault)]);
    }
}

impl Drop for Atlas {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for exchange in self.sandbox.take_answers() {
            assert_eq!(conformance::check_answer(&exchange), Ok(()));
            // What Atlas refuses is sent on purpose here, and sent unsigned before that. Signing in is not described.
            if exchange.status < 300 && exchange.operation.is_some() {
                assert_eq!(conformance::check_request(&exchange), Ok(()));
            }
        }
    }
}

fn addresses(texts: &[&str]) -> Vec<AccessListAddress> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[tokio::test]
async fn the_life_of_a_key_fits_the_published_interface() {
    let atlas = Atlas::demo().await;
    let (client, org, group) = (atlas.writer(), atlas.org_id(), atlas.group_id());

    let caller = client.system_status().await.unwrap().api_key.unwrap();
    assert_eq!(caller.public_key, atlas.org.writer.as_ref().unwrap().public_key);
    assert_eq!(client.list_orgs().await.unwrap()[0].id, org);
    assert_eq!(client.get_org(&org).await.unwrap().name, atlas.org.org_name);
    assert!(client.list_org_groups(&org).await.unwrap().iter().any(|listed| listed.id == group));

    let created = client.create_org_api_key(&org, "ci-deploy", &["ORG_MEMBER"]).await.unwrap();
    let key = created.key.id.clone();
    assert_eq!(created.private_key.expose_secret().len(), 36);
    let listed = client.list_org_api_keys(&org).await.unwrap();
    let masked = listed.iter().find(|listed| listed.id == key).unwrap().masked_private_key.clone().unwrap();
    assert_eq!(masked.split('-').next_back(), created.private_key.expose_secret().split('-').next_back());

    let updated = client.update_org_api_key(&org, &key, Some("ci-release"), Some(&["ORG_READ_ONLY"])).await.unwrap();
    assert_eq!(updated.desc, "ci-release");
    assert_eq!(client.get_org_api_key(&org, &key).await.unwrap().roles, updated.roles);

    let entries = addresses(&["192.0.2.7", "198.51.100.0/24", "2001:db8::1", "2001:db8:1::/48"]);
    let page = client.create_access_list_entries(&org, &key, &entries).await.unwrap();
    assert_eq!(page.results.len(), 4);
    let mut listed: Vec<_> =
        client.list_access_list(&org, &key).await.unwrap().iter().map(|entry| entry.address().unwrap()).collect();
    listed.sort();
    assert_eq!(listed, {
        let mut entries = entries.clone();
        entries.sort();
        entries
    });
    for entry in entries {
        client.delete_access_list_entry(&org, &key, entry).await.unwrap();
    }
    assert!(client.list_access_list(&org, &key).await.unwrap().is_empty());

    client.add_group_api_key(&group, &key, &["GROUP_READ_ONLY"]).await.unwrap();
    let changed = client.update_group_api_key_roles(&group, &key, &["GROUP_OWNER"]).await.unwrap();
    assert!(changed.roles.iter().any(|role| role.group_id.as_ref() == Some(&group) && role.role_name == "GROUP_OWNER"));
    assert!(client.list_group_api_keys(&group).await.unwrap().iter().any(|listed| listed.id == key));
    client.remove_group_api_key(&group, &key).await.unwrap();
    assert!(client.list_group_api_keys(&group).await.unwrap().iter().all(|listed| listed.id != key));

    client.delete_org_api_key(&org, &key).await.unwrap();
    assert_eq!(client.get_org_api_key(&org, &key).await.unwrap_err().category(), Category::NotFound);

    assert!(client.last_server_date().is_some());
}

#[tokio::test]
async fn a_stored_request_has_the_effect_it_describes() {
    let atlas = Atlas::demo().await;
    let planned = AtlasRequest::create_org_api_key(&atlas.org_id(), "from a plan", &["ORG_MEMBER"]);
    let stored = serde_json::to_string(&planned).unwrap();
    let sent: AtlasRequest = serde_json::from_str(&stored).unwrap();
    let answer = atlas.writer().execute(&sent).await.unwrap();
    assert_eq!(answer.status, 200);
    let key: atlas::CreatedApiKey = answer.decode().unwrap();
    assert_eq!(key.key.desc, "from a plan");
}

#[tokio::test]
async fn a_long_list_is_read_whole() {
    let options = ScaledOptions { orgs: 1, keys: 1_200, rate_limit: RateLimit::Unlimited, ..ScaledOptions::default() };
    let atlas = Atlas::serving(Sandbox::scaled(&options, "2026-08-10T09:00:00Z".parse().unwrap())).await;
    let keys = atlas.writer().list_org_api_keys(&atlas.org_id()).await.unwrap();
    let ids: std::collections::HashSet<_> = keys.iter().map(|key| &key.id).collect();
    assert_eq!((keys.len(), ids.len()), (1_202, 1_202));
    assert_eq!(atlas.executed(Operation::ListOrgApiKeys), 3);
}

#[tokio::test]
async fn an_expired_challenge_is_renewed_without_doing_anything_twice() {
    let atlas = Atlas::demo().await;
    let client = atlas.writer();
    client.system_status().await.unwrap();
    atlas.sandbox.advance(Duration::from_secs(3_600));
    client.create_org_api_key(&atlas.org_id(), "once", &["ORG_MEMBER"]).await.unwrap();
    atlas.spoil_next("POST", FaultKind::StaleNonce);
    client.create_org_api_key(&atlas.org_id(), "twice", &["ORG_MEMBER"]).await.unwrap();
    assert_eq!(atlas.executed(Operation::CreateOrgApiKey), 2);
}

#[tokio::test]
async fn many_requests_at_once_share_one_challenge() {
    let atlas = Atlas::demo().await;
    let client = Arc::new(atlas.writer());
    client.system_status().await.unwrap();
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            tokio::spawn({
                let client = Arc::clone(&client);
                async move { client.system_status().await.map(drop) }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_a_write_in_doubt() {
    let atlas = Atlas::demo().await;
    let (client, org) = (atlas.writer(), atlas.org_id());
    let unavailable = |after_change| FaultKind::Status { status: 503, retry_after: None, after_change };
    for (fault, executed) in
        [(FaultKind::CutBefore, 0), (FaultKind::CutAfter, 1), (unavailable(false), 0), (unavailable(true), 1)]
    {
        let before = atlas.executed(Operation::CreateOrgApiKey);
        atlas.spoil_next("POST", fault.clone());
        let error = client.create_org_api_key(&org, "lost", &["ORG_MEMBER"]).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{fault:?}: {error:?}");
        assert_eq!(atlas.executed(Operation::CreateOrgApiKey) - before, executed, "{fault:?}");
    }
    atlas.spoil_next("POST", FaultKind::MalformedJson);
    let error = client.create_org_api_key(&org, "garbled", &["ORG_MEMBER"]).await.unwrap_err();
    assert_eq!((error.category(), error.outcome()), (Category::Malformed, Outcome::Executed));
}

#[tokio::test]
async fn a_read_survives_what_passes() {
    let atlas = Atlas::demo().await;
    let quickly = RetryPolicy { first_pause: Duration::from_millis(1), ..RetryPolicy::default() };
    let client = atlas.writer().with_retries(quickly);
    client.system_status().await.unwrap();
    for fault in [
        FaultKind::CutBefore,
        FaultKind::CutAfter,
        FaultKind::StaleNonce,
        FaultKind::Status { status: 503, retry_after: None, after_change: false },
        FaultKind::Status { status: 429, retry_after: Some(0), after_change: false },
    ] {
        atlas.spoil_next("GET", fault.clone());
        client.get_org(&atlas.org_id()).await.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
    }
}

#[tokio::test]
async fn each_refusal_of_a_credential_is_told_apart() {
    let atlas = Atlas::demo().await;
    let wrong = KeyPair { private_key: "00000000-0000-0000-0000-000000000000".to_owned(), ..atlas.org.reader.clone() };
    let error = atlas.client(&wrong).system_status().await.unwrap_err();
    assert_eq!(error.category(), Category::WrongCredentials);

    let error = atlas.with_key(&["ORG_OWNER"], &["203.0.113.9"]).get_org(&atlas.org_id()).await.unwrap_err();
    assert_eq!(error.category(), Category::AddressNotListed { address: "127.0.0.1".parse().ok() });

    atlas.sandbox.require_access_list(&atlas.org.org_id, true);
    let error = atlas.with_key(&["ORG_OWNER"], &[]).get_org(&atlas.org_id()).await.unwrap_err();
    assert_eq!(error.category(), Category::OrgRequiresList);

    let reader = atlas.with_key(&["ORG_READ_ONLY"], &["127.0.0.1"]);
    let error = reader.create_org_api_key(&atlas.org_id(), "no", &["ORG_MEMBER"]).await.unwrap_err();
    assert!(matches!(error.category(), Category::NotAllowed { .. }), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotExecuted);

    let other: OrgId = atlas.sandbox.demo_credentials()[1].org_id.parse().unwrap();
    let error = reader.get_org(&other).await.unwrap_err();
    assert!(matches!(error.category(), Category::NotAllowed { .. }), "{error:?}");
}

#[tokio::test]
async fn what_atlas_does_not_accept_is_told_apart() {
    let atlas = Atlas::demo().await;
    let (client, org, group) = (atlas.writer(), atlas.org_id(), atlas.group_id());
    let error = client.create_org_api_key(&org, "x", &["ORG_EMPEROR"]).await.unwrap_err();
    assert!(matches!(error.category(), Category::Invalid { .. }), "{error:?}");
    let error = client.create_org_api_key(&org, &"x".repeat(251), &["ORG_MEMBER"]).await.unwrap_err();
    assert!(matches!(error.category(), Category::Invalid { .. }), "{error:?}");

    let key = client.create_org_api_key(&org, "x", &["ORG_MEMBER"]).await.unwrap().key.id;
    let entry = addresses(&["192.0.2.7"]);
    client.create_access_list_entries(&org, &key, &entry).await.unwrap();
    let error = client.create_access_list_entries(&org, &key, &entry).await.unwrap_err();
    assert_eq!(error.category(), Category::Duplicate);
    client.delete_access_list_entry(&org, &key, entry[0]).await.unwrap();
    let error = client.delete_access_list_entry(&org, &key, entry[0]).await.unwrap_err();
    assert_eq!(error.category(), Category::NotFound);
    client.delete_org_api_key(&org, &key).await.unwrap();
    let error = client.add_group_api_key(&group, &key, &["GROUP_READ_ONLY"]).await.unwrap_err();
    assert_eq!(error.category(), Category::NotFound);
}

#[tokio::test]
async fn nobody_there_is_told_as_such() {
    let mut atlas = Atlas::demo().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    atlas.base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = atlas
        .writer()
        .delete_org_api_key(&atlas.org_id(), &atlas.org.project_ids[0].parse().unwrap())
        .await
        .unwrap_err();
    assert!(matches!(error.category(), Category::Transport(TransportError::NotConnected { .. })), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
}

#[tokio::test]
async fn a_service_account_signs_in_works_and_leaves() {
    let atlas = Atlas::demo().await;
    let (org, group) = (atlas.org_id(), atlas.group_id());
    let new = NewServiceAccount {
        name: "meridian".to_owned(),
        description: "Reads and writes.".to_owned(),
        roles: vec!["ORG_OWNER".to_owned()],
        secret_expires_after_hours: 24,
    };
    let writer = atlas.writer();
    let made = writer.create_org_service_account(&org, &new).await.unwrap();
    // The organization requires a list.
    let here = addresses(&["127.0.0.1"]);
    writer.create_org_service_account_access_list(&org, &made.client_id, &here).await.unwrap();
    let secret = made.secrets[0].secret.clone().unwrap();
    let client =
        atlas.client_with(Credentials::ServiceAccount { client_id: made.client_id.to_string(), client_secret: secret });

    assert_eq!(client.list_orgs().await.unwrap()[0].id, org);
    let listed = client.list_org_service_accounts(&org).await.unwrap();
    assert!(listed.iter().any(|account| account.client_id == made.client_id && account.secrets[0].secret.is_none()));
    let second = client.create_org_service_account_secret(&org, &made.client_id, 24).await.unwrap();
    assert!(second.secret.is_some());
    client.delete_org_service_account_secret(&org, &made.client_id, &second.id).await.unwrap();
    let more = addresses(&["198.51.100.0/24"]);
    client.create_org_service_account_access_list(&org, &made.client_id, &more).await.unwrap();
    assert_eq!(client.list_org_service_account_access_list(&org, &made.client_id).await.unwrap().len(), 2);
    client.delete_org_service_account_access_list_entry(&org, &made.client_id, more[0]).await.unwrap();
    client.invite_group_service_account(&group, &made.client_id, &["GROUP_READ_ONLY"]).await.unwrap();
    let groups = client.get_org_service_account_groups(&org, &made.client_id).await.unwrap();
    assert_eq!((&groups[0].group_id, &groups[0].roles[..]), (&group, &["GROUP_READ_ONLY".to_owned()][..]));
    assert!(client.learn_limits(RateLimitScope::Org(org.clone())).await.unwrap() > 3);

    client.disconnect().await.unwrap();
    client.delete_org_service_account(&org, &made.client_id).await.unwrap();
    let error = client.get_org(&org).await.unwrap_err();
    assert_eq!(error.category(), Category::WrongCredentials);
    assert!(error.explanation().cause.contains("service account"), "{error:?}");
}
