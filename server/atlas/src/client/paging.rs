//! Reading lists to their end, in pages of 500.
//!
//! A list may change while it is read: then entries move from page to page. Each page tells how many entries there are
//! altogether; when that number changes, or an entry turns up twice, the list is read again.

use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Client, RawAnswer};
use crate::{AtlasError, AtlasRequest, Operation, Outcome, Page, request::LARGEST_PAGE};

/// More than any list of Atlas can have (500 keys, 250 projects, 200 entries; events are many), with room for growth.
const MOST_PAGES: u32 = 200;

/// How many pages of one list are read at once.
const AT_ONCE: usize = 4;

/// How often a list is read that keeps changing.
const READINGS: u32 = 3;

/// One reading of a list.
struct Reading {
    entries: Vec<(RawAnswer, Vec<Value>)>,
    /// Whether the list seems to have stayed as it was meanwhile.
    is_steady: bool,
}

impl Client {
    /// Reads all entries of a list: up to 500 a page, several pages at once where Atlas tells how many there are, and
    /// anew if the list changes meanwhile. An entry is never there twice. Lists that Atlas does not page are read in one
    /// go.
    ///
    /// # Errors
    ///
    /// When a page cannot be read, or the list does not end.
    pub async fn list_all<T: DeserializeOwned>(&self, request: &AtlasRequest) -> Result<Vec<T>, AtlasError> {
        if !request.operation().is_list() {
            return self.execute(request).await?.decode_entries();
        }
        let identity = identity(request.operation());
        let mut readings = 0;
        loop {
            readings += 1;
            let reading = self.read(request).await?;
            let mut seen = HashSet::new();
            let mut all = Vec::new();
            let mut is_steady = reading.is_steady;
            // Within one page nothing moves.
            let identity = if reading.entries.len() > 1 { identity } else { &[] };
            for (answer, entries) in &reading.entries {
                for entry in entries {
                    if let Some(name) = identity.iter().find_map(|field| entry[*field].as_str())
                        && !seen.insert(name)
                    {
                        is_steady = false;
                        continue;
                    }
                    all.push(
                        T::deserialize(entry)
                            .map_err(|_| answer.unexpected("an entry of the list has an unexpected shape"))?,
                    );
                }
            }
            if is_steady || readings == READINGS {
                return Ok(all);
            }
        }
    }

    async fn read(&self, request: &AtlasRequest) -> Result<Reading, AtlasError> {
        let (first, page) = self.page_of(request, 1).await?;
        let total = page.total_count;
        let mut more = page.has_next();
        let mut reading = Reading { entries: vec![(first, page.results)], is_steady: true };
        let mut next = 2;
        if more && let Some(last) = total.and_then(|total| u32::try_from(total.div_ceil(LARGEST_PAGE.into())).ok()) {
            let known = 2..=last.min(MOST_PAGES);
            let pages = stream::iter(known.clone()).map(|number| self.page_of(request, number)).buffered(AT_ONCE);
            let pages: Vec<_> = pages.try_collect().await?;
            let count = pages.len();
            for (index, (answer, page)) in pages.into_iter().enumerate() {
                more = page.has_next();
                let is_last = index + 1 == count;
                reading.is_steady &= page.total_count == total && (is_last || more);
                reading.entries.push((answer, page.results));
            }
            next = known.end().saturating_add(1).max(2);
        }
        while more {
            if next > MOST_PAGES {
                let problem = format!("the list has more than {MOST_PAGES} pages");
                let (operation, status) = (request.operation(), StatusCode::OK);
                return Err(AtlasError::malformed(operation, Outcome::NotExecuted, status, &problem, None));
            }
            // Atlas never points to a page after an empty one; a list that repeats itself would not end.
            let ends = |entries: &[(RawAnswer, Vec<Value>)]| match entries {
                [.., (answer, last)] if last.is_empty() => Err(answer.unexpected("its pages do not end")),
                [.., (_, previous), (answer, last)] if previous == last => {
                    Err(answer.unexpected("its pages do not end"))
                }
                _ => Ok(()),
            };
            ends(&reading.entries)?;
            let (answer, page) = self.page_of(request, next).await?;
            more = page.has_next();
            reading.is_steady &= page.total_count == total;
            reading.entries.push((answer, page.results));
            if more {
                ends(&reading.entries)?;
            }
            next += 1;
        }
        Ok(reading)
    }

    async fn page_of(&self, request: &AtlasRequest, number: u32) -> Result<(RawAnswer, Page<Value>), AtlasError> {
        let answer = self.execute(&request.page(number, LARGEST_PAGE)).await?;
        let page = answer.decode()?;
        Ok((answer, page))
    }
}

impl RawAnswer {
    /// The entries of a list that has no pages: a bare array, or the shape of a page.
    fn decode_entries<T: DeserializeOwned>(&self) -> Result<Vec<T>, AtlasError> {
        if self.body.trim_ascii_start().starts_with(b"[") {
            return self.decode();
        }
        self.decode().map(|page: Page<T>| page.results)
    }
}

/// The fields that tell the entries of a list apart, the first that is there; none for lists whose entries may be alike.
const fn identity(operation: Operation) -> &'static [&'static str] {
    match operation {
        Operation::ListOrgServiceAccounts | Operation::ListGroupServiceAccounts => &["clientId"],
        Operation::ListOrgApiKeyAccessListEntries
        | Operation::ListOrgServiceAccountAccessList
        | Operation::ListGroupServiceAccountAccessList => &["cidrBlock", "ipAddress"],
        Operation::GetOrgServiceAccountGroups => &["groupId"],
        Operation::ListGroupTeams => &["teamId"],
        Operation::ListOrgInvoiceReports => &["reportId"],
        Operation::ListEventTypes => &["eventType"],
        Operation::ListRateLimits => &["endpointSetId"],
        Operation::SearchOrgInvoiceLineItems => &[],
        _ => &["id"],
    }
}
