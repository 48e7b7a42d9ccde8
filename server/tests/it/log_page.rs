//! The page of the log: who may read it, what it says, and what its filters select.

use std::sync::Arc;

use app::{
    api::{
        log::{LogArea, LogOutcome, LogQuery},
        people::OrgChoice,
    },
    backend::{Answer, Caller, LogService as _},
    error::ApiError,
};
use async_trait::async_trait;
use domain::{
    ids::{OrgId, PersonId, RequestNumber},
    people::{Grant, Grants, Role},
};
use jiff::Timestamp;
use server::{
    log::{Action, Actor, Entry, Outcome},
    services::{Surroundings, log::Log},
    store::Store,
};
use uuid::Uuid;

use crate::support::{Database, on_both_engines};

const ORG: &str = "5f1a2b3c4d5e6f7081920a1b";

/// One connected organization.
struct OneOrganization;

#[async_trait]
impl Surroundings for OneOrganization {
    async fn roles_changed(&self) {}

    async fn inbox(&self, _caller: &Caller) -> Answer<u32> {
        Ok(0)
    }
    async fn organizations(&self, _caller: &Caller) -> Answer<Vec<OrgChoice>> {
        Ok(vec![OrgChoice { id: ORG.into(), name: "Payments EU".into() }])
    }
}

fn caller(role: Role, org: Option<OrgId>) -> Caller {
    Caller {
        person: PersonId(Uuid::now_v7()),
        username: "reader".into(),
        display_name: "Reader".into(),
        grants: Grants(vec![Grant { role, org }]),
        confirmed_at: Timestamp::UNIX_EPOCH,
        address: "203.0.113.7".into(),
        request_id: "test".into(),
    }
}

async fn service(database: &Database) -> (Store, Log) {
    let store = database.open().await;
    let log = Log::new(store.clone(), Arc::new(OneOrganization));
    (store, log)
}

fn at(time: &str, actor: Actor, action: Action) -> Entry {
    Entry::new(time.parse().unwrap(), actor, action)
}

#[tokio::test]
async fn only_auditors_and_administrators_of_everything_read_the_log() {
    let database = Database::sqlite();
    let (store, log) = service(&database).await;
    let org: OrgId = ORG.parse().unwrap();
    for role in Role::ALL {
        let everywhere = log.list(&caller(role, None), &LogQuery::default()).await;
        if matches!(role, Role::Auditor | Role::Administrator) {
            assert!(everywhere.is_ok(), "{role}");
        } else {
            assert_eq!(everywhere, Err(ApiError::Forbidden { role: Role::Auditor }), "{role}");
        }
        let somewhere = log.list(&caller(role, Some(org.clone())), &LogQuery::default()).await;
        assert_eq!(somewhere, Err(ApiError::Forbidden { role: Role::Auditor }), "{role} of one organization");
    }
    store.close().await;
}

#[tokio::test]
async fn a_row_says_what_happened_in_words_with_names() {
    on_both_engines(async |database| {
        let (store, log) = service(&database).await;
        let entry = at("2026-11-24T06:44:39Z", Actor::Stranger, Action::ConnectionTested)
            .org(&ORG.parse().unwrap())
            .outcome(Outcome::Failed)
            .address(Some("203.0.113.9"))
            .detail("reader_roles", vec!["ORG_READ_ONLY".to_owned(), "ORG_MEMBER".to_owned()]);
        store.log_alone(&entry).await.unwrap();

        let page = log.list(&caller(Role::Auditor, None), &LogQuery::default()).await.unwrap();
        let row = &page.rows[0];
        assert_eq!(row.sentence, "Tested the connection of Payments EU: it does not work.");
        assert_eq!((row.seq, row.actor.as_str(), row.action.as_str()), (1, "stranger", "connection.tested"));
        assert_eq!(row.outcome, LogOutcome::Failed);
        assert_eq!(row.org_name.as_deref(), Some("Payments EU"));
        assert_eq!(row.address.as_deref(), Some("203.0.113.9"));
        assert_eq!(row.details, [("Reader roles".to_owned(), "ORG_READ_ONLY, ORG_MEMBER".to_owned())]);
        assert_eq!(page.head, row.hash);
        assert_eq!(page.head, hex::encode(store.log_head().await.unwrap().hash));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_filters_of_the_page_select_by_name_area_organization_request_and_day() {
    on_both_engines(async |database| {
        let (store, log) = service(&database).await;
        let ana = PersonId(Uuid::now_v7());
        let mut tx = store.begin().await.unwrap();
        Store::insert_person(&mut tx, ana, "ana", "Ana Novak", Timestamp::UNIX_EPOCH).await.unwrap();
        tx.commit().await.unwrap();
        let by_ana = || Actor::Person { id: ana, username: "ana".into() };
        for entry in [
            at("2026-11-22T23:59:59Z", by_ana(), Action::SignedIn),
            at("2026-11-23T00:00:00Z", by_ana(), Action::RequestSubmitted).request(RequestNumber(7)),
            at("2026-11-23T23:59:59Z", Actor::System, Action::ExecutionStarted)
                .request(RequestNumber(7))
                .org(&ORG.parse().unwrap()),
            at("2026-11-24T00:00:00Z", Actor::Console, Action::PersonAdded),
        ] {
            store.log_alone(&entry).await.unwrap();
        }

        let seqs = async |query: LogQuery| {
            let page = log.list(&caller(Role::Auditor, None), &query).await.unwrap();
            assert_eq!((page.matching as usize, page.total), (page.rows.len(), 4));
            page.rows.iter().map(|row| row.seq).collect::<Vec<_>>()
        };
        assert_eq!(seqs(LogQuery::default()).await, [4, 3, 2, 1]);
        assert_eq!(seqs(LogQuery { actor: "an".into(), ..Default::default() }).await, [2, 1]);
        assert_eq!(seqs(LogQuery { actor: "NOVAK".into(), ..Default::default() }).await, [2, 1]);
        assert_eq!(seqs(LogQuery { actor: "syst".into(), ..Default::default() }).await, [3]);
        assert_eq!(seqs(LogQuery { actor: "%".into(), ..Default::default() }).await, [0_i64; 0]);
        assert_eq!(seqs(LogQuery { area: Some(LogArea::People), ..Default::default() }).await, [4]);
        assert_eq!(seqs(LogQuery { area: Some(LogArea::SignIn), ..Default::default() }).await, [1]);
        assert_eq!(seqs(LogQuery { org: ORG.parse().ok(), ..Default::default() }).await, [3]);
        assert_eq!(seqs(LogQuery { request: Some(RequestNumber(7)), ..Default::default() }).await, [3, 2]);
        let day = || "2026-11-23".to_owned();
        assert_eq!(seqs(LogQuery { from: day(), to: day(), ..Default::default() }).await, [3, 2]);
        assert_eq!(seqs(LogQuery { to: day(), ..Default::default() }).await, [3, 2, 1]);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn pages_hold_fifty_entries_and_an_address_beyond_the_last_shows_the_last() {
    let database = Database::sqlite();
    let (store, log) = service(&database).await;
    for _ in 0..51 {
        store.log_alone(&at("2026-11-24T06:44:39Z", Actor::System, Action::RequestExpired)).await.unwrap();
    }
    let listed = async |page| {
        let page = log.list(&caller(Role::Auditor, None), &LogQuery { page, ..Default::default() }).await.unwrap();
        (page.page, page.pages, page.rows.len(), page.rows[0].seq)
    };
    assert_eq!(listed(1).await, (1, 2, 50, 51));
    assert_eq!(listed(2).await, (2, 2, 1, 1));
    assert_eq!(listed(9).await, (2, 2, 1, 1));
    store.close().await;
}
