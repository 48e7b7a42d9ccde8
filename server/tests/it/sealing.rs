//! The database and its key come together, or the program does not start.

use std::os::unix::fs::PermissionsExt as _;

use server::sealing::{KeySource, Keys, UnlockError, unlock};

use crate::support::on_both_engines;

fn given(keys: &Keys) -> KeySource {
    KeySource::Given { text: keys.to_text().as_str().into(), origin: "MERIDIAN_KEY".to_owned() }
}

#[tokio::test]
async fn the_first_start_makes_a_key_that_only_its_owner_reads() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let path = database.directory.path().join("key");
        let source = KeySource::File(path.clone());
        let first = unlock(&store, &source).await.unwrap();
        assert_eq!(first.created.as_deref(), Some(path.as_path()));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        let second = unlock(&store, &source).await.unwrap();
        assert_eq!(second.created, None);
        assert_eq!(second.keys.to_text(), first.keys.to_text());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_used_database_without_its_key_is_refused_and_no_new_key_is_made() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let path = database.directory.path().join("key");
        let source = KeySource::File(path.clone());
        let keys = unlock(&store, &source).await.unwrap().keys;
        std::fs::remove_file(&path).unwrap();

        let error = unlock(&store, &source).await.unwrap_err();
        assert!(matches!(error, UnlockError::Missing { .. }), "{error:?}");
        assert!(error.to_string().contains(keys.writing_id()), "{error}");
        assert!(!path.exists());

        let error = unlock(&store, &given(&Keys::generate())).await.unwrap_err();
        assert!(matches!(error, UnlockError::Wrong { .. }), "{error:?}");
        let same_id = format!("{}/{}", keys.writing_id(), "A".repeat(43) + "=");
        let error = unlock(&store, &given(&same_id.parse().unwrap())).await.unwrap_err();
        assert!(matches!(error, UnlockError::Wrong { .. }), "{error:?}");

        unlock(&store, &given(&keys)).await.unwrap();
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_new_key_in_front_of_the_old_one_opens_too() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let old = Keys::generate();
        unlock(&store, &given(&old)).await.unwrap();
        let both = format!("{}{}", *Keys::generate().to_text(), *old.to_text());
        unlock(&store, &given(&both.parse().unwrap())).await.unwrap();
        store.close().await;
    })
    .await;
}
