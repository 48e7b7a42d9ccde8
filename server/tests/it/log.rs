//! The log and the proof that it was not changed.

use domain::ids::RequestNumber;
use jiff::Timestamp;
use server::{
    log::{Action, Actor, Broken, Entry, verify},
    store::{Location, LogFilter, Store},
};

use crate::support::{Database, on_both_engines};

fn entry(number: u32) -> Entry {
    let at = Timestamp::from_second(i64::from(number)).unwrap();
    let action = if number.is_multiple_of(2) { Action::RequestApproved } else { Action::SignedIn };
    Entry::new(at, Actor::System, action).request(RequestNumber(number)).detail("text", "with\u{0}null")
}

async fn with_entries(database: &Database, count: u32) -> Store {
    let store = database.open().await;
    for number in 1..=count {
        store.log_alone(&entry(number)).await.unwrap();
    }
    store
}

/// What an attacker would do who owns the database: switch the triggers off first.
async fn tamper(database: &Database, statements: &str) {
    let sql = match &database.location {
        Location::Sqlite { .. } => format!(
            "drop trigger log_refuses_update; drop trigger log_refuses_delete; drop trigger log_head_only_grows; {statements}"
        ),
        Location::Postgres { .. } => {
            format!("alter table log disable trigger user; alter table log_head disable trigger user; {statements}")
        }
    };
    for statement in sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        database.tamper(statement).await;
    }
}

#[tokio::test]
async fn an_untouched_log_is_whole() {
    on_both_engines(async |database| {
        let store = database.open().await;
        assert_eq!(verify(&store, None).await.unwrap().unwrap().entries, 0);
        for number in 1..=5 {
            store.log_alone(&entry(number)).await.unwrap();
        }
        let verified = verify(&store, None).await.unwrap().unwrap();
        assert_eq!(verified.entries, 5);
        assert_eq!(store.log_head().await.unwrap().hash, verified.head);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_head_noted_earlier_tells_when_the_end_was_cut_off() {
    on_both_engines(async |database| {
        let store = with_entries(&database, 3).await;
        let noted = verify(&store, None).await.unwrap().unwrap().head;
        store.log_alone(&entry(4)).await.unwrap();
        assert_eq!(verify(&store, Some(noted)).await.unwrap().unwrap().noted, Some(3));
        store.close().await;
        tamper(
            &database,
            "update log_head set seq = 2, hash = (select hash from log where seq = 2); delete from log where seq > 2",
        )
        .await;
        let store = database.open().await;
        let cut = verify(&store, Some(noted)).await.unwrap().unwrap();
        assert_eq!(
            (cut.entries, cut.noted),
            (2, None),
            "what is left fits together, and is not the log that was noted"
        );
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_first_broken_entry_is_named_whatever_was_done() {
    let cases: [(&str, Broken); 6] = [
        ("update log set entry = replace(entry, 'system', 'nobody') where seq = 3", Broken::Changed(3)),
        ("delete from log where seq = 3", Broken::Missing(3)),
        ("delete from log where seq >= 4", Broken::Missing(4)),
        ("insert into log (seq, entry, hash) select 6, entry, hash from log where seq = 5", Broken::Changed(6)),
        (
            "update log set seq = 99 where seq = 2; update log set seq = 2 where seq = 3; \
             update log set seq = 3 where seq = 99",
            Broken::Changed(2),
        ),
        ("delete from log where seq = 5; update log_head set seq = 4", Broken::Changed(4)),
    ];
    for (statements, expected) in cases {
        on_both_engines(async |database| {
            let store = with_entries(&database, 5).await;
            store.close().await;
            tamper(&database, statements).await;
            let store = database.open().await;
            assert_eq!(verify(&store, None).await.unwrap(), Err(expected), "{statements}");
            store.close().await;
        })
        .await;
    }
}

#[tokio::test]
async fn an_entry_with_a_right_hash_from_outside_is_found_by_the_head() {
    on_both_engines(async |database| {
        let store = with_entries(&database, 3).await;
        store.close().await;
        tamper(&database, "update log_head set seq = 2, hash = (select hash from log where seq = 2)").await;
        let store = database.open().await;
        assert_eq!(verify(&store, None).await.unwrap(), Err(Broken::Added(3)));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_entry_goes_with_its_transaction() {
    on_both_engines(async |database| {
        let store = with_entries(&database, 1).await;
        let mut tx = store.begin().await.unwrap();
        assert_eq!(Store::append_log(&mut tx, &entry(2)).await.unwrap(), 2);
        drop(tx);
        assert_eq!(store.log_alone(&entry(2)).await.unwrap(), 2);
        assert!(verify(&store, None).await.unwrap().is_ok());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn two_replicas_append_without_a_fork() {
    on_both_engines(async |database| {
        let (first, second) = (database.open().await, database.open().await);
        let write = async |store: &Store| {
            for number in 1..=50 {
                store.log_alone(&entry(number)).await.unwrap();
            }
        };
        tokio::join!(write(&first), write(&second), write(&first), write(&second));
        assert_eq!(verify(&first, None).await.unwrap().unwrap().entries, 200);
        first.close().await;
        second.close().await;
    })
    .await;
}

#[tokio::test]
async fn filters_and_pages_show_what_they_say() {
    on_both_engines(async |database| {
        let store = with_entries(&database, 6).await;
        let seqs = async |filter: LogFilter, limit, offset| -> Vec<i64> {
            let rows = store.list_log(&filter, limit, offset).await.unwrap();
            rows.iter().map(|row| row.seq).collect()
        };
        assert_eq!(seqs(LogFilter::default(), 2, 0).await, [6, 5]);
        assert_eq!(seqs(LogFilter::default(), 2, 2).await, [4, 3]);
        assert_eq!(store.count_log(&LogFilter::default()).await.unwrap(), 6);
        let approvals = LogFilter { action: Some("request.".into()), ..Default::default() };
        assert_eq!(store.count_log(&approvals).await.unwrap(), 3);
        assert_eq!(seqs(approvals, 9, 0).await, [6, 4, 2]);
        assert_eq!(seqs(LogFilter { request: Some(RequestNumber(3)), ..Default::default() }, 9, 0).await, [3]);
        let from = Timestamp::from_second(5).unwrap();
        assert_eq!(seqs(LogFilter { from: Some(from), ..Default::default() }, 9, 0).await, [6, 5]);
        assert_eq!(seqs(LogFilter { until: Some(from), ..Default::default() }, 1, 0).await, [4]);
        let by = |actor: &str| LogFilter { actor: Some(actor.into()), ..Default::default() };
        assert_eq!(seqs(by("YST"), 1, 0).await, [6]);
        assert_eq!(seqs(by("s_s"), 1, 0).await, [0; 0]);
        assert_eq!(seqs(by("%"), 1, 0).await, [0; 0]);
        store.close().await;
    })
    .await;
}
