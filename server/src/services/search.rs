//! Search over everything the caller may see, and over nothing else: what is not the caller's to see is neither found nor counted.
//!
//! One function for each kind of thing. They ask the database at the same time.

use std::sync::Arc;

use app::{
    api::{
        inventory::{KeyFinding, KeyQuery},
        search::{LONGEST, SearchGroup, SearchHit, SearchKind, SearchNote, SearchResults},
    },
    backend::{Answer, Caller, Clock, SearchService},
    paths,
};
use async_trait::async_trait;
use domain::{
    ids::{OrgId, RequestNumber},
    people::{Permission, Role},
    request::RequestState,
};
use ipnet::IpNet;

use crate::{
    services::inventory::bounds,
    store::{AllowingKey, FoundKey, OrgSummary, Store},
};

/// The most of one kind that anybody gets.
const MOST: u32 = 50;

/// How many of one kind when nobody says.
const USUAL: u32 = 8;

/// How many keys are looked at to find the closest.
const LOOKED_AT: u32 = 60;

/// Implements [`SearchService`].
pub struct Search {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").finish_non_exhaustive()
    }
}

/// What is looked for, and by whom.
struct Wanted<'a> {
    caller: &'a Caller,
    /// In lower case.
    text: String,
    /// As it was typed.
    typed: &'a str,
    limit: usize,
    visible: Option<Vec<OrgId>>,
    orgs: Vec<OrgSummary>,
}

impl Wanted<'_> {
    fn label(&self, org: &OrgId) -> String {
        self.orgs.iter().find(|summary| summary.org == *org).map(|summary| summary.label.clone()).unwrap_or_default()
    }

    /// One more than is shown, to know whether there is more.
    fn one_more(&self) -> u32 {
        u32::try_from(self.limit + 1).unwrap_or(MOST)
    }

    /// A group of what is shown of `hits`; `all` is where the rest is.
    fn group(&self, kind: SearchKind, mut hits: Vec<SearchHit>, all: impl FnOnce() -> String) -> Option<SearchGroup> {
        if hits.is_empty() {
            return None;
        }
        let more = (hits.len() > self.limit).then(all);
        hits.truncate(self.limit);
        Some(SearchGroup { kind, hits, more, note: None })
    }
}

impl Search {
    /// The service over `store`.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    async fn request(&self, wanted: &Wanted<'_>) -> Answer<Option<SearchGroup>> {
        let Ok(number) = wanted.text.to_uppercase().parse::<RequestNumber>() else { return Ok(None) };
        let person = wanted.caller.person;
        let Some(found) = self.store.find_request(wanted.visible.as_deref(), person, number).await? else {
            return Ok(None);
        };
        let is_perishable = matches!(found.state, RequestState::Pending | RequestState::Approved);
        let state =
            if is_perishable && found.expires_at <= self.clock.now() { RequestState::Expired } else { found.state };
        let hit = SearchHit {
            title: found.sentence,
            detail: state.label().to_owned(),
            id: number.to_string(),
            href: paths::request(number),
        };
        Ok(wanted.group(SearchKind::Request, vec![hit], String::new))
    }

    async fn projects(&self, wanted: &Wanted<'_>) -> Answer<Option<SearchGroup>> {
        let found = self.store.find_projects(wanted.visible.as_deref(), &wanted.text, wanted.one_more()).await?;
        let hits = found.into_iter().map(|found| SearchHit {
            detail: wanted.label(&found.org),
            href: paths::project(&found.project),
            id: found.project.to_string(),
            title: found.name,
        });
        let all = || paths::with_query(paths::PROJECTS, &[("q", wanted.typed.to_owned())]);
        Ok(wanted.group(SearchKind::Project, hits.collect(), all))
    }

    async fn keys(&self, wanted: &Wanted<'_>) -> Answer<Option<SearchGroup>> {
        let mut found = self.store.find_keys(wanted.visible.as_deref(), &wanted.text, LOOKED_AT).await?;
        found.sort_by_cached_key(|key| distance(key, &wanted.text));
        let hits = found.into_iter().map(|key| key_hit(wanted, &key, None)).collect();
        Ok(wanted.group(SearchKind::ApiKey, hits, || keys_with(wanted)))
    }

    async fn allowed(&self, wanted: &Wanted<'_>) -> Answer<Option<SearchGroup>> {
        let Ok((range, _)) = domain::access_list::read_range(wanted.typed) else { return Ok(None) };
        let (_, last) = bounds(&range);
        let mut found: Vec<AllowingKey> = Vec::new();
        for firsts in around(&range) {
            if found.len() > wanted.limit {
                break;
            }
            let visible = wanted.visible.as_deref();
            // A key found by a narrower entry may come again.
            let limit = wanted.one_more() + u32::try_from(found.len()).unwrap_or(MOST);
            let mut wider = self.store.find_allowing(visible, &firsts, &last, limit).await?;
            wider.retain(|key| !found.iter().any(|other| other.found == key.found));
            wider.sort_by_cached_key(|key| key.found.description.to_lowercase());
            found.append(&mut wider);
        }
        let hits: Vec<SearchHit> = found.iter().map(|key| key_hit(wanted, &key.found, Some(&key.block))).collect();
        let note = other_lists(&wanted.orgs);
        let group = wanted.group(SearchKind::AllowedKey, hits, || keys_with(wanted));
        let empty = SearchGroup { kind: SearchKind::AllowedKey, hits: Vec::new(), more: None, note: None };
        Ok(match (group, note) {
            (group, None) => group,
            (group, note) => Some(SearchGroup { note, ..group.unwrap_or(empty) }),
        })
    }

    async fn people(&self, wanted: &Wanted<'_>) -> Answer<Option<SearchGroup>> {
        if !wanted.caller.grants.allow(Permission::ManagePeople) {
            return Ok(None);
        }
        let hits = self.store.people().await?.into_iter().filter(|person| {
            person.username.contains(&wanted.text) || person.display_name.to_lowercase().contains(&wanted.text)
        });
        let hits = hits.map(|person| SearchHit {
            title: person.display_name,
            detail: if person.disabled_at.is_some() { "disabled".to_owned() } else { String::new() },
            href: paths::person(person.id),
            id: person.username,
        });
        Ok(wanted.group(SearchKind::Person, hits.collect(), || paths::PEOPLE.to_owned()))
    }
}

#[async_trait]
impl SearchService for Search {
    async fn find(&self, caller: &Caller, text: &str, limit: u32) -> Answer<SearchResults> {
        // Nothing has control characters in it, and PostgreSQL takes no null.
        let typed: String = text.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let limit = if limit == 0 { USUAL } else { limit.min(MOST) };
        let visible = caller.grants.visible_orgs();
        let wanted = Wanted {
            caller,
            text: typed.to_lowercase(),
            typed: &typed,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            orgs: self.store.org_summaries(visible.as_deref()).await?,
            visible,
        };
        let mut groups = Vec::new();
        if !typed.is_empty() {
            let (request, projects, keys, allowed, people) = futures_util::try_join!(
                self.request(&wanted),
                self.projects(&wanted),
                self.keys(&wanted),
                self.allowed(&wanted),
                self.people(&wanted),
            )?;
            groups.extend([request, organizations(&wanted), projects, keys, allowed, people].into_iter().flatten());
        }
        groups.extend(pages(&wanted));
        groups.sort_by_key(|group| group.kind);
        Ok(SearchResults { text: typed, groups })
    }
}

fn organizations(wanted: &Wanted<'_>) -> Option<SearchGroup> {
    let fits = |org: &&OrgSummary| {
        [&org.label, &org.name, &org.environment].iter().any(|text| text.to_lowercase().contains(&wanted.text))
            || org.org.as_str().contains(&wanted.text)
    };
    let mut found: Vec<&OrgSummary> = wanted.orgs.iter().filter(fits).collect();
    found.sort_by_key(|org| !org.label.to_lowercase().starts_with(&wanted.text));
    let hits = found.into_iter().map(|org| {
        let other = if org.label == org.name { "" } else { org.name.as_str() };
        let words: Vec<&str> = [other, org.environment.as_str()].into_iter().filter(|word| !word.is_empty()).collect();
        SearchHit {
            title: org.label.clone(),
            detail: words.join(", "),
            id: org.org.to_string(),
            href: paths::organization(&org.org),
        }
    });
    let all = || paths::with_query(paths::ORGANIZATIONS, &[("q", wanted.typed.to_owned())]);
    wanted.group(SearchKind::Organization, hits.collect(), all)
}

/// Pages, and what one can begin there, as far as the caller may. All of them when nothing is looked for.
fn pages(wanted: &Wanted<'_>) -> Option<SearchGroup> {
    let grants = &wanted.caller.grants;
    let may_request = wanted.orgs.iter().any(|org| grants.has(Role::Operator, &org.org));
    let (may_connect, sees_people) = (grants.allow(Permission::AddConnections), grants.allow(Permission::ManagePeople));
    let all = [
        ("Overview", paths::HOME, true),
        ("Requests", paths::REQUESTS, true),
        ("Organizations", paths::ORGANIZATIONS, true),
        ("Projects", paths::PROJECTS, true),
        ("API keys", paths::KEYS, true),
        ("Findings", paths::FINDINGS, true),
        ("Create an API key", paths::NEW_KEY, may_request),
        ("Connect an organization", paths::NEW_ORGANIZATION, may_connect),
        ("Import several organizations", paths::IMPORT_ORGANIZATIONS, may_connect),
        ("Log", paths::LOG, grants.allow(Permission::ReadLog)),
        ("People", paths::PEOPLE, sees_people),
        ("Add a person", paths::NEW_PERSON, sees_people),
        ("My account", paths::ACCOUNT, true),
    ];
    let found = all.into_iter().filter(|(title, _, may)| *may && title.to_lowercase().contains(&wanted.text));
    let hits: Vec<SearchHit> = found
        .map(|(title, href, _)| SearchHit {
            title: title.to_owned(),
            detail: String::new(),
            id: String::new(),
            href: href.to_owned(),
        })
        .collect();
    (!hits.is_empty()).then_some(SearchGroup { kind: SearchKind::Page, hits, more: None, note: None })
}

fn key_hit(wanted: &Wanted<'_>, key: &FoundKey, block: Option<&str>) -> SearchHit {
    let org = wanted.label(&key.org);
    let title = if key.description.trim().is_empty() { "(no description)".to_owned() } else { key.description.clone() };
    SearchHit {
        title,
        detail: block.map_or_else(|| org.clone(), |block| format!("{org}, by {block}")),
        id: key.public_key.clone(),
        href: paths::key(&key.org, &key.key),
    }
}

fn keys_with(wanted: &Wanted<'_>) -> String {
    KeyQuery { q: wanted.typed.to_owned(), ..KeyQuery::default() }.address(paths::KEYS)
}

/// How far a key is from what is looked for: what identifies it comes first, then the beginning of its description, then the
/// beginning of a word in it.
fn distance(key: &FoundKey, text: &str) -> (u8, String) {
    let description = key.description.to_lowercase();
    let (public, id) = (key.public_key.to_lowercase(), key.key.as_str());
    let begins_a_word =
        || description.match_indices(text).any(|(at, _)| !description[..at].ends_with(char::is_alphanumeric));
    let far = if public == text || id == text {
        0
    } else if description == text {
        1
    } else if description.starts_with(text) {
        2
    } else if public.starts_with(text) || id.starts_with(text) {
        3
    } else if begins_a_word() {
        4
    } else {
        5
    };
    (far, description)
}

/// Where ranges that hold `range` can begin, the narrowest together first.
fn around(range: &IpNet) -> Vec<Vec<String>> {
    let (length, own) = (range.max_prefix_len(), range.prefix_len());
    // One look for a single address, one for each step that people think in.
    let steps: &[u8] = if length == 32 { &[32, 24, 16, 8, 0] } else { &[128, 64, 48, 32, 0] };
    let mut from = length + 1;
    let mut places = Vec::new();
    for step in steps {
        let mut firsts: Vec<String> = (*step..from)
            .filter(|prefix| *prefix <= own)
            .filter_map(|prefix| IpNet::new(range.network(), prefix).ok())
            .map(|net| bounds(&net.trunc()).0)
            .collect();
        firsts.dedup();
        places.push(firsts);
        from = *step;
    }
    places
}

/// What the hits of an address do not tell: keys without a list, and lists that could not be read.
fn other_lists(orgs: &[OrgSummary]) -> Option<SearchNote> {
    let open: u32 =
        orgs.iter().filter_map(|org| org.counts.findings.get(KeyFinding::NoAccessList.as_str()).copied()).sum();
    let hidden: u32 = orgs.iter().map(|org| org.counts.lists_not_readable + org.counts.lists_not_read).sum();
    let key = |count: u32| if count == 1 { "1 key".to_owned() } else { format!("{count} keys") };
    let finding = |finding: KeyFinding| KeyQuery { finding: Some(finding), ..KeyQuery::default() }.address(paths::KEYS);
    let without = format!(
        "{} without an access list may be used from any address, unless the organization requires lists.",
        key(open)
    );
    let unread = format!("The access lists of {} could not be read; they may allow it too.", key(hidden));
    let (text, href) = match (open, hidden) {
        (0, 0) => return None,
        (_, 0) => (without, finding(KeyFinding::NoAccessList)),
        (0, _) => (unread, finding(KeyFinding::ListNotReadable)),
        (_, _) => (format!("{without} {unread}"), finding(KeyFinding::NoAccessList)),
    };
    Some(SearchNote { text, href, link: "Show them".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(description: &str) -> FoundKey {
        FoundKey {
            org: "5f1a2b3c4d5e6f7081920a1b".parse().unwrap(),
            key: "6f1a2b3c4d5e6f7081920a1b".parse().unwrap(),
            public_key: "abcdefgh".into(),
            description: description.into(),
        }
    }

    #[test]
    fn what_is_meant_comes_before_what_merely_contains_it() {
        let order = ["ci", "ci-deploy", "deploy from ci", "special"];
        let mut keys: Vec<FoundKey> = ["special", "deploy from ci", "ci-deploy", "ci"].map(key).into();
        keys.sort_by_cached_key(|key| distance(key, "ci"));
        assert_eq!(keys.iter().map(|key| key.description.as_str()).collect::<Vec<_>>(), order);
        assert_eq!(distance(&key("x"), "abcdefgh").0, 0, "a public key is meant when it is typed");
    }

    #[test]
    fn every_range_around_an_address_begins_at_one_of_the_places() {
        let address: IpNet = "203.0.113.7/32".parse().unwrap();
        let places: Vec<String> = around(&address).concat();
        for net in ["203.0.113.7/32", "203.0.113.4/30", "203.0.112.0/22", "203.0.0.0/16", "192.0.0.0/3", "0.0.0.0/0"] {
            assert!(places.contains(&bounds(&net.parse().unwrap()).0), "{net}");
        }
        let range: IpNet = "10.1.2.0/24".parse().unwrap();
        let places: Vec<String> = around(&range).concat();
        assert!(places.contains(&bounds(&"10.1.0.0/16".parse().unwrap()).0));
        let places: Vec<String> = around(&"2001:db8::7/128".parse().unwrap()).concat();
        for net in ["2001:db8::7/128", "2001:db8::4/126", "2001:db8::/48", "2001:db8::/29", "2000::/3", "::/0"] {
            assert!(places.contains(&bounds(&net.parse().unwrap()).0), "{net}");
        }
    }
}
