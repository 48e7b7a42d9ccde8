//! Lists of any length, also such that change while they are read; and counters of signatures.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use atlas::{Budgets, Client, Transport, TransportError};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use crate::script::{answer, challenge, credentials, fields};

/// An Atlas with one list, which checks the counters of all signatures.
#[derive(Default)]
struct Shelf {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    list: Vec<u32>,
    /// At which request for a page the list changes, and how: entries to take away by their place, and how many to add.
    change: Option<(usize, Vec<usize>, u32)>,
    pages: usize,
    requests: usize,
    nonce: usize,
    /// After how many signed requests a challenge is too old.
    nonce_serves: usize,
    counts: HashMap<String, Vec<String>>,
}

impl Inner {
    fn challenge(&mut self, stale: bool) -> Result<Response<Bytes>, TransportError> {
        self.nonce += 1;
        challenge(&format!("n{}", self.nonce), stale)
    }

    fn page(&mut self, query: &str) -> Response<Bytes> {
        let number = |name: &str| -> usize {
            let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            found.unwrap().parse().unwrap()
        };
        if self.change.as_ref().is_some_and(|(at, ..)| *at == self.pages) {
            let (_, gone, new) = self.change.take().unwrap();
            for place in gone {
                if !self.list.is_empty() {
                    let place = place % self.list.len();
                    self.list.remove(place);
                }
            }
            let first = 1_000_000;
            self.list.splice(0..0, first..first + new);
        }
        self.pages += 1;
        let (size, page) = (number("itemsPerPage"), number("pageNum"));
        let entries: Vec<Value> = self
            .list
            .iter()
            .skip((page - 1) * size)
            .take(size)
            .map(|id| json!({ "id": format!("{id:024x}"), "name": "An organization" }))
            .collect();
        let mut links = vec![json!({ "rel": "self", "href": "" })];
        if page * size < self.list.len() {
            links.push(json!({ "rel": "next", "href": "" }));
        }
        answer(200, &json!({ "links": links, "results": entries, "totalCount": self.list.len() }))
    }
}

#[async_trait]
impl Transport for Shelf {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        // So that requests under way at the same time overtake each other.
        tokio::task::yield_now().await;
        let mut inner = self.inner.lock().unwrap();
        inner.requests += 1;
        let Some(signature) = request.headers().get(header::AUTHORIZATION) else { return inner.challenge(false) };
        let fields = fields(signature.to_str().unwrap());
        let (nonce, count) = (fields["nonce"].to_owned(), fields["nc"].to_owned());
        let used = inner.counts.entry(nonce.clone()).or_default();
        used.push(count);
        let too_old = used.len() > inner.nonce_serves;
        if too_old {
            return inner.challenge(true);
        }
        Ok(inner.page(request.uri().query().unwrap()))
    }
}

fn client(shelf: &Arc<Shelf>) -> Client {
    let transport: Arc<dyn Transport> = shelf.clone();
    Client::new(transport, "https://atlas.example.org".parse().unwrap(), credentials())
        .with_budgets(Budgets::unlimited())
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(future)
}

fn shelf(inner: Inner) -> Arc<Shelf> {
    Arc::new(Shelf { inner: Mutex::new(inner) })
}

async fn read(client: &Client) -> Vec<u32> {
    let orgs = client.list_orgs().await.unwrap();
    orgs.iter().map(|org| u32::from_str_radix(org.id.as_str(), 16).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_list_is_read_whole_in_order_and_once(length in 0_u32..4_000) {
        let shelf = shelf(Inner { list: (0..length).collect(), nonce_serves: 1_000, ..Inner::default() });
        prop_assert_eq!(run(read(&client(&shelf))), (0..length).collect::<Vec<_>>());
        prop_assert_eq!(shelf.inner.lock().unwrap().pages, usize::try_from(length.div_ceil(500).max(1)).unwrap());
    }

    #[test]
    fn an_entry_that_stays_is_neither_lost_nor_doubled_when_the_list_changes(
        length in 0_u32..3_000,
        at in 0_usize..8,
        gone in vec(any::<usize>(), 0..20),
        new in 0_u32..20,
    ) {
        // As many taken away as added leaves no trace in the number of entries.
        prop_assume!(gone.len() != usize::try_from(new).unwrap());
        let before: BTreeSet<u32> = (0..length).collect();
        let list = (0..length).collect();
        let shelf = shelf(Inner { list, change: Some((at, gone, new)), nonce_serves: 1_000, ..Inner::default() });
        let found = run(read(&client(&shelf)));
        let after: BTreeSet<u32> = shelf.inner.lock().unwrap().list.iter().copied().collect();
        let once: BTreeSet<u32> = found.iter().copied().collect();
        prop_assert_eq!(once.len(), found.len(), "doubled");
        let lost: Vec<_> = before.intersection(&after).filter(|id| !once.contains(id)).collect();
        prop_assert!(lost.is_empty(), "lost {:?}", lost);
    }

    #[test]
    fn no_count_is_used_twice_with_a_challenge_and_none_is_left_out(
        calls in 1_usize..30,
        nonce_serves in 1_usize..20,
    ) {
        let shelf = shelf(Inner { nonce_serves, ..Inner::default() });
        let client = client(&shelf);
        run(async {
            // One after the other: a challenge that serves a single request only is never too old for its first.
            for _ in 0..calls {
                client.list_orgs().await.unwrap();
            }
        });
        let inner = shelf.inner.lock().unwrap();
        for counts in inner.counts.values() {
            let expected: Vec<String> = (1..=counts.len()).map(|count| format!("{count:08x}")).collect();
            prop_assert_eq!(counts, &expected);
        }
        prop_assert_eq!(inner.pages, calls);
    }

    #[test]
    fn calls_at_the_same_time_need_one_challenge_and_share_its_counts(calls in 1_usize..40) {
        let shelf = shelf(Inner { nonce_serves: 1_000, ..Inner::default() });
        let client = client(&shelf);
        run(futures_util::future::join_all((0..calls).map(|_| async { client.list_orgs().await.unwrap() })));
        let inner = shelf.inner.lock().unwrap();
        prop_assert_eq!((inner.nonce, inner.requests), (1, calls + 1));
        let mut counts = inner.counts["n1"].clone();
        counts.sort();
        let expected: Vec<String> = (1..=calls).map(|count| format!("{count:08x}")).collect();
        prop_assert_eq!(counts, expected);
    }
}

#[test]
fn a_list_that_changes_all_the_time_is_given_once_all_the_same() {
    struct Restless(Mutex<u32>);

    #[async_trait]
    impl Transport for Restless {
        async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
            if request.headers().get(header::AUTHORIZATION).is_none() {
                return challenge("n1", false);
            }
            let mut reads = self.0.lock().unwrap();
            *reads += 1;
            let entry = |id: u32| json!({ "id": format!("{id:024x}") });
            let first = request.uri().query().unwrap().ends_with("pageNum=1");
            let mut links = vec![json!({ "rel": "self", "href": "" })];
            if first {
                links.push(json!({ "rel": "next", "href": "" }));
            }
            // The entry at the border moves to the second page every time.
            let results = if first { [entry(1), entry(2)] } else { [entry(2), entry(3)] };
            let total = 500 + *reads;
            let body = json!({ "links": links, "results": results, "totalCount": total });
            let mut page = answer(200, &body);
            *page.status_mut() = StatusCode::OK;
            Ok(page)
        }
    }

    let transport = Arc::new(Restless(Mutex::new(0)));
    let shared: Arc<dyn Transport> = transport.clone();
    let client = Client::new(shared, "https://atlas.example.org".parse().unwrap(), credentials());
    assert_eq!(run(read(&client)), [1, 2, 3]);
    assert_eq!(*transport.0.lock().unwrap(), 6, "three readings of two pages");
}
