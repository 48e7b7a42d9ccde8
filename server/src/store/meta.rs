//! Facts about the installation itself.

use super::{Query, Store, StoreError, Tx};

/// Which version wrote last, so that an older one can say which to start instead.
const WRITTEN_BY: &str = "written_by";

impl Store {
    /// A fact about the installation, if it was noted.
    ///
    /// # Errors
    ///
    /// When the database cannot answer.
    pub async fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.fetch_optional(Query::new("select name, value from meta where name = $1").bind(name))
            .await?
            .map(|row| row.get_text("value"))
            .transpose()
    }

    /// Notes a fact about the installation, in place of an older one.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn set_meta(tx: &mut Tx, name: &str, value: &str) -> Result<(), StoreError> {
        tx.execute(
            Query::new(
                "insert into meta (name, value) values ($1, $2) \
                 on conflict (name) do update set value = excluded.value",
            )
            .bind(name)
            .bind(value),
        )
        .await
        .map(drop)
    }

    /// Notes a fact unless it is there already, and says which value now holds: two replicas that
    /// start together agree on one.
    ///
    /// # Errors
    ///
    /// When the database cannot take it.
    pub async fn settle_meta(&self, name: &str, value: &str) -> Result<String, StoreError> {
        let mut tx = self.begin().await?;
        tx.execute(
            Query::new("insert into meta (name, value) values ($1, $2) on conflict (name) do nothing")
                .bind(name)
                .bind(value),
        )
        .await?;
        let settled = tx
            .fetch_one(Query::new("select name, value from meta where name = $1").bind(name))
            .await?
            .get_text("value")?;
        tx.commit().await?;
        Ok(settled)
    }

    pub(super) async fn written_by(&self) -> Result<Option<String>, StoreError> {
        self.meta(WRITTEN_BY).await
    }

    pub(super) async fn note_writer(&self) -> Result<(), StoreError> {
        let version = env!("CARGO_PKG_VERSION");
        if self.written_by().await?.as_deref() != Some(version) {
            let mut tx = self.begin().await?;
            Self::set_meta(&mut tx, WRITTEN_BY, version).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
