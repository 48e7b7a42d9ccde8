//! The seam between queries and engines.

use server::store::{Location, Query, Store, StoreError};

use crate::support::{Database, on_both_engines};

async fn note(store: &Store, name: &str, value: &str) {
    let mut tx = store.begin().await.unwrap();
    Store::set_meta(&mut tx, name, value).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_is_committed_survives_reopening_and_what_is_dropped_never_was() {
    on_both_engines(async |database| {
        let store = database.open().await;
        note(&store, "kept", "yes").await;
        let mut tx = store.begin().await.unwrap();
        Store::set_meta(&mut tx, "dropped", "yes").await.unwrap();
        drop(tx);
        store.close().await;

        let store = database.open().await;
        assert_eq!(store.meta("kept").await.unwrap().as_deref(), Some("yes"));
        assert_eq!(store.meta("dropped").await.unwrap(), None);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_first_of_two_settles_a_fact() {
    on_both_engines(async |database| {
        let store = database.open().await;
        assert_eq!(store.settle_meta("id", "first").await.unwrap(), "first");
        assert_eq!(store.settle_meta("id", "second").await.unwrap(), "first");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_second_row_with_a_unique_value_is_a_unique_violation() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let add = |id: &'static str| {
            Query::new("insert into people (id, username, display_name, created_at) values ($1, $2, $3, $4)")
                .bind(id)
                .bind("ana")
                .bind("Ana")
                .bind(1_i64)
        };
        assert_eq!(store.execute(add("1")).await.unwrap(), 1);
        let error = store.execute(add("2")).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error:?}");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn values_of_every_kind_come_back_as_they_went_in() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let row = store
            .fetch_one(
                Query::new("select cast(")
                    .push_bind(i64::MAX)
                    .push(" as bigint) as a, cast(")
                    .push_bind("'; drop table people; --")
                    .push(" as text) as b, cast(")
                    .push_bind(None::<String>)
                    .push(" as text) as c, count(*) as d from meta where name in (")
                    .push_list(["written_by", "nothing"])
                    .push(")"),
            )
            .await
            .unwrap();
        assert_eq!(row.get_i64("a").unwrap(), i64::MAX);
        assert_eq!(row.get_text("b").unwrap(), "'; drop table people; --");
        assert_eq!(row.get_opt_text("c").unwrap(), None);
        assert!(row.get_bool("d").unwrap());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_unreadable_value_names_table_column_and_row() {
    on_both_engines(async |database| {
        let store = database.open().await;
        note(&store, "odd", "not a number").await;
        let row = store.fetch_one(Query::new("select name, value from meta where name = 'odd'")).await.unwrap();
        let error = row.parse::<u64>("value").unwrap_err();
        assert_eq!(error.to_string(), "unreadable value in table meta, column value, row odd");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_newer_schema_is_refused_with_the_version_that_wrote_it() {
    on_both_engines(async |database| {
        let store = database.open().await;
        note(&store, "written_by", "9.9.9").await;
        store.close().await;
        let success = match &database.location {
            Location::Sqlite { .. } => "1",
            Location::Postgres { .. } => "true",
        };
        database
            .tamper(&format!(
                "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                 select 9999, 'later', {success}, checksum, 0 from _sqlx_migrations where version = 1"
            ))
            .await;
        let error = Store::open(&database.location).await.unwrap_err();
        assert!(matches!(error, StoreError::Newer { .. }), "{error:?}");
        assert!(error.to_string().contains("9.9.9"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_full_disk_is_told_apart_and_leaves_nothing_half_written() {
    let database = Database::sqlite();
    database.open().await.close().await;
    let Location::Sqlite { path, .. } = &database.location else {
        unreachable!("this test is about the file");
    };
    let store = Store::open(&Location::Sqlite { path: path.clone(), max_pages: Some(1) }).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    Store::set_meta(&mut tx, "small", "x").await.unwrap();
    let error = Store::set_meta(&mut tx, "large", &"x".repeat(1 << 20)).await.unwrap_err();
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    drop(tx);
    assert_eq!(store.meta("small").await.unwrap(), None);
    note(&store, "small", "still works").await;
}

#[tokio::test]
async fn reading_outside_a_transaction_cannot_write() {
    let database = Database::sqlite();
    let store = database.open().await;
    let written = store.fetch_all(Query::new("delete from meta returning name")).await;
    assert!(written.is_err());
    assert!(store.meta("written_by").await.unwrap().is_some());
}

#[tokio::test]
async fn the_log_refuses_to_be_changed() {
    on_both_engines(async |database| {
        let store = database.open().await;
        store
            .execute(
                Query::new("insert into log (seq, entry, hash) values (1, $1, $2)")
                    .bind(r#"{"at":5,"action":"x","actor":{"name":"a"}}"#)
                    .bind([0_u8; 32]),
            )
            .await
            .unwrap();
        let row = store.fetch_one(Query::new("select seq, at, actor, action from log")).await.unwrap();
        assert_eq!(row.get_i64("at").unwrap(), 5);
        assert_eq!(row.get_text("actor").unwrap(), "a");
        for statement in
            ["update log set entry = '{}'", "delete from log", "delete from log_head", "update log_head set seq = 0"]
        {
            let error = store.execute(Query::new(statement)).await.unwrap_err();
            assert!(matches!(error, StoreError::Constraint { .. }), "{statement}: {error:?}");
        }
        store.close().await;
    })
    .await;
}
