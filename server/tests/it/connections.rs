//! Connecting organizations, over a real socket.

use app::{
    api::{
        connections::{ConnectionForm, Health},
        inventory::KeyQuery,
    },
    backend::{ConnectionService as _, InventoryService as _},
    error::ApiError,
};
use atlas_sandbox::{FaultKind, FaultRule, KeyPair, NewCredentials};
use domain::{Known, ids::OrgId, people::Role};
use jiff::SignedDuration;
use server::{
    clock::Clock as _,
    log::Action,
    services::atlas_access::{ApprovedPlan, AtlasAccess as _},
    store::{LogFilter, Query},
};

use crate::support::{Database, Desk, form, on_both_engines, person};

/// The complaint about `field`.
fn complaint(error: &ApiError, field: &str) -> String {
    let ApiError::Invalid { fields } = error else { panic!("{error:?}") };
    fields.iter().find(|one| one.field == field).unwrap_or_else(|| panic!("{fields:?}")).message.clone()
}

/// The form with this reader alone.
fn reader(pair: &KeyPair) -> ConnectionForm {
    ConnectionForm {
        reader_public: pair.public_key.clone(),
        reader_private: pair.private_key.clone(),
        ..ConnectionForm::default()
    }
}

/// Plants a key in an organization of the demo.
fn plant(desk: &Desk, org: &str, roles: &[&str], access_list: &[&str]) -> KeyPair {
    let org_id = desk.credentials(org).org_id;
    let new = NewCredentials { org_id: &org_id, desc: "planted", org_roles: roles, project_roles: &[], access_list };
    desk.sandbox.plant_key(&new).unwrap().pair
}

async fn actions(desk: &Desk) -> Vec<String> {
    let entries = desk.store.list_log(&LogFilter::default(), 100, 0).await.unwrap();
    entries.into_iter().map(|entry| entry.written.action).collect()
}

#[tokio::test]
async fn an_organization_is_connected_and_read_without_asking_for_its_id() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        let org = desk.connect("Payments EU").await;
        assert_eq!(org.to_string(), desk.credentials("Payments EU").org_id);

        let view = desk.connections.get(&caller, &org).await.unwrap();
        assert_eq!(view.row.label, "Payments EU");
        assert_eq!(view.row.health, Health::Healthy);
        assert_eq!(view.row.keys, Known::Yes(38));
        assert_eq!(view.row.projects, Known::Yes(12));
        assert_eq!(view.reader.roles, ["ORG_OWNER"]);
        assert_eq!(view.reader.access_list_entries, Known::Yes(2));
        assert!(view.reader.abilities.iter().all(|ability| ability.can));
        assert!(view.writer.unwrap().abilities.iter().all(|ability| ability.can));
        assert!(view.parts.iter().all(|part| part.read_at.is_some() && part.failure.is_none()), "{:?}", view.parts);
        assert!(view.may_manage && !view.needs_password);

        let page = desk.inventory.keys(&caller, &KeyQuery::default()).await.unwrap();
        assert_eq!((page.total, page.matching, page.organizations, page.rows.len()), (38, 38, 1, 38));
        let entries = desk.store.list_log(&LogFilter::default(), 10, 0).await.unwrap();
        assert_eq!(entries[0].written.action, Action::ConnectionAdded.as_str());
        assert_eq!(entries[0].written.org.as_ref(), Some(&org));
    })
    .await;
}

#[tokio::test]
async fn each_way_to_fail_is_told_beside_its_field_with_a_remedy() {
    let database = Database::sqlite();
    // Nobody listens on port 1.
    let desk = Desk::new(&database, &["http://127.0.0.1:1"]).await;
    let caller = desk.administrator();
    let good = reader(&desk.credentials("Payments EU").reader);
    let refusal = async |form: ConnectionForm| desk.connections.add(&caller, form).await.unwrap_err();

    let mut form = good.clone();
    form.reader_private = "00000000-0000-0000-0000-000000000000".into();
    let words = complaint(&refusal(form).await, "reader_private");
    assert!(words.contains("does not belong to the public key") && words.contains("Paste both parts again"), "{words}");

    let elsewhere = plant(&desk, "Retail Platform", &["ORG_OWNER"], &["203.0.113.0/24"]);
    let words = complaint(&refusal(reader(&elsewhere)).await, "reader_public");
    assert!(words.contains("127.0.0.1") && words.contains("access list of this API key"), "{words}");

    let listless = plant(&desk, "Payments EU", &["ORG_OWNER"], &[]);
    let words = complaint(&refusal(reader(&listless)).await, "reader_public");
    assert!(words.contains("requires an access list"), "{words}");

    let mut form = good.clone();
    form.base_url = "https://evil.example".into();
    let words = complaint(&refusal(form).await, "base_url");
    assert!(words.contains("not one of the base URLs allowed"), "{words}");
    let mut form = good.clone();
    form.base_url = "http://169.254.169.254".into();
    complaint(&refusal(form).await, "base_url");

    let mut form = good.clone();
    form.base_url = "http://127.0.0.1:1".into();
    let words = complaint(&refusal(form).await, "base_url");
    assert!(words.contains("no connection to 127.0.0.1"), "{words}");

    let error = refusal(ConnectionForm::default()).await;
    complaint(&error, "reader_public");
    complaint(&error, "reader_private");
    let mut form = good.clone();
    form.reader_public = "5f1a2b3c4d5e6f7081920a1b".into();
    assert!(complaint(&refusal(form).await, "reader_public").contains("key’s id"));
    let mut form = good.clone();
    form.reader_private = "********-****-****-01bdd56c8977".into();
    assert!(complaint(&refusal(form).await, "reader_private").contains("masked"));
    let mut form = good.clone();
    form.label = "\u{202e}sdrawkcab".into();
    complaint(&refusal(form).await, "label");

    desk.sandbox.add_faults([FaultRule::next(FaultKind::Status {
        status: 429,
        retry_after: Some(20),
        after_change: false,
    })]);
    let ApiError::Refused { problem, next } = refusal(good.clone()).await else { panic!("not refused") };
    assert!(problem.contains("too many requests") && next.contains("20 seconds"), "{problem} {next}");
    desk.sandbox.add_faults([FaultRule::next(FaultKind::MalformedJson)]);
    assert!(complaint(&refusal(good.clone()).await, "base_url").contains("not one of Atlas's"));

    assert!(desk.connections.list(&caller).await.unwrap().is_empty());
    assert!(actions(&desk).await.is_empty());
}

#[tokio::test]
async fn an_atlas_behind_https_that_speaks_http_is_told_as_an_unsafe_connection() {
    let database = Database::sqlite();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, axum::Router::new()).await });
    let desk = Desk::new(&database, &[&url]).await;
    let form = ConnectionForm { base_url: url, ..reader(&desk.credentials("Payments EU").reader) };
    let error = desk.connections.add(&desk.administrator(), form).await.unwrap_err();
    assert!(complaint(&error, "base_url").contains("No secure connection"), "{error:?}");
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_and_hinders_nothing() {
    let database = Database::sqlite();
    let desk = Desk::new(&database, &[]).await;
    desk.clock.advance(SignedDuration::from_mins(12));
    let org = desk.connect("Payments EU").await;
    let view = desk.connections.get(&desk.administrator(), &org).await.unwrap();
    let failure = view.reader.failure.unwrap();
    assert!(failure.problem.contains("clock is 12 minutes ahead of Atlas's"), "{failure:?}");
    assert_eq!(view.row.health, Health::Healthy);

    let mut form = reader(&desk.credentials("Retail Platform").reader);
    form.reader_private = "wrong".into();
    let error = desk.connections.add(&desk.administrator(), form).await.unwrap_err();
    assert!(complaint(&error, "reader_private").contains("Besides, this machine's clock is 12 minutes ahead"));
}

#[tokio::test]
async fn connecting_needs_the_role_and_a_password_given_just_now() {
    let database = Database::sqlite();
    let desk = Desk::new(&database, &[]).await;
    let form = || reader(&desk.credentials("Payments EU").reader);
    for role in [Role::Viewer, Role::Operator, Role::Approver, Role::Auditor] {
        let caller = person(desk.clock.now(), &[(role, None)]);
        let error = desk.connections.add(&caller, form()).await.unwrap_err();
        assert_eq!(error, ApiError::Forbidden { role: Role::Administrator });
        assert!(desk.connections.choices(&caller).await.is_err());
    }
    let mut caller = desk.administrator();
    caller.confirmed_at -= SignedDuration::from_secs(301);
    assert!(desk.connections.choices(&caller).await.unwrap().needs_password);
    assert_eq!(desk.connections.add(&caller, form()).await, Err(ApiError::PasswordNeeded));
    assert!(desk.sandbox.journal().is_empty(), "nothing was asked of Atlas");
}

#[tokio::test]
async fn an_organization_is_connected_once_and_a_writer_must_belong_to_it() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        let payments = desk.credentials("Payments EU");
        let foreign = desk.credentials("Retail Platform").writer.unwrap();
        let form_with = |writer: &KeyPair| ConnectionForm {
            writer_public: writer.public_key.clone(),
            writer_private: writer.private_key.clone(),
            label: "Payments".into(),
            ..reader(&payments.reader)
        };
        let error = desk.connections.add(&caller, form_with(&foreign)).await.unwrap_err();
        let words = complaint(&error, "writer_public");
        assert!(words.contains("“Retail Platform”") && words.contains("“Payments EU”"), "{words}");

        // A writer that cannot write is accepted, and it is said what it cannot do.
        let weak = plant(&desk, "Payments EU", &["ORG_READ_ONLY"], &["127.0.0.1"]);
        let org = desk.connections.add(&caller, form_with(&weak)).await.unwrap();
        let view = desk.connections.get(&caller, &org).await.unwrap();
        let abilities = view.writer.unwrap().abilities;
        assert!(abilities.iter().all(|one| !one.can && one.needs.as_deref() == Some("Organization Owner")));

        let again = plant(&desk, "Payments EU", &["ORG_OWNER"], &["127.0.0.1"]);
        let words = complaint(&desk.connections.add(&caller, reader(&again)).await.unwrap_err(), "reader_public");
        assert!(words.contains("under the label “Payments”"), "{words}");
        desk.refresher.idle().await;
    })
    .await;
}

#[tokio::test]
async fn private_keys_are_sealed_at_rest_and_open_in_their_own_row_only() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let (one, two) = (desk.connect("Payments EU").await, desk.connect("Retail Platform").await);
        let secrets: Vec<String> = desk
            .sandbox
            .demo_credentials()
            .into_iter()
            .flat_map(|one| [Some(one.reader.private_key), one.writer.map(|writer| writer.private_key)])
            .flatten()
            .collect();
        for file in std::fs::read_dir(database.directory.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            for secret in &secrets {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "a private key stands in the database");
            }
        }
        let rows = Query::new("select reader_private_key, writer_private_key from connections");
        for row in desk.store.fetch_all(rows).await.unwrap() {
            for column in ["reader_private_key", "writer_private_key"] {
                let sealed = row.get_bytes(column).unwrap();
                assert!(secrets.iter().all(|secret| !sealed.windows(secret.len()).any(|w| w == secret.as_bytes())));
            }
        }

        let plan = |org| ApprovedPlan { org, digest: "sha256:test" };
        assert!(desk.connections.writer(&plan(&one)).await.unwrap().is_some());
        assert_eq!(desk.connections.writers().opened(), 1);
        desk.connections.reader(&one).await.unwrap();
        assert_eq!(desk.connections.writers().opened(), 1, "a reader is no writer");

        // Somebody with the database in hand puts the other organization's credential, or the writer, in the reader's place.
        for (column, from) in [("reader_private_key", &two), ("writer_private_key", &one)] {
            let sealed = Query::new("select reader_private_key, writer_private_key from connections where org_id = $1");
            let sealed = desk.store.fetch_one(sealed.bind(from.as_str())).await.unwrap().get_bytes(column).unwrap();
            let swap =
                Query::new("update connections set reader_private_key = $1, version = version + 1 where org_id = $2");
            desk.store.execute(swap.bind(sealed).bind(one.as_str())).await.unwrap();
            let error = desk.connections.reader(&one).await.unwrap_err();
            let ApiError::Refused { problem, .. } = &error else { panic!("{error:?}") };
            assert!(problem.contains("cannot be opened"), "{problem}");
        }
        desk.connections.reader(&two).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn credentials_are_tested_replaced_and_removed_each_with_its_line_in_the_log() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let caller = desk.administrator();
        let org = desk.connect("Payments EU").await;

        desk.connections.test(&caller, &org).await.unwrap();
        let fresh = plant(&desk, "Payments EU", &["ORG_READ_ONLY"], &["127.0.0.1"]);
        let names = ConnectionForm {
            label: "Payments".into(),
            environment: "prod".into(),
            owner: "Team Ledger".into(),
            ..reader(&fresh)
        };
        desk.connections.replace(&caller, &org, names).await.unwrap();
        desk.refresher.idle().await;
        let view = desk.connections.get(&caller, &org).await.unwrap();
        assert_eq!((view.row.label.as_str(), view.row.environment.as_str()), ("Payments", "prod"));
        assert_eq!(view.reader.public_key, fresh.public_key);
        assert!(view.writer.is_some(), "an empty slot stays as it is");
        assert!(matches!(view.row.health, Health::Partial { .. }), "{:?}", view.row.health);
        let journal = desk.sandbox.journal();
        assert_eq!(journal.last().unwrap().public_key, fresh.public_key, "the older client is not used any more");

        let foreign = reader(&desk.credentials("Retail Platform").reader);
        let error = desk.connections.replace(&caller, &org, foreign).await.unwrap_err();
        assert!(complaint(&error, "reader_public").contains("add a connection"));

        desk.connections.remove_writer(&caller, &org).await.unwrap();
        let plan = ApprovedPlan { org: &org, digest: "sha256:test" };
        assert!(desk.connections.writer(&plan).await.unwrap().is_none());
        assert!(!desk.connections.has_writer(&org).await.unwrap());

        let error = desk.connections.remove(&caller, &org, "Payments").await.unwrap_err();
        assert!(complaint(&error, "typed_name").contains("Payments EU"));
        desk.connections.remove(&caller, &org, "Payments EU").await.unwrap();
        assert_eq!(desk.connections.get(&caller, &org).await, Err(ApiError::NotFound));
        assert_eq!(desk.inventory.keys(&caller, &KeyQuery::default()).await.unwrap().total, 0);
        assert_eq!(
            actions(&desk).await,
            [
                "connection.removed",
                "connection.replaced",
                "connection.replaced",
                "connection.tested",
                "connection.added"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_key_deleted_in_atlas_fails_its_test_and_its_refresh_in_words() {
    let database = Database::sqlite();
    let desk = Desk::new(&database, &[]).await;
    let caller = desk.administrator();
    let pair = plant(&desk, "Payments EU", &["ORG_OWNER"], &["127.0.0.1"]);
    let org = desk.connections.add(&caller, reader(&pair)).await.unwrap();
    desk.refresher.idle().await;

    let owner = desk.credentials("Payments EU").writer.unwrap();
    delete_key(&desk, &org, &owner, &pair.public_key).await;
    desk.connections.test(&caller, &org).await.unwrap();
    desk.refresh(&org).await;
    let view = desk.connections.get(&caller, &org).await.unwrap();
    assert!(view.reader.failure.unwrap().problem.contains("does not accept this API key"));
    assert_eq!(view.reader.roles, ["ORG_OWNER"], "what was known before stays");
    let Health::Failed { word, why } = view.row.health else { panic!("{:?}", view.row.health) };
    assert_eq!(word, "wrong key");
    assert!(why.next.contains("replace this one"), "{why:?}");
    assert_eq!(view.row.keys, Known::Yes(39), "what was read before stays");
}

/// Deletes the key with this public key as its owner would.
pub(crate) async fn delete_key(desk: &Desk, org: &OrgId, owner: &KeyPair, public_key: &str) {
    let credentials = atlas::Credentials::ApiKey {
        public_key: owner.public_key.clone(),
        private_key: owner.private_key.clone().into(),
    };
    let options = atlas::TransportOptions { use_proxy: false, ..atlas::TransportOptions::default() };
    let transport = std::sync::Arc::new(atlas::ReqwestTransport::new(&options).unwrap());
    let client = atlas::Client::new(transport, desk.base_url.parse().unwrap(), credentials);
    let org = org.as_str().parse().unwrap();
    let keys = client.list_org_api_keys(&org).await.unwrap();
    let key = keys.iter().find(|key| key.public_key == public_key).unwrap();
    client.delete_org_api_key(&org, &key.id).await.unwrap();
}

#[tokio::test]
async fn a_foreign_organization_and_a_missing_one_answer_alike() {
    let database = Database::sqlite();
    let desk = Desk::new(&database, &[]).await;
    let (own, foreign) = (desk.connect("Payments EU").await, desk.connect("Retail Platform").await);
    let missing: OrgId = "000000000000000000000000".parse().unwrap();
    let caller = person(desk.clock.now(), &[(Role::Administrator, Some(&own))]);
    assert_eq!(desk.connections.list(&caller).await.unwrap().len(), 1);
    for org in [&foreign, &missing] {
        let form = form(&desk.credentials("Payments EU"));
        assert_eq!(desk.connections.get(&caller, org).await, Err(ApiError::NotFound));
        assert_eq!(desk.connections.test(&caller, org).await, Err(ApiError::NotFound));
        assert_eq!(desk.connections.replace(&caller, org, form).await, Err(ApiError::NotFound));
        assert_eq!(desk.connections.remove_writer(&caller, org).await, Err(ApiError::NotFound));
        assert_eq!(desk.connections.remove(&caller, org, "Retail Platform").await, Err(ApiError::NotFound));
        assert_eq!(desk.connections.refresh(&caller, Some(org)).await, Err(ApiError::NotFound));
        assert_eq!(desk.inventory.key(&caller, org, "abcdefgh").await, Err(ApiError::NotFound));
    }
    let viewer = person(desk.clock.now(), &[(Role::Viewer, Some(&own))]);
    let refused = Err(ApiError::Forbidden { role: Role::Administrator });
    assert_eq!(desk.connections.test(&viewer, &own).await, refused);
    assert_eq!(desk.connections.remove_writer(&viewer, &own).await, refused);
    desk.connections.refresh(&viewer, Some(&own)).await.unwrap();
    desk.refresher.idle().await;
}
