//! Connecting several organizations from a file, over a real socket.

use app::{
    api::import::{COLUMNS, Finding, ImportRow},
    backend::{Caller, ConnectionService as _},
    error::ApiError,
};
use atlas_sandbox::{KeyPair, NewCredentials};
use domain::people::Role;
use http::StatusCode;
use jiff::SignedDuration;
use server::{
    clock::Clock as _,
    log::Action,
    store::{LogFilter, Query, Store},
};

use crate::support::{Database, Desk, Office, Reply, between, on_both_engines, person};

const NAMES: [&str; 3] = ["Payments EU", "Retail Platform", "Group Finance"];

const WRONG: &str = "0f1e2d3c-1111-2222-3333-444455556666";

/// A desk at which the administrator is somebody the database knows: what is checked is kept for a person.
async fn desk(database: &Database) -> Desk {
    let desk = Desk::new(database, &[]).await;
    let caller = desk.administrator();
    let mut tx = desk.store.begin().await.unwrap();
    Store::insert_person(&mut tx, caller.person, &caller.username, &caller.display_name, desk.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    desk
}

/// A table with the readers of these organizations, `more` below.
fn table(desk: &Desk, names: &[&str], more: &str) -> String {
    let mut text = "public_key,private_key,label\n".to_owned();
    for name in names {
        let KeyPair { public_key, private_key } = desk.credentials(name).reader;
        text.push_str(&format!("{public_key},{private_key},{}\n", name.to_uppercase()));
    }
    text + more
}

async fn check(desk: &Desk, caller: &Caller, text: &str) -> (String, Vec<ImportRow>) {
    let id = desk.connections.check_import(caller, text).await.unwrap();
    let view = desk.connections.import(caller, &id).await.unwrap();
    (id, view.checked.unwrap())
}

fn problem(row: &ImportRow) -> String {
    let Finding::Bad { problems } = &row.finding else { panic!("{row:?}") };
    problems.join(" ")
}

async fn connected(desk: &Desk) -> usize {
    desk.store.org_summaries(None).await.unwrap().len()
}

/// How many files are kept that were checked and not added.
async fn kept(desk: &Desk) -> i64 {
    let query = Query::new("select count(*) as count from attempts");
    desk.store.fetch_one(query).await.unwrap().get_i64("count").unwrap()
}

#[tokio::test]
async fn a_good_table_is_checked_then_added_at_once_and_read() {
    on_both_engines(async |database| {
        let desk = desk(&database).await;
        let caller = desk.administrator();
        let (id, rows) = check(&desk, &caller, &table(&desk, &NAMES, "")).await;
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4]);
        for (row, wanted) in rows.iter().zip(NAMES) {
            let Finding::Good { org, name, label, roles, writer_roles: None } = &row.finding else { panic!("{row:?}") };
            assert_eq!((name.as_str(), label), (wanted, &wanted.to_uppercase()));
            assert_eq!(org.as_str(), desk.credentials(wanted).org_id);
            assert!(!roles.is_empty());
        }
        assert_eq!(connected(&desk).await, 0, "checking adds nothing");

        assert_eq!(desk.connections.add_import(&caller, &id, false).await, Ok(3));
        desk.refresher.idle().await;
        for row in desk.connections.list(&caller).await.unwrap() {
            assert!(row.read_at.is_some(), "{row:?}");
        }
        let entries = desk.store.list_log(&LogFilter::default(), 100, 0).await.unwrap();
        let added = |entry: &&server::store::LogRow| entry.written.action == Action::ConnectionAdded.as_str();
        assert_eq!(entries.iter().filter(added).count(), 3);
        assert_eq!(kept(&desk).await, 0, "what was added is forgotten");
        let error = desk.connections.add_import(&caller, &id, false).await.unwrap_err();
        assert!(error.to_string().contains("added already"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn profiles_of_the_atlas_cli_are_added_and_a_profile_of_another_organization_is_told() {
    let database = Database::sqlite();
    let desk = desk(&database).await;
    let caller = desk.administrator();
    let payments = desk.credentials("Payments EU");
    let retail = desk.credentials("Retail Platform");
    let keys =
        |pair: &KeyPair| format!("public_api_key = '{}'\nprivate_api_key = '{}'\n", pair.public_key, pair.private_key);
    let text = format!(
        "telemetry_enabled = true\n[pay]\norg_id = '{}'\n{}service = 'cloud'\n[me]\naccess_token = 'eyJ'\n[shop]\n{}\
         ops_manager_url = '{}/'\n",
        payments.org_id,
        keys(&payments.reader),
        keys(&retail.reader),
        desk.base_url,
    );
    let (id, rows) = check(&desk, &caller, &text).await;
    assert!(matches!(&rows[1].finding, Finding::Skipped { why } if why.contains("signs in as a person")), "{rows:?}");
    // What is passed over holds nothing back.
    assert_eq!(desk.connections.add_import(&caller, &id, false).await, Ok(2));
    desk.refresher.idle().await;

    let finance = desk.credentials("Group Finance").reader;
    let text = format!("[fin]\norg_id = '{}'\n{}", payments.org_id, keys(&finance));
    let (_, rows) = check(&desk, &caller, &text).await;
    assert!(problem(&rows[0]).contains("belongs to “Group Finance”"), "{rows:?}");
}

#[tokio::test]
async fn a_bad_row_keeps_the_others_back_until_somebody_leaves_it_out() {
    on_both_engines(async |database| {
        let desk = desk(&database).await;
        let caller = desk.administrator();
        desk.connect("Payments EU").await;
        let again = {
            let org_id = desk.credentials("Retail Platform").org_id;
            let new = NewCredentials {
                org_id: &org_id,
                desc: "planted",
                org_roles: &["ORG_MEMBER"],
                project_roles: &[],
                access_list: &["127.0.0.1"],
            };
            desk.sandbox.plant_key(&new).unwrap().pair
        };
        let more = format!(
            "{},{},second\nabcdefgh,{WRONG},wrong\n\n,x,none\nabcdefgh,{WRONG},ok,toomuch\n",
            again.public_key, again.private_key
        );
        let (id, rows) = check(&desk, &caller, &table(&desk, &NAMES[..2], &more)).await;
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4, 5, 7, 8]);
        assert!(problem(&rows[0]).contains("connected already, under the label “Payments EU”"), "{rows:?}");
        assert!(matches!(rows[1].finding, Finding::Good { .. }), "{rows:?}");
        assert!(problem(&rows[2]).contains("as the one in line 3 does"), "{rows:?}");
        assert!(problem(&rows[3]).contains("Atlas does not accept this API key"), "{rows:?}");
        assert!(problem(&rows[4]).contains("public key is missing"), "{rows:?}");
        assert!(problem(&rows[5]).contains("4 cells"), "{rows:?}");

        let error = desk.connections.add_import(&caller, &id, false).await.unwrap_err();
        assert!(error.to_string().contains("Nothing was added"), "{error}");
        assert_eq!(connected(&desk).await, 1);
        assert_eq!(desk.connections.add_import(&caller, &id, true).await, Ok(1));
        assert_eq!(connected(&desk).await, 2);
        desk.refresher.idle().await;
    })
    .await;
}

#[tokio::test]
async fn an_organization_connected_meanwhile_lets_nothing_be_added() {
    on_both_engines(async |database| {
        let desk = desk(&database).await;
        let caller = desk.administrator();
        let (id, _) = check(&desk, &caller, &table(&desk, &NAMES, "")).await;
        desk.connect("Group Finance").await;
        let error = desk.connections.add_import(&caller, &id, true).await.unwrap_err();
        assert!(error.to_string().contains("“Group Finance” was connected by somebody else"), "{error}");
        assert_eq!(connected(&desk).await, 1);
        assert_eq!(kept(&desk).await, 1, "what was checked is still there to look at");
    })
    .await;
}

#[tokio::test]
async fn what_was_checked_is_its_owners_alone_and_goes_after_a_quarter_of_an_hour() {
    let database = Database::sqlite();
    let desk = desk(&database).await;
    let caller = desk.administrator();
    let (id, _) = check(&desk, &caller, &table(&desk, &NAMES[..1], "")).await;
    let mut other = desk.administrator();
    other.person = domain::ids::PersonId(uuid::Uuid::max());
    assert_eq!(desk.connections.import(&other, &id).await.unwrap().checked, None);
    assert!(desk.connections.add_import(&other, &id, false).await.is_err());

    desk.clock.advance(SignedDuration::from_secs(15 * 60 + 1));
    let caller = desk.administrator();
    assert_eq!(desk.connections.import(&caller, &id).await.unwrap().checked, None);
    assert!(desk.connections.add_import(&caller, &id, false).await.is_err());
    assert_eq!(connected(&desk).await, 0);
}

#[tokio::test]
async fn importing_needs_the_role_and_a_password_given_just_now() {
    let database = Database::sqlite();
    let desk = desk(&database).await;
    let text = table(&desk, &NAMES, "");
    for role in [Role::Viewer, Role::Operator, Role::Approver, Role::Auditor] {
        let caller = person(desk.clock.now(), &[(role, None)]);
        let refused = ApiError::Forbidden { role: Role::Administrator };
        assert_eq!(desk.connections.check_import(&caller, &text).await, Err(refused.clone()));
        assert_eq!(desk.connections.import(&caller, "").await, Err(refused.clone()));
        assert_eq!(desk.connections.add_import(&caller, "", true).await, Err(refused));
    }
    let mut caller = desk.administrator();
    caller.confirmed_at -= SignedDuration::from_secs(301);
    assert_eq!(desk.connections.check_import(&caller, &text).await, Err(ApiError::PasswordNeeded));
    assert_eq!(desk.connections.add_import(&caller, "", true).await, Err(ApiError::PasswordNeeded));
    assert!(desk.sandbox.journal().is_empty(), "nothing was asked of Atlas");
}

#[tokio::test]
async fn no_private_key_is_in_an_answer_or_readable_in_the_database() {
    let office = Office::open().await;
    let credentials = office.sandbox.demo_credentials();
    let retail = credentials.iter().find(|one| one.org_name == "Retail Platform").unwrap();
    let swapped = format!("{WRONG},abcdefgh");
    let text = format!(
        "public_key,private_key,label\n{},{},Shop\nabcdefgh,{WRONG}\n{swapped}\nabcdefgh,{WRONG},{WRONG}",
        retail.reader.public_key, retail.reader.private_key
    );
    let mut root = office.site.signed_in("root").await;
    let mut answers: Vec<Reply> = Vec::new();
    let reply = root.post("/api/organizations/check-import", &[("text", &text)]).await;
    let page = reply.location().unwrap().to_owned();
    assert!(page.starts_with("/organizations/import?import="), "{reply:?}");
    answers.push(reply);
    let shown = root.get(&page).await;
    assert!(shown.body.contains("1 organization can be added, 3 cannot."), "{}", shown.body);
    let id = between(&shown.body, "name=\"id\" value=\"", "\"");
    answers.push(shown);
    // Nor does it come out of the place of refused forms.
    for form in ["/organizations/import", ""] {
        answers.push(root.call("/api/attempts/get", &[("id", &id), ("form", form)]).await);
    }
    let refused = root.post("/api/organizations/add-import", &[("id", &id)]).await;
    let back = root.get(refused.location().unwrap()).await;
    assert!(back.body.contains("Nothing was added"), "{}", back.body);
    answers.extend([refused, back]);
    // A file that cannot be read comes back without its text.
    let unreadable = root.post("/api/organizations/check-import", &[("text", &text[28..])]).await;
    let back = root.get(unreadable.location().unwrap()).await;
    assert!(back.body.contains("names of the columns") && back.body.contains("Paste the file again"), "{}", back.body);
    answers.extend([unreadable, back]);
    let before = office.site.bytes();
    let added = root.post("/api/organizations/add-import", &[("id", &id), ("only_good", "yes")]).await;
    assert_eq!(added.location(), Some("/organizations?imported=1"), "{added:?}");
    let list = root.get("/organizations?imported=1").await;
    assert!(list.body.contains("One organization was added."), "{}", list.body);
    answers.extend([added, list]);
    office.site.refresher.idle().await;

    for secret in [retail.reader.private_key.as_str(), WRONG] {
        for answer in &answers {
            assert!(!format!("{answer:?}").contains(secret), "{answer:?}");
        }
        for bytes in [&before, &office.site.bytes()] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
        }
    }
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_and_the_template_has_all_columns() {
    let office = Office::open().await;
    let mut root = office.site.signed_in("root").await;
    let reply = root.call("/api/organizations/check-import", &[("text", &"x".repeat(70_000))]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("too large"), "{}", reply.body);
    let template = root.get("/organizations/import.csv").await;
    assert_eq!(template.body.trim_end(), COLUMNS.join(","));
}
