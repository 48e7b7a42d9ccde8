//! Keeping within Atlas's rate limits before Atlas has to say so: a bucket of tokens for each set of operations and
//! each organization, project or credential, as Atlas has them.
//!
//! The buckets begin with the limits Atlas publishes. What `GET /rateLimits` tells replaces them
//! ([`Client::learn_limits`](crate::Client::learn_limits)), and the `RateLimit-…` headers of answers correct them: other
//! programs use the same credential.

mod bucket;
mod sets;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::{HeaderMap, StatusCode};
use tokio::time::Instant;

use self::{
    bucket::Bucket,
    sets::{Scope, Set},
};
use crate::{AtlasRequest, Operation, RateLimit};

/// What is left of Atlas's rate limits. Cheap to clone: clones share everything, and the clients of one organization
/// should share one, since Atlas counts their requests together.
#[derive(Clone)]
pub struct Budgets(Option<Arc<Buckets>>);

type Buckets = Mutex<HashMap<Key, Arc<Bucket>>>;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    set: Set,
    whose: String,
}

/// Leave to send one request. Held while it is on its way.
pub(crate) struct Permit(Option<Arc<Bucket>>);

impl Default for Budgets {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Budgets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(buckets) => write!(f, "Budgets({} buckets)", lock(buckets).len()),
            None => f.write_str("Budgets(unlimited)"),
        }
    }
}

impl Budgets {
    /// Full buckets.
    #[must_use]
    pub fn new() -> Self {
        Self(Some(Arc::default()))
    }

    /// No limits, for an Atlas that has none, such as a sandbox told so.
    #[must_use]
    pub fn unlimited() -> Self {
        Self(None)
    }

    /// Waits for leave to send `request` in the name of `caller`, until `deadline` at most.
    ///
    /// # Errors
    ///
    /// How long it would have to wait, if that is beyond the deadline.
    pub(crate) async fn take(
        &self,
        request: &AtlasRequest,
        caller: &str,
        deadline: Option<Instant>,
    ) -> Result<Permit, Duration> {
        let Some(buckets) = &self.0 else { return Ok(Permit(None)) };
        let set = Set::of(request.operation());
        let key = Key { set, whose: whose(set, request, caller) };
        let bucket = bucket(buckets, key);
        bucket.take(deadline).await?;
        Ok(Permit(Some(bucket)))
    }

    /// Takes over what `GET /rateLimits` told about `whose` limits: an organization's or project's id, or the name of a
    /// credential. Returns how many buckets were set.
    pub(crate) fn learn(&self, limits: &[RateLimit], whose: &str) -> usize {
        let Some(buckets) = &self.0 else { return 0 };
        let mut learnt: Vec<Set> = Vec::new();
        for limit in limits {
            let (Some(capacity), Some(refill)) = (limit.capacity.value, limit.refill_rate.value) else { continue };
            let seconds = limit.refill_duration_seconds.value.unwrap_or(60);
            for set in limit.endpoints.iter().filter_map(|one| operation(&one.method, &one.path)).map(Set::of) {
                if !learnt.contains(&set) && set.scope().is_called(&limit.scope) {
                    learnt.push(set);
                    bucket(buckets, Key { set, whose: whose.to_owned() }).learn(capacity, refill, seconds);
                }
            }
        }
        learnt.len()
    }
}

impl Permit {
    /// Learns from the headers of the answer.
    pub(crate) fn answered(&self, status: StatusCode, headers: &HeaderMap, retry_after: Option<Duration>) {
        let Some(bucket) = &self.0 else { return };
        let number = |name: &str| -> Option<u32> { headers.get(name)?.to_str().ok()?.trim().parse().ok() };
        bucket.answered(number("ratelimit-limit"), number("ratelimit-remaining"));
        if status == StatusCode::TOO_MANY_REQUESTS {
            bucket.refused(retry_after);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(bucket) = &self.0 {
            bucket.arrived();
        }
    }
}

fn lock(buckets: &Buckets) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<Bucket>>> {
    buckets.lock().unwrap_or_else(PoisonError::into_inner)
}

fn bucket(buckets: &Buckets, key: Key) -> Arc<Bucket> {
    let set = key.set;
    Arc::clone(lock(buckets).entry(key).or_insert_with(|| {
        let (_, capacity, refill) = set.published();
        Arc::new(Bucket::full(capacity, refill))
    }))
}

fn whose(set: Set, request: &AtlasRequest, caller: &str) -> String {
    let name = match set.scope() {
        Scope::Organization => "orgId",
        Scope::Project => "groupId",
        Scope::User => return caller.to_owned(),
    };
    let found = request.path_parameters().into_iter().find(|(known, _)| *known == name);
    found.map(|(_, id)| id).unwrap_or_default()
}

/// The operation that Atlas names by method and path, with or without the root of the API.
fn operation(method: &str, path: &str) -> Option<Operation> {
    let path = path.strip_prefix(crate::API_ROOT).unwrap_or(path);
    let fits = |operation: &Operation| {
        operation.method().as_str() == method && operation.template().strip_prefix(crate::API_ROOT) == Some(path)
    };
    Operation::ALL.iter().copied().find(fits)
}
