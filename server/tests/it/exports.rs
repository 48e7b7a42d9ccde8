//! Tables as files: exactly the view, streamed, told in the log, and nobody else's.

use app::{
    api::{
        exports::{Export, FileFormat, REPORT_COLUMNS},
        inventory::{KeyQuery, KeySort, ProjectQuery},
    },
    backend::{Clock as _, InventoryService as _},
};
use domain::people::Role;
use serde_json::Value;

use crate::support::{Desk, Office, file, on_both_engines, person};

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn rows(bytes: &[u8]) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(bytes).records().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn keys_as_json_are_the_rows_of_the_csv_and_the_file_says_how_many_and_how_old() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        desk.connect("Payments EU").await;
        desk.connect("Logistics US").await;
        let caller = desk.administrator();
        let query = KeyQuery { sort: KeySort::Age, descending: true, ..KeyQuery::default() };
        let csv = rows(&file(&desk, &caller, &Export::Keys(query.clone(), FileFormat::Csv)).await);
        let file = json(&file(&desk, &caller, &Export::Keys(query.clone(), FileFormat::Json)).await);
        let items = file["items"].as_array().unwrap();
        assert_eq!(items.len(), csv.len());
        for (item, row) in items.iter().zip(&csv) {
            assert_eq!(item["key_id"].as_str(), row.get(3));
        }
        assert_eq!((file["rows"].as_u64(), file["written"].as_u64()), (Some(63), Some(63)));
        let page = desk.inventory.keys(&caller, &query).await.unwrap();
        let as_of = jiff::Timestamp::from_second(page.as_of.unwrap().as_second()).unwrap();
        assert_eq!(file["as_of"], as_of.to_string());
        assert_eq!(file["address"], "/keys.json?sort=age&dir=desc");
        let hidden = items.iter().find(|item| item["organization"] == "Logistics US").unwrap();
        assert_eq!(hidden["access_list_entries"]["not_known"], "not readable (needs Organization Owner)");
    })
    .await;
}

#[tokio::test]
async fn projects_come_as_csv_and_json_in_the_order_of_the_page() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        desk.connect("Payments EU").await;
        let caller = desk.administrator();
        let query = ProjectQuery { q: "ledger".into(), ..ProjectQuery::default() };
        let shown = desk.inventory.projects(&caller, &query).await.unwrap().rows;
        let csv = rows(&file(&desk, &caller, &Export::Projects(query.clone(), FileFormat::Csv)).await);
        let file = json(&file(&desk, &caller, &Export::Projects(query, FileFormat::Json)).await);
        assert!(!shown.is_empty());
        assert_eq!((csv.len(), file["items"].as_array().unwrap().len()), (shown.len(), shown.len()));
        for ((row, csv), item) in shown.iter().zip(&csv).zip(file["items"].as_array().unwrap()) {
            assert_eq!(csv.get(3), Some(row.project.as_str()));
            assert_eq!(item["project_id"], row.project.as_str());
            assert_eq!(item["keys"].as_u64(), row.keys.value().copied().map(u64::from));
        }
    })
    .await;
}

#[tokio::test]
async fn the_credential_report_has_a_row_for_each_key_one_may_see_in_columns_that_stay() {
    on_both_engines(async |database| {
        let desk = Desk::new(&database, &[]).await;
        let own = desk.connect("Payments EU").await;
        desk.connect("Logistics US").await;
        let bytes = file(&desk, &desk.administrator(), &Export::CredentialReport).await;
        let header = csv::Reader::from_reader(bytes.as_slice()).headers().unwrap().clone();
        assert_eq!(header.iter().collect::<Vec<_>>(), REPORT_COLUMNS.map(|column| column.name));
        // These are promised to scripts: none may ever change its name or place.
        assert_eq!(
            header.iter().take(8).collect::<Vec<_>>().join(","),
            "generated_at,organization,organization_id,environment,credential_type,credential_id,public_key,description"
        );
        let report = rows(&bytes);
        assert_eq!(report.len(), 63);
        let now = jiff::Timestamp::from_second(desk.clock.now().as_second()).unwrap().to_string();
        assert!(report.iter().all(|row| &row[0] == now.as_str() && &row[4] == "api_key" && &row[11] == "key_id"));
        for row in &report {
            let is_known = row[12].starts_with("20") || &row[12] == "never";
            assert_eq!(&row[13] == "access_list", is_known, "where it comes from goes with what is known: {row:?}");
        }
        let caller = person(desk.clock.now(), &[(Role::Auditor, Some(&own))]);
        let theirs = rows(&file(&desk, &caller, &Export::CredentialReport).await);
        assert!(theirs.len() == 38 && theirs.iter().all(|row| &row[2] == own.as_str()));
        let nobody = person(desk.clock.now(), &[]);
        assert!(rows(&file(&desk, &nobody, &Export::CredentialReport).await).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_long_table_is_whole_although_it_comes_in_pieces() {
    use atlas_sandbox::{RateLimit, Sandbox, ScaledOptions};
    use server::clock::{ManualClock, SystemClock};

    let database = crate::support::Database::sqlite();
    let clock = ManualClock::new(SystemClock.now());
    let options =
        ScaledOptions { orgs: 1, projects: 2, keys: 498, rate_limit: RateLimit::Unlimited, ..Default::default() };
    let desk = Desk::with(&database, Sandbox::scaled(&options, clock.now()), clock, &[]).await;
    let credentials = desk.sandbox.demo_credentials().remove(0);
    desk.connect(&credentials.org_name).await;
    let caller = desk.administrator();
    let all = desk.inventory.keys(&caller, &KeyQuery::default()).await.unwrap().matching;
    assert!(all >= 500);
    let bytes = file(&desk, &caller, &Export::Keys(KeyQuery::default(), FileFormat::Json)).await;
    assert_eq!(json(&bytes)["written"], all);
    let mut ids: Vec<String> =
        json(&bytes)["items"].as_array().unwrap().iter().map(|item| item["key_id"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all as usize);
}

#[tokio::test]
async fn downloads_have_their_names_and_are_told_in_the_log() {
    let office = Office::open().await;
    let mut august = office.site.signed_in("august").await;
    for (path, name, kind, told) in [
        ("/keys.json?finding=owner_role", "api-keys.json", "application/json", "keys"),
        ("/projects.csv", "projects.csv", "text/csv; charset=utf-8", "projects"),
        ("/projects.json?q=a", "projects.json", "application/json", "projects"),
        ("/credential-report.csv", "credential-report.csv", "text/csv; charset=utf-8", "credential report"),
    ] {
        let reply = august.get(path).await;
        assert_eq!(reply.status, http::StatusCode::OK, "{path}");
        assert_eq!(reply.header("content-disposition"), format!("attachment; filename=\"{name}\""));
        assert_eq!(reply.header("content-type"), kind);
        let page = august.get("/log").await;
        assert!(page.body.contains(&format!("Took a table out as a file: {told}.")), "{path}");
    }
}
