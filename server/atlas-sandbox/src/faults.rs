//! Misbehaviour on demand: rules that spoil matching signed requests, and the requests that are held back.
//!
//! Rules never touch unsigned requests, so that "the next POST" means the one that would be executed.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use serde::{Deserialize, Serialize};
use tokio::sync::{oneshot, watch};

use crate::{oauth, request::Incoming};

/// What happens to a request that a rule matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// Answers this status in Atlas's error shape.
    Status {
        /// The status, say 429, 500 or 503.
        status: u16,
        /// Seconds for `Retry-After`; without it the header is left out.
        #[serde(default)]
        retry_after: Option<u32>,
        /// Whether the request is executed before it is answered so.
        #[serde(default)]
        after_change: bool,
    },
    /// Answers as usual, later.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Closes the connection instead of executing the request.
    CutBefore,
    /// Executes the request and closes the connection: the answer is lost.
    CutAfter,
    /// Executes the request and breaks the answer's JSON off in the middle.
    MalformedJson,
    /// Refuses the signature's nonce as stale, with a fresh challenge; of a service account, the token as expired.
    StaleNonce,
    /// Keeps the request, not executed, until it is released. It stays kept when the client goes away, as a request
    /// that has reached Atlas would.
    HoldBefore,
    /// Executes the request and keeps the answer until it is released.
    HoldAfter,
}

/// Which requests misbehave, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Only this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only targets (path and query as sent) that contain this.
    #[serde(default)]
    pub path_contains: Option<String>,
    /// How many matching requests go well before the rule starts.
    #[serde(default)]
    pub skip: u32,
    /// How many requests the rule spoils; then it is used up.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens to them.
    pub fault: FaultKind,
}

impl FaultRule {
    /// The next signed request whatever it is.
    pub fn next(fault: FaultKind) -> Self {
        Self { method: None, path_contains: None, skip: 0, times: 1, fault }
    }

    /// The next signed request of `method` whose target contains `path`.
    pub fn on(method: &str, path: &str, fault: FaultKind) -> Self {
        Self { method: Some(method.to_owned()), path_contains: Some(path.to_owned()), ..Self::next(fault) }
    }

    /// The same rule for `times` requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// The same rule after `skip` requests that go well.
    #[must_use]
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Requests for tokens are spoilt only by rules that name their path, so that "the next request" goes on to mean the
    /// next call.
    fn matches(&self, incoming: &Incoming) -> bool {
        let is_meant =
            !oauth::is_at(&incoming.path) || self.path_contains.as_ref().is_some_and(|part| part.contains("oauth"));
        is_meant
            && self.method.as_ref().is_none_or(|method| incoming.method.as_str().eq_ignore_ascii_case(method))
            && self.path_contains.as_ref().is_none_or(|part| incoming.target.contains(part.as_str()))
    }
}

fn once() -> u32 {
    1
}

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
    rules: Mutex<Vec<FaultRule>>,
    held: Mutex<Vec<(Held, oneshot::Sender<Release>)>>,
    count: watch::Sender<usize>,
    is_closing: AtomicBool,
}

impl Faults {
    /// No rules.
    pub(crate) fn none() -> Self {
        Self {
            rules: Mutex::default(),
            held: Mutex::default(),
            count: watch::Sender::new(0),
            is_closing: AtomicBool::new(false),
        }
    }

    /// Adds rules after those in force.
    pub(crate) fn add(&self, rules: Vec<FaultRule>) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).extend(rules);
    }

    /// Forgets all rules.
    pub(crate) fn clear(&self) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What is to happen to this request, by the first rule that matches.
    pub(crate) fn next(&self, incoming: &Incoming) -> Option<FaultKind> {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let at = rules.iter().position(|rule| rule.times > 0 && rule.matches(incoming))?;
        let rule = &mut rules[at];
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        rule.times -= 1;
        let fault = rule.fault.clone();
        if rule.times == 0 {
            rules.remove(at);
        }
        Some(fault)
    }

    /// Keeps the caller waiting until somebody releases it.
    pub(crate) async fn hold(&self, incoming: &Incoming, executed: bool) -> Release {
        let (sender, receiver) = oneshot::channel();
        let held = Held { method: incoming.method.to_string(), target: incoming.target.clone(), executed };
        {
            let mut list = self.held.lock().unwrap_or_else(PoisonError::into_inner);
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
        let list = self.held.lock().unwrap_or_else(PoisonError::into_inner);
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
        let mut list = self.held.lock().unwrap_or_else(PoisonError::into_inner);
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
