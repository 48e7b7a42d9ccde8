//! The cost explorer.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{
    World,
    client::{API, Ask, Client},
};

fn finance(world: &World) -> (String, Client) {
    let org = world.org("Group Finance");
    (format!("/orgs/{}/billing/costExplorer/usage", org.org_id), world.client(org.writer.as_ref().unwrap()))
}

async fn token(client: &Client, usage: &str, query: Value) -> String {
    let left = client.post(usage, query).await;
    assert_eq!(left.status, 202, "{}", left.text);
    left.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn costs_are_grouped_by_what_is_asked_for() {
    let world = World::demo().await;
    let (usage, client) = finance(&world);
    let mut sums = Vec::new();
    for (group, field) in [
        ("organizations", "organizationName"),
        ("projects", "projectName"),
        ("clusters", "clusterName"),
        ("services", "service"),
    ] {
        let query = json!({ "startDate": "2026-05-01", "endDate": "2026-07-01", "groupBy": group });
        let token = token(&client, &usage, query).await;
        assert_eq!(token.len(), 64);
        let result = client.get(&format!("{usage}/{token}")).await.ok();
        let rows = result["usageDetails"].as_array().unwrap();
        assert!(rows.iter().any(|row| row[field].is_string()), "{group}");
        assert!(rows.iter().all(|row| ["2026-05-01", "2026-06-01"].contains(&row["usageDate"].as_str().unwrap())));
        sums.push((rows.iter().map(|row| row["usageAmount"].as_f64().unwrap()).sum::<f64>() * 100.0).round());
        let csv = Ask {
            accept: Some("application/vnd.atlas.2023-01-01+csv"),
            ..Ask::new("GET", &format!("{usage}/{token}"))
        };
        assert_eq!(client.ask(csv).await.text.lines().count(), 1 + rows.len());
    }
    assert!(sums[0] > 0.0 && sums.iter().all(|sum| *sum == sums[0]), "{sums:?}");
}

#[tokio::test]
async fn who_asks_first_is_told_to_wait() {
    let world = World::demo().await;
    let (usage, client) = finance(&world);
    let token = token(&client, &usage, json!({ "startDate": "2026-06-01", "endDate": "2026-07-01" })).await;
    let ask = Ask::new("GET", &format!("{usage}/{token}"));
    for begins in ["HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n"] {
        let signature = client.signature(&ask, &client.nonce().await, 1);
        let host = world.base.trim_start_matches("http://");
        let mut line = tokio::net::TcpStream::connect(host).await.unwrap();
        let request = format!(
            "GET {API}{usage}/{token} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\naccept: {}\r\nauthorization: {signature}\r\n\r\n",
            ask.accept.unwrap()
        );
        line.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with(begins), "{answer}");
    }
}

#[tokio::test]
async fn queries_are_read_strictly() {
    let world = World::demo().await;
    let (usage, client) = finance(&world);
    for (body, code) in [
        (json!({ "endDate": "2026-07-01" }), "MISSING_ATTRIBUTE"),
        (json!({ "startDate": "2026-06-02", "endDate": "2026-07-01" }), "INVALID_DATE_FORMAT"),
        (json!({ "startDate": "2026-07-01", "endDate": "2026-07-01" }), "INVALID_DATE_RANGE"),
        (json!({ "startDate": "2026-06-01", "endDate": "2026-07-01", "groupBy": "days" }), "INVALID_ENUM_VALUE"),
        (json!({ "startDate": "2026-06-01", "endDate": "2026-07-01", "projects": ["x"] }), "INVALID_ATTRIBUTE"),
    ] {
        client.post(&usage, body).await.refused(400, code);
    }
    client.get(&format!("{usage}/{}", "0".repeat(64))).await.refused(404, "RESOURCE_NOT_FOUND");
    let token = token(&client, &usage, json!({ "startDate": "2026-06-01", "endDate": "2026-07-01" })).await;
    let (retail, owner) = world.retail();
    let foreign = format!("/orgs/{}/billing/costExplorer/usage/{token}", retail.org_id);
    owner.get(&foreign).await.refused(404, "RESOURCE_NOT_FOUND");
}
