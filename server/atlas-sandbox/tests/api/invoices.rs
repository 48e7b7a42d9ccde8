//! Invoices: of one organization, and of those it pays for.

use std::time::Duration;

use atlas_sandbox::{DemoCredentials, NewCredentials};
use serde_json::{Value, json};

use crate::support::{
    World,
    client::{Ask, Client},
};

fn finance(world: &World) -> (DemoCredentials, Client) {
    let org = world.org("Group Finance");
    let client = world.client(org.writer.as_ref().unwrap());
    (org, client)
}

fn cents(value: &Value, name: &str) -> i64 {
    value[name].as_i64().unwrap()
}

/// The newest invoice that is paid.
async fn paid(client: &Client, org: &str) -> Value {
    let list = client.get(&format!("/orgs/{org}/invoices?statusNames=PAID")).await.ok();
    list["results"][0].clone()
}

#[tokio::test]
async fn twelve_months_and_the_current_one_are_listed_newest_first() {
    let world = World::demo().await;
    let (org, client) = finance(&world);
    let invoices = format!("/orgs/{}/invoices", org.org_id);
    let list = client.get(&invoices).await.ok();
    let all = list["results"].as_array().unwrap();
    assert_eq!((all.len(), &list["totalCount"]), (13, &json!(13)));
    assert_eq!((&all[0]["statusName"], &all[0]["startDate"]), (&json!("PENDING"), &json!("2026-08-01T00:00:00Z")));
    assert!(all[1..].iter().all(|one| one["statusName"] == "PAID"));
    assert!(all.iter().all(|one| one.get("lineItems").is_none()));
    let starts: Vec<&str> = all.iter().map(|one| one["startDate"].as_str().unwrap()).collect();
    assert!(starts.is_sorted_by(|one, other| one > other));
    for one in all {
        assert_eq!(
            cents(one, "amountBilledCents"),
            cents(one, "subtotalCents") - cents(one, "creditsCents") + cents(one, "salesTaxCents")
        );
    }
    let upwards = client.get(&format!("{invoices}?orderBy=asc&sortBy=START_DATE&itemsPerPage=1")).await.ok();
    assert_eq!(upwards["results"][0]["startDate"], starts[12]);
    let some = client.get(&format!("{invoices}?fromDate=2026-05-01&toDate=2026-07-01")).await.ok();
    assert_eq!(some["totalCount"], 2, "May and June");
    assert_eq!(client.get(&format!("{invoices}?statusNames=PENDING&statusNames=PAID")).await.ok()["totalCount"], 13);
    assert_eq!(client.get(&invoices).await.ok(), list, "the same every time");
}

#[tokio::test]
async fn the_paying_organization_shows_what_it_pays_for() {
    let world = World::demo().await;
    let (org, client) = finance(&world);
    let invoices = format!("/orgs/{}/invoices", org.org_id);
    let newest = client.get(&invoices).await.ok()["results"][0].clone();
    let linked: Vec<&str> =
        newest["linkedInvoices"].as_array().unwrap().iter().map(|one| one["orgId"].as_str().unwrap()).collect();
    for name in ["Payments EU", "Retail Platform", "Logistics US"] {
        assert!(linked.contains(&world.org(name).org_id.as_str()), "{name}");
    }
    let oldest = client.get(&format!("{invoices}?orderBy=asc")).await.ok()["results"][0].clone();
    assert!(oldest["linkedInvoices"].as_array().unwrap().len() < linked.len(), "they were linked one after the other");
    let without = client.get(&format!("{invoices}?viewLinkedInvoices=false")).await.ok();
    assert!(without["results"][0].get("linkedInvoices").is_none());
    let viewer = world.client(
        &world
            .plant(&NewCredentials {
                org_id: &org.org_id,
                desc: "viewer",
                org_roles: &["ORG_BILLING_READ_ONLY"],
                project_roles: &[],
                access_list: &["127.0.0.1"],
            })
            .pair,
    );
    assert_eq!(viewer.get(&invoices).await.ok()["results"][0]["linkedInvoices"], json!([]), "not for viewers");
    let (retail, owner) = world.retail();
    let own = owner.get(&format!("/orgs/{}/invoices", retail.org_id)).await.ok();
    assert_eq!(own["results"][0]["linkedInvoices"], json!([]), "nothing names the payer");
}

#[tokio::test]
async fn an_invoice_adds_up() {
    let world = World::demo().await;
    let (org, client) = finance(&world);
    let id = paid(&client, &org.org_id).await["id"].as_str().unwrap().to_owned();
    let path = format!("/orgs/{}/invoices/{id}", org.org_id);
    let invoice = client.get(&path).await.ok();
    let lines = invoice["lineItems"].as_array().unwrap();
    assert!(lines.len() > 3 && lines.iter().any(|line| line["clusterName"] == "Cluster0"));
    let sum: i64 = lines.iter().map(|line| cents(line, "totalPriceCents")).sum();
    assert_eq!(sum, cents(&invoice, "subtotalCents"));
    let payment = &invoice["payments"][0];
    assert_eq!(payment["amountPaidCents"], invoice["amountBilledCents"]);
    assert_eq!(invoice["amountPaidCents"], invoice["amountBilledCents"]);
    let linked = invoice["linkedInvoices"].as_array().unwrap();
    assert!(linked.iter().all(|one| !one["lineItems"].as_array().unwrap().is_empty() && one["payments"] == json!([])));
    let events = client.get(&format!("/orgs/{}/events?eventType=CHARGE_SUCCEEDED", org.org_id)).await.ok();
    let charge = events["results"].as_array().unwrap().iter().find(|one| one["invoiceId"] == *id).unwrap();
    assert_eq!(charge["paymentId"], payment["id"]);

    let csv = Ask { accept: Some("application/vnd.atlas.2023-01-01+csv"), ..Ask::new("GET", &path) };
    let table = client.ask(csv).await;
    assert_eq!(table.header("content-type"), "application/vnd.atlas.2023-01-01+csv;charset=utf-8");
    let all: usize = linked.iter().map(|one| one["lineItems"].as_array().unwrap().len()).sum();
    assert_eq!(table.text.lines().count(), 1 + lines.len() + all);
    let path = format!("{path}/csv");
    let csv = Ask { accept: Some("application/vnd.atlas.2023-01-01+csv"), ..Ask::new("GET", &path) };
    assert_eq!(client.ask(csv).await.text, table.text);
    client.get(&path).await.refused(406, "INVALID_VERSION_DATE");
}

#[tokio::test]
async fn the_pending_invoice_grows() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let path = format!("/orgs/{}/invoices/pending", org.org_id);
    let before = client.get(&path).await.ok();
    assert_eq!((&before["totalCount"], &before["results"][0]["statusName"]), (&json!(1), &json!("PENDING")));
    world.sandbox.advance(Duration::from_secs(5 * 24 * 3600));
    let after = client.get(&path).await.ok();
    assert_eq!(before["results"][0]["id"], after["results"][0]["id"]);
    assert!(cents(&after["results"][0], "subtotalCents") > cents(&before["results"][0], "subtotalCents"));
}

#[tokio::test]
async fn a_closed_project_stays_on_old_invoices() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let before = paid(&client, &org.org_id).await;
    let projects = client.get("/groups?itemsPerPage=500").await.ok();
    let empty = projects["results"].as_array().unwrap().iter().find(|one| one["clusterCount"] == 0).unwrap();
    assert_eq!(client.delete(&format!("/groups/{}", empty["id"].as_str().unwrap())).await.status, 202);
    assert_eq!(paid(&client, &org.org_id).await, before);
}

#[tokio::test]
async fn what_is_asked_of_invoices_is_read_strictly() {
    let world = World::demo().await;
    let (org, client) = finance(&world);
    let invoices = format!("/orgs/{}/invoices", org.org_id);
    for (query, code) in [
        ("statusNames=LATE", "INVALID_ENUM_VALUE"),
        ("fromDate=2026-13-01", "INVALID_DATE_FORMAT"),
        ("fromDate=2026-05-01T00:00:00Z", "INVALID_DATE_FORMAT"),
        ("fromDate=2026-05-02&toDate=2026-05-01", "INVALID_DATE_RANGE"),
        ("sortBy=AMOUNT", "INVALID_ENUM_VALUE"),
        ("orderBy=up", "INVALID_ENUM_VALUE"),
        ("viewLinkedInvoices=some", "INVALID_QUERY_PARAMETER"),
    ] {
        client.get(&format!("{invoices}?{query}")).await.refused(400, code);
    }
    client.get(&format!("{invoices}/newest")).await.refused(400, "INVALID_INVOICE_ID");
    client.get(&format!("{invoices}/5e2211c17a3e5a48f5497de3")).await.refused(404, "INVOICE_NOT_FOUND");
    let member = world.client(&world.key(&world.retail().0.org_id, &["ORG_MEMBER"], &[]).pair);
    let path = format!("/orgs/{}/invoices", world.retail().0.org_id);
    member.get(&path).await.refused(401, "USER_UNAUTHORIZED");
}

#[tokio::test]
async fn lines_are_searched_with_a_body() {
    let world = World::demo().await;
    let (org, client) = world.retail();
    let id = paid(&client, &org.org_id).await["id"].as_str().unwrap().to_owned();
    let path = format!("/orgs/{}/invoices/{id}/lineItems:search", org.org_id);
    let search = async |body: Value| client.ask(Ask::new("GET", &path).json(&body)).await;
    let all = search(json!({})).await.ok();
    assert_eq!(client.get(&path).await.ok()["totalCount"], all["totalCount"], "a body that was lost on the way");
    let by_price = search(json!({ "sortField": "TOTAL_PRICE_CENTS", "sortOrder": "DESCENDING" })).await.ok();
    let prices: Vec<i64> =
        by_price["results"].as_array().unwrap().iter().map(|line| cents(line, "totalPriceCents")).collect();
    assert!(prices.is_sorted_by(|one, other| one >= other) && *prices.last().unwrap() > 0);
    let backup = search(json!({ "filters": { "skuServices": ["Backup"] } })).await.ok();
    assert!(
        backup["results"]
            .as_array()
            .unwrap()
            .iter()
            .all(|line| line["description"].as_str().unwrap().contains("backup"))
    );
    let project = all["results"][0]["groupId"].clone();
    let in_project =
        search(json!({ "filters": { "groupIds": [project], "includeZeroCentLineItems": true } })).await.ok();
    assert!(in_project["results"].as_array().unwrap().iter().all(|line| line["groupId"] == project));
    let earlier = search(json!({ "filters": { "usageEndDate": "2020-01-01" } })).await.ok();
    assert_eq!(earlier["totalCount"], 0);
    for (body, code) in [
        (json!({ "filters": { "skuServices": ["Catering"] } }), "INVALID_ENUM_VALUE"),
        (json!({ "filters": { "groupIds": ["x"] } }), "INVALID_ATTRIBUTE"),
        (json!({ "filters": { "billStartDate": "May" } }), "INVALID_DATE_FORMAT"),
        (json!({ "sortField": "NAME" }), "INVALID_ENUM_VALUE"),
        (json!({ "sort": "NAME" }), "INVALID_ATTRIBUTE"),
    ] {
        search(body).await.refused(400, code);
    }
}

#[tokio::test]
async fn invoices_of_a_month_are_found_by_id() {
    let world = World::demo().await;
    let (org, client) = finance(&world);
    let path = format!("/orgs/{}/associatedInvoices", org.org_id);
    let own = client.get(&format!("{path}?month=6&year=2026")).await.ok();
    assert_eq!((&own["month"], &own["year"]), (&json!("06"), &json!("2026")));
    let id = own["associatedInvoices"][0]["invoiceId"].as_str().unwrap();
    let invoice = client.get(&format!("/orgs/{}/invoices/{id}", org.org_id)).await.ok();
    assert_eq!(invoice["startDate"], "2026-06-01T00:00:00Z");
    let all = client.get(&format!("{path}?includeLinkedOrgs=true")).await.ok();
    assert_eq!((all["associatedInvoices"].as_array().unwrap().len(), &all["month"]), (4, &json!("08")));
    assert_eq!(client.get(&format!("{path}?year=2001&month=1")).await.ok()["associatedInvoices"], json!([]));
    client.get(&format!("{path}?month=13")).await.refused(400, "INVALID_QUERY_PARAMETER");
}

#[tokio::test]
async fn a_report_is_asked_for_waited_for_and_downloaded() {
    let world = World::demo().await;
    let (org, client) = finance(&world);
    let id = paid(&client, &org.org_id).await["id"].as_str().unwrap().to_owned();
    let reports = format!("/orgs/{}/invoices/{id}/reports", org.org_id);
    let wanted = json!({ "reportType": "FOCUS", "reportFormat": "CSV" });
    let made = client.post(&reports, wanted).await;
    assert_eq!((made.status, &made.json()["state"]), (201, &json!("PENDING")));
    let one = format!("{reports}/{}", made.json()["reportId"].as_str().unwrap());
    world.sandbox.advance(Duration::from_secs(2));
    let running = client.get(&one).await.ok();
    assert_eq!((&running["state"], running.get("downloadUrl")), (&json!("RUNNING"), None));
    world.sandbox.advance(Duration::from_secs(3));
    let done = client.get(&one).await.ok();
    assert_eq!(done["state"], "SUCCEEDED");
    let url = done["downloadUrl"].as_str().unwrap();
    let table = reqwest::get(url).await.unwrap();
    assert_eq!(table.status(), 200);
    assert!(table.text().await.unwrap().contains(&org.org_id));
    let list = client.get(&reports).await.ok();
    assert_eq!((&list["totalCount"], list["results"][0].get("downloadUrl")), (&json!(1), None));
    world.sandbox.advance(Duration::from_secs(24 * 3600));
    assert_eq!(client.get(&reports).await.ok()["totalCount"], 0, "expired");
    assert_eq!(reqwest::get(url).await.unwrap().status(), 404);
    client.get(&one).await.refused(404, "RESOURCE_NOT_FOUND");
    client.post(&reports, json!({ "reportType": "FOCUS" })).await.refused(400, "MISSING_ATTRIBUTE");
    client
        .post(&reports, json!({ "reportType": "ALL", "reportFormat": "CSV" }))
        .await
        .refused(400, "INVALID_ENUM_VALUE");
}

#[tokio::test]
async fn everything_charged_for_has_words() {
    let world = World::demo().await;
    let (_, client) = world.retail();
    let skus = client.get("/skus").await.ok();
    let first = &skus["results"][0];
    assert!(skus["totalCount"].as_u64().unwrap() > 20);
    assert_eq!(client.get(&format!("/skus/{}", first["id"].as_str().unwrap())).await.ok(), *first);
    client.get("/skus/TEA").await.refused(404, "RESOURCE_NOT_FOUND");
}
