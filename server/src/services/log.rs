//! The log as it is read.

mod sentence;

use std::sync::Arc;

use app::{
    api::log::{LogOutcome, LogPage, LogQuery, LogRow},
    backend::{Answer, Caller, LogService},
    error::ApiError,
};
use async_trait::async_trait;
use domain::people::Permission;
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use self::sentence::{sentence, words};
use super::Surroundings;
use crate::{
    log::{Outcome, Written},
    store::{LogFilter, Store},
};

/// Entries on a page.
const PER_PAGE: u32 = 50;

/// The service.
#[derive(Clone)]
pub struct Log {
    store: Store,
    surroundings: Arc<dyn Surroundings>,
}

impl Log {
    /// The service over `store`.
    #[must_use]
    pub fn new(store: Store, surroundings: Arc<dyn Surroundings>) -> Self {
        Self { store, surroundings }
    }
}

#[async_trait]
impl LogService for Log {
    async fn list(&self, caller: &Caller, query: &LogQuery) -> Answer<LogPage> {
        caller.require(Permission::ReadLog)?;
        let choices = self.surroundings.organizations(caller).await?;
        let filter = LogFilter {
            actor: (!query.actor.is_empty()).then(|| query.actor.clone()),
            action: query.area.map(|area| format!("{}.", area.as_str())),
            org: query.org.clone(),
            request: query.request,
            from: day("from", &query.from, 0)?,
            until: day("to", &query.to, 1)?,
        };
        let head = self.store.log_head().await?;
        let total = u32::try_from(head.seq).unwrap_or(u32::MAX);
        // The log has no gaps, so nothing needs counting while nothing is filtered.
        let matching = if filter == LogFilter::default() { total } else { self.store.count_log(&filter).await? };
        let pages = matching.div_ceil(PER_PAGE).max(1);
        let page = query.page.clamp(1, pages);
        let rows = self.store.list_log(&filter, PER_PAGE, (page - 1) * PER_PAGE).await?;
        let name =
            |id: &str| choices.iter().find(|choice| choice.id == id).map_or(id, |choice| &choice.name).to_owned();
        Ok(LogPage {
            rows: rows.into_iter().map(|row| shown(row, name)).collect(),
            matching,
            total,
            page,
            pages,
            choices: choices.clone(),
            head: hex::encode(head.hash),
        })
    }
}

fn shown(row: crate::store::LogRow, org_name: impl Fn(&str) -> String) -> LogRow {
    let crate::store::LogRow { seq, written, hash } = row;
    let (sentence, details) = (sentence(&written, &org_name), details(&written));
    LogRow {
        seq,
        at: Timestamp::from_microsecond(written.at).unwrap_or_default(),
        actor: written.actor.name,
        sentence,
        action: written.action,
        outcome: match written.outcome {
            Outcome::Done => LogOutcome::Done,
            Outcome::Refused => LogOutcome::Refused,
            Outcome::Failed => LogOutcome::Failed,
            Outcome::Unknown => LogOutcome::Unknown,
        },
        org_name: written.org.as_ref().map(|org| org_name(org.as_str())),
        request: written.request,
        address: written.address,
        details,
        hash: hex::encode(hash),
    }
}

/// What else an entry says, with names a person reads.
fn details(written: &Written) -> Vec<(String, String)> {
    let ids = [
        ("Project", written.project.as_ref().map(ToString::to_string)),
        ("API key", written.key.as_ref().map(ToString::to_string)),
    ];
    let ids = ids.into_iter().filter_map(|(name, id)| Some((name.to_owned(), id?)));
    written.details.iter().map(|(name, value)| (name_in_words(name), words(value))).chain(ids).collect()
}

/// "Sessions ended" for `sessions_ended`.
fn name_in_words(name: &str) -> String {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// The beginning of a day in UTC, `later` days on; nothing for an empty field.
fn day(field: &str, given: &str, later: i32) -> Answer<Option<Timestamp>> {
    if given.is_empty() {
        return Ok(None);
    }
    given
        .parse::<Date>()
        .ok()
        .and_then(|date| date.checked_add(later.days()).ok())
        .and_then(|date| TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok())
        .map(Some)
        .ok_or_else(|| ApiError::field(field, "Enter a day as YYYY-MM-DD."))
}
