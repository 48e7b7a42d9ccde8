//! Misbehaviour on demand: rules that spoil matching signed requests, and the requests that are held back.
//!
//! Rules never touch unsigned requests, so that "the next POST" means the one that would be executed.

mod rule;

use std::{
    collections::HashSet,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use tokio::sync::{oneshot, watch};

use crate::{id::Id, request::Incoming};

pub(crate) use rule::HEADER;
pub use rule::{FaultKind, FaultRule, NAMES};

/// How many nonces and accounts are remembered before all are forgotten.
const MOST_MET: usize = 10_000;

/// How a held request goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// As if it had only been slow.
    Continue,
    /// The connection closes; what was not executed never is.
    Abandon,
}

/// A request that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The method.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// Whether it was executed before it was held.
    pub executed: bool,
}

/// The rules in force and the requests held.
pub(crate) struct Faults {
    rules: Mutex<Vec<Armed>>,
    names: Vec<(&'static str, Mutex<Armed>)>,
    met: Mutex<Met>,
    held: Mutex<Vec<(Held, oneshot::Sender<Release>)>>,
    count: watch::Sender<usize>,
    is_closing: AtomicBool,
}

/// A rule and how many requests it has matched.
struct Armed {
    rule: FaultRule,
    seen: u32,
}

impl Armed {
    fn new(rule: FaultRule) -> Self {
        Self { rule, seen: 0 }
    }

    /// What is to happen to a request that the rule matches.
    fn next(&mut self) -> Option<Spoilt> {
        let past = self.seen.checked_sub(self.rule.skip);
        self.seen = self.seen.saturating_add(1);
        past.filter(|past| past % self.rule.every.max(1) == 0)?;
        let is_endless = self.rule.is_endless();
        if !is_endless {
            self.rule.times = self.rule.times.saturating_sub(1);
        }
        Some(Spoilt { fault: self.rule.fault.clone(), is_endless })
    }
}

/// What is to happen to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spoilt {
    pub(crate) fault: FaultKind,
    /// Whether it would happen to all of its kind: then who does what the refusal asks for has to get on.
    pub(crate) is_endless: bool,
}

/// What endless rules have refused once already.
#[derive(Default)]
struct Met {
    nonces: HashSet<String>,
    accounts: HashSet<Id>,
}

impl Faults {
    /// No rules but those of the well-known names.
    pub(crate) fn none() -> Self {
        let names = NAMES.iter().filter_map(|(name, line)| Some((*name, Mutex::new(Armed::new(line.parse().ok()?)))));
        Self {
            rules: Mutex::default(),
            names: names.collect(),
            met: Mutex::default(),
            held: Mutex::default(),
            count: watch::Sender::new(0),
            is_closing: AtomicBool::new(false),
        }
    }

    /// Adds rules after those in force.
    pub(crate) fn add(&self, rules: Vec<FaultRule>) {
        lock(&self.rules).extend(rules.into_iter().map(Armed::new));
    }

    /// Forgets all rules.
    pub(crate) fn clear(&self) {
        lock(&self.rules).clear();
    }

    /// What is to happen to this request: by its own header, else by the first rule that matches, else by one of the
    /// names that the caller and what it asks about go by.
    ///
    /// # Errors
    ///
    /// When the header says nothing that can happen.
    pub(crate) fn next(
        &self,
        incoming: &Incoming,
        names: impl FnOnce() -> Vec<String>,
    ) -> Result<Option<Spoilt>, String> {
        if let Some(line) = incoming.headers.get(HEADER) {
            let rule: FaultRule = line.to_str().map_err(|error| error.to_string())?.parse()?;
            return Ok(Some(Spoilt { fault: rule.fault, is_endless: true }));
        }
        Ok(self.by_rule(incoming).unwrap_or_else(|| self.by_name(incoming, &names())))
    }

    fn by_rule(&self, incoming: &Incoming) -> Option<Option<Spoilt>> {
        let mut rules = lock(&self.rules);
        let at = rules.iter().position(|armed| armed.rule.times > 0 && armed.rule.matches(incoming))?;
        let spoilt = rules[at].next();
        if rules[at].rule.times == 0 {
            rules.remove(at);
        }
        Some(spoilt)
    }

    fn by_name(&self, incoming: &Incoming, names: &[String]) -> Option<Spoilt> {
        let names: Vec<&String> = names.iter().filter(|name| name.contains('(')).collect();
        let known = |phrase: &str| names.iter().any(|name| name.contains(phrase));
        let mut fitting = self.names.iter().filter(|(phrase, _)| known(phrase)).map(|(_, armed)| lock(armed));
        fitting.find(|armed| armed.rule.matches(incoming)).and_then(|mut armed| armed.next())
    }

    /// Notes a nonce that was given out when one was refused as stale.
    pub(crate) fn give(&self, nonce: String) {
        let mut met = lock(&self.met);
        if met.nonces.len() >= MOST_MET {
            met.nonces.clear();
        }
        met.nonces.insert(nonce);
    }

    /// Whether the request is signed with such a nonce.
    pub(crate) fn was_given(&self, authorization: &str) -> bool {
        let met = lock(&self.met);
        authorization.split('"').any(|part| met.nonces.contains(part))
    }

    /// True the first time it is asked about an account.
    pub(crate) fn meet(&self, account: Id) -> bool {
        let mut met = lock(&self.met);
        if met.accounts.len() >= MOST_MET {
            met.accounts.clear();
        }
        met.accounts.insert(account)
    }

    /// Keeps the caller waiting until somebody releases it.
    pub(crate) async fn hold(&self, incoming: &Incoming, executed: bool) -> Release {
        let (sender, receiver) = oneshot::channel();
        let held = Held { method: incoming.method.to_string(), target: incoming.target.clone(), executed };
        {
            let mut list = lock(&self.held);
            if self.is_closing.load(Ordering::Acquire) {
                return Release::Abandon;
            }
            list.push((held, sender));
            self.count.send_replace(list.len());
        }
        receiver.await.unwrap_or(Release::Abandon)
    }

    /// The requests held now, oldest first.
    pub(crate) fn held(&self) -> Vec<Held> {
        let list = lock(&self.held);
        list.iter().map(|(held, _)| held.clone()).collect()
    }

    /// Waits until at least `count` requests are held.
    pub(crate) async fn wait_for_held(&self, count: usize) {
        let mut counts = self.count.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = counts.wait_for(|held| *held >= count).await;
    }

    /// Lets all held requests go on and says how many there were.
    pub(crate) fn release(&self, how: Release) -> usize {
        let mut list = lock(&self.held);
        let released = list.drain(..).filter_map(|(_, sender)| sender.send(how).ok()).count();
        self.count.send_replace(0);
        released
    }

    /// Abandons what is held and holds nothing any more, so that the program can end.
    pub(crate) fn close(&self) {
        self.is_closing.store(true, Ordering::Release);
        self.release(Release::Abandon);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
