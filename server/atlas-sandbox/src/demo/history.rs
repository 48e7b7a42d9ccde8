//! What happened in the organizations of a population before anybody looked: who made the keys, changed roles, linked
//! organizations, paid invoices.
//!
//! The identifiers of these events come from a generator for each organization, so that nothing else of a population
//! depends on them; months that end later only add events at the end.

use std::{collections::HashMap, net::IpAddr};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{DemoCredentials, population::History};
use crate::{
    address, billing,
    id::Id,
    random::Random,
    state::{Actor, Event, Key, Org, Project, State},
};

const DAY: i64 = 24 * 3_600;

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Everything.
    Full,
    /// Of each key only that it was made: large populations stay small in memory.
    Brief,
}

/// Links the organizations to the one that pays, and writes the history of each.
pub(super) fn tell(state: &mut State, credentials: &[DemoCredentials], history: &History, detail: Detail) {
    if let Some(payer) = credentials.iter().find(|org| org.is_paying).and_then(|org| Id::parse(&org.org_id)) {
        link(state, payer, history);
    }
    write(state, history, detail);
}

/// Makes `payer` pay for all other organizations, one after the other.
fn link(state: &mut State, payer: Id, history: &History) {
    let mut others: Vec<(Timestamp, Id)> =
        state.orgs.values().filter(|org| org.id != payer).map(|org| (org.created, org.id)).collect();
    others.sort_unstable();
    for (place, (created, id)) in (0..).zip(others) {
        let since = history.days_ago(400 - (place * 110) % 300).max(later(created, 30 * DAY));
        if let Some(org) = state.orgs.get_mut(&id) {
            org.payer = Some((payer, since));
        }
    }
    if let Some(org) = state.orgs.get_mut(&payer) {
        org.is_paying = true;
    }
}

/// Writes the history of every organization.
fn write(state: &mut State, history: &History, detail: Detail) {
    let mut orgs: Vec<Id> = state.orgs.keys().copied().collect();
    orgs.sort_unstable();
    for id in orgs {
        let Some(org) = state.orgs.get(&id) else {
            continue;
        };
        let mut teller = Teller::new(state, org, history, detail);
        teller.tell();
        let Teller { mut random, events, .. } = teller;
        state.remember(id, events, &mut random);
    }
}

/// Collects the events of one organization.
struct Teller<'a> {
    state: &'a State,
    org: &'a Org,
    history: &'a History,
    detail: Detail,
    random: Random,
    people: Vec<Actor>,
    events: Vec<Event>,
}

impl<'a> Teller<'a> {
    fn new(state: &'a State, org: &'a Org, history: &'a History, detail: Detail) -> Self {
        let owners = state.people.members(org.id).iter().filter(|member| member.is_active_owner());
        let people = owners.map(|member| Actor::Person { id: member.id, username: member.username.clone() }).collect();
        let random = Random::seeded(org.id.seed() ^ 0x6869_7374_6f72_7921);
        Self { state, org, history, detail, random, people, events: Vec::new() }
    }

    fn tell(&mut self) {
        self.say(self.org.created, "ORG_CREATED", None, Vec::new());
        self.links();
        for project in self.org.projects.iter().filter_map(|id| self.state.projects.get(id)) {
            self.project(project);
        }
        for key in self.org.keys.iter().filter_map(|id| self.state.keys.get(id)) {
            self.key(key);
        }
        if self.detail == Detail::Full {
            self.people_and_accounts();
            self.forgotten_keys();
        }
        self.invoices();
    }

    /// Adds an event by one of the organization's people; what lies in the future has not happened.
    fn say(&mut self, at: Timestamp, kind: &'static str, project: Option<Id>, details: Vec<(&'static str, Value)>) {
        let number = usize::try_from(self.random.below(1_000)).unwrap_or(0);
        let actor = self.people.get(number % self.people.len().max(1)).cloned().unwrap_or(Actor::Atlas);
        let remote =
            (actor != Actor::Atlas).then(|| IpAddr::from([203, 0, 113, u8::try_from(16 + number % 12).unwrap_or(16)]));
        self.add(Event { at, kind, org: self.org.id, project, actor, remote, cluster: None, details });
    }

    /// Adds an event of Atlas itself.
    fn note(&mut self, at: Timestamp, kind: &'static str, project: Option<Id>, details: Vec<(&'static str, Value)>) {
        let (org, actor) = (self.org.id, Actor::Atlas);
        self.add(Event { at, kind, org, project, actor, remote: None, cluster: None, details });
    }

    fn add(&mut self, event: Event) {
        if event.at <= self.history.now() {
            self.events.push(event);
        }
    }

    fn links(&mut self) {
        if let Some((_, since)) = self.org.payer {
            self.say(since, "BECAME_LINKED_ORG", None, Vec::new());
            self.say(since, "ORG_LINKED_TO_PAYING_ORG", None, Vec::new());
        }
        let linked = self.state.linked_to(self.org.id);
        if let Some((_, first)) = linked.first().and_then(|org| org.payer) {
            let before = ago(first, 2 * DAY).max(self.org.created);
            self.say(before, "PREPAID_PLAN_ACTIVATED", None, Vec::new());
            self.say(later(before, 3_600), "BECAME_PAYING_ORG", None, Vec::new());
        }
        for since in linked.iter().filter_map(|org| org.payer.map(|(_, since)| since)) {
            self.say(since, "NEW_LINKED_ORG", None, Vec::new());
        }
    }

    fn project(&mut self, project: &Project) {
        self.say(project.created, "GROUP_CREATED", Some(project.id), Vec::new());
        if self.detail == Detail::Brief {
            return;
        }
        for number in 0..project.clusters {
            let at = later(project.created, 600 * i64::from(number + 1));
            for (at, kind) in [(at, "CLUSTER_CREATED"), (later(at, 480), "CLUSTER_READY")] {
                self.say(at, kind, Some(project.id), Vec::new());
                if let Some(event) = self.events.last_mut().filter(|event| event.kind == kind) {
                    event.cluster = Some(format!("Cluster{number}"));
                }
            }
        }
        if self.random.chance(30) {
            let at = self.between(project.created);
            self.say(at, "PROJECT_LIMIT_UPDATED", Some(project.id), Vec::new());
        }
    }

    fn key(&mut self, key: &Key) {
        let made = key.id.made();
        let public = || vec![("targetPublicKey", Value::from(key.public.as_str()))];
        self.say(made, "API_KEY_CREATED", None, public());
        if self.detail == Detail::Brief {
            return;
        }
        for entry in &key.grants.access_list {
            let details = [public(), vec![("whitelistEntry", address::cidr_block(&entry.net).into())]].concat();
            self.say(later(entry.created, 20), "API_KEY_ACCESS_LIST_ENTRY_ADDED", None, details);
        }
        for project in key.grants.project_roles.keys() {
            let there = self.state.projects.get(project).map_or(made, |project| project.created);
            self.say(later(made.max(there), 60), "API_KEY_ADDED_TO_GROUP", Some(*project), public());
        }
        if self.random.chance(25) {
            let at = self.between(made);
            self.say(at, "API_KEY_ROLES_CHANGED", None, public());
        }
        if self.random.chance(12) {
            let at = self.between(made);
            self.say(at, "API_KEY_DESCRIPTION_CHANGED", None, public());
        }
    }

    /// Keys that are no longer there.
    fn forgotten_keys(&mut self) {
        for _ in 0..self.org.keys.len() / 8 {
            let public = self.random.public_key();
            let details = || vec![("targetPublicKey", Value::from(public.as_str()))];
            let made = self.between(self.org.created);
            self.say(made, "API_KEY_CREATED", None, details());
            let gone = self.between(made);
            self.say(gone, "API_KEY_DELETED", None, details());
        }
    }

    fn people_and_accounts(&mut self) {
        let mut accounts: Vec<_> = self.org.accounts.iter().filter_map(|id| self.state.accounts.get(id)).collect();
        accounts.sort_by_key(|account| account.id);
        for account in accounts {
            self.say(account.created, "SERVICE_ACCOUNT_CREATED", None, Vec::new());
            for secret in account.secrets.iter().filter(|secret| secret.created > account.created) {
                self.say(secret.created, "SERVICE_ACCOUNT_SECRET_ADDED", None, Vec::new());
            }
        }
        for member in self.state.people.members(self.org.id) {
            let target = || vec![("targetUsername", Value::from(member.username.as_str()))];
            match &member.invitation {
                Some(invitation) => self.say(invitation.created, "INVITED_TO_ORG", None, target()),
                None => {
                    let at = self.between(self.org.created);
                    self.say(at, "JOINED_ORG", None, target());
                    if self.random.chance(20) {
                        let at = self.between(at);
                        self.say(at, "USER_ROLES_CHANGED_AUDIT", None, target());
                    }
                }
            }
        }
    }

    /// Months that are over, of the last year as it was at the end of the history, and since.
    fn invoices(&mut self) {
        let (org, now) = (self.org, self.history.now());
        let mut month = billing::Month::of(self.history.days_ago(365)).max(billing::Month::of(org.created));
        let has_clusters = HashMap::<Id, u32>::from_iter(
            org.projects.iter().filter_map(|id| self.state.projects.get(id)).map(|one| (one.id, one.clusters)),
        );
        if !org.is_paying && has_clusters.values().all(|clusters| *clusters == 0) {
            return;
        }
        while month.end() <= now {
            let invoice = || ("invoiceId", Value::from(billing::invoice_id(org.id, month).to_string()));
            self.note(billing::closed_at(month), "INVOICE_CLOSED", None, vec![invoice()]);
            if org.payer.is_none_or(|(_, since)| since >= month.end()) {
                let payment = ("paymentId", Value::from(billing::payment_id(org.id, month).to_string()));
                self.note(billing::paid_at(month), "CHARGE_SUCCEEDED", None, vec![invoice(), payment]);
            }
            month = month.plus(1);
        }
    }

    /// Some moment between `from` and the end of the history.
    fn between(&mut self, from: Timestamp) -> Timestamp {
        let span = self.history.days_ago(0).as_second() - from.as_second();
        later(from, i64::try_from(self.random.below(u64::try_from(span).unwrap_or(0))).unwrap_or(0))
    }
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}

fn ago(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(at)
}
