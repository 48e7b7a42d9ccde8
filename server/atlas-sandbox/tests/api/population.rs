//! What the demo and the generated populations hold.

use std::collections::BTreeSet;

use atlas_sandbox::{Sandbox, ScaledOptions};

use crate::support::{NOW, World};

#[test]
fn the_demo_repeats_even_when_it_starts_later() {
    let first = Sandbox::demo(NOW.parse().unwrap()).demo_credentials();
    let later = Sandbox::demo("2027-02-01T00:00:00Z".parse().unwrap()).demo_credentials();
    assert_eq!(first, later);
    let names: Vec<&str> = first.iter().map(|org| org.org_name.as_str()).collect();
    assert_eq!(names, ["Payments EU", "Retail Platform", "Group Finance", "Logistics US"]);
    assert!(!format!("{first:?}").contains(&first[0].reader.private_key));
}

#[test]
fn the_shell_gets_the_owner_of_the_paying_organization() {
    let sandbox = Sandbox::demo(NOW.parse().unwrap());
    let finance = sandbox.demo_credentials().into_iter().find(|org| org.is_paying).unwrap();
    let (owner, account) = (finance.writer.unwrap(), finance.service_account.unwrap());
    let lines = sandbox.demo_shell_lines("http://127.0.0.1:9");
    let expected = format!(
        "ATLAS_BASE_URL=http://127.0.0.1:9\nATLAS_PUBLIC_KEY={}\nATLAS_PRIVATE_KEY={}\nATLAS_ORG_ID={}\nATLAS_PROJECT_ID={}\nATLAS_CLIENT_ID={}\nATLAS_CLIENT_SECRET={}\n",
        owner.public_key,
        owner.private_key,
        finance.org_id,
        finance.project_ids[0],
        account.client_id,
        account.client_secret,
    );
    assert_eq!((finance.org_name.as_str(), lines), ("Group Finance", expected));
}

#[tokio::test]
async fn all_credentials_of_the_demo_work_and_do_what_they_say() {
    let world = World::demo().await;
    for org in world.sandbox.demo_credentials() {
        let reader = world.client(&org.reader);
        let keys = reader.get(&format!("/orgs/{}/apiKeys?itemsPerPage=500", org.org_id)).await.ok();
        let projects = reader.get(&format!("/orgs/{}/groups", org.org_id)).await.ok();
        assert!((10..=60).contains(&keys["totalCount"].as_u64().unwrap()), "{}", org.org_name);
        assert!((3..=20).contains(&projects["totalCount"].as_u64().unwrap()), "{}", org.org_name);
        let first = keys["results"][4]["id"].as_str().unwrap();
        let list = reader.get(&format!("/orgs/{}/apiKeys/{first}/accessList", org.org_id)).await;
        assert_eq!(list.status, if org.reads_access_lists { 200 } else { 401 }, "{}", org.org_name);
        if let Some(writer) = &org.writer {
            assert_eq!(world.client(writer).from("::1").get("").await.status, 200);
        }
        if let Some(account) = &org.service_account {
            let client = world.signed_in(account).await.from("::1");
            assert_eq!(client.get("/orgs").await.ok()["results"][0]["id"], org.org_id);
        }
    }
}

#[tokio::test]
async fn the_demo_holds_what_an_administrator_should_look_at() {
    let world = World::demo().await;
    let (mut texts, mut empty, mut unused, mut old, mut owners) = (BTreeSet::new(), 0, 0, 0, 0);
    for org in world.sandbox.demo_credentials().iter().filter(|org| org.reads_access_lists) {
        let reader = world.client(&org.reader);
        let keys = reader.get(&format!("/orgs/{}/apiKeys?itemsPerPage=500", org.org_id)).await.ok();
        for key in keys["results"].as_array().unwrap() {
            owners += usize::from(key["roles"].as_array().unwrap().iter().any(|role| role["roleName"] == "ORG_OWNER"));
            let list = reader
                .get(&format!("/orgs/{}/apiKeys/{}/accessList", org.org_id, key["id"].as_str().unwrap()))
                .await
                .ok();
            let entries = list["results"].as_array().unwrap();
            let uses: Vec<&str> = entries.iter().filter_map(|entry| entry["lastUsed"].as_str()).collect();
            empty += usize::from(entries.is_empty());
            unused += usize::from(!entries.is_empty() && uses.is_empty());
            old += usize::from(!uses.is_empty() && uses.iter().all(|at| *at < "2026-05-01"));
            texts.extend(entries.iter().map(|entry| entry["cidrBlock"].as_str().unwrap().to_owned()));
            assert!(uses.iter().all(|at| *at <= NOW));
        }
    }
    assert!(texts.contains("0.0.0.0/0") && texts.iter().any(|text| text.contains(':')));
    assert!(empty > 5 && unused > 5 && old > 5 && owners > 10, "{empty} {unused} {old} {owners}");
}

#[tokio::test]
async fn service_accounts_of_the_demo_have_secrets_to_look_at() {
    let world = World::demo().await;
    let soon = "2026-08-25T00:00:00Z";
    for org in world.sandbox.demo_credentials().iter() {
        let client = world.client(&org.reader);
        let list = client.get(&format!("/orgs/{}/serviceAccounts?itemsPerPage=500", org.org_id)).await.ok();
        let (mut ended, mut ends_soon, mut two) = (0, 0, 0);
        for account in list["results"].as_array().unwrap() {
            let ends: Vec<&str> =
                account["secrets"].as_array().unwrap().iter().map(|one| one["expiresAt"].as_str().unwrap()).collect();
            ended += usize::from(ends.iter().any(|at| *at <= NOW));
            ends_soon += usize::from(ends.iter().any(|at| *at > NOW && *at < soon));
            two += usize::from(ends.iter().filter(|at| **at > NOW).count() == 2);
        }
        assert!(ended >= 1 && ends_soon >= 1 && two >= 1, "{}: {ended} {ends_soon} {two}", org.org_name);
    }
}

#[tokio::test]
async fn a_population_of_any_size_repeats_with_its_seed() {
    let options = ScaledOptions { orgs: 7, projects: 130, keys: 20, seed: 3, ..ScaledOptions::default() };
    let make = |options: &ScaledOptions| Sandbox::scaled(options, NOW.parse().unwrap());
    let world = World::of(make(&options)).await;
    let orgs = world.sandbox.demo_credentials();
    assert_eq!((orgs.len(), orgs[0].is_paying, orgs[1].is_paying), (7, true, false));
    assert_eq!(orgs, make(&options).demo_credentials());
    assert_ne!(orgs, make(&ScaledOptions { seed: 4, ..options }).demo_credentials());
    let all = |sandbox: Sandbox| serde_json::from_slice::<serde_json::Value>(&sandbox.saved().unwrap()).unwrap();
    assert!(all(make(&options)) == all(make(&options)), "everything, not only the credentials");
    let client = world.client(&orgs[6].reader);
    assert_eq!(client.get(&format!("/orgs/{}/apiKeys", orgs[6].org_id)).await.ok()["totalCount"], 22);
    let projects = client.get(&format!("/orgs/{}/groups?itemsPerPage=500", orgs[6].org_id)).await.ok();
    let names: BTreeSet<&str> =
        projects["results"].as_array().unwrap().iter().filter_map(|project| project["name"].as_str()).collect();
    assert_eq!(names.len(), 130, "names differ");
}

#[tokio::test]
async fn the_demo_has_people_in_every_state_and_some_in_several_organizations() {
    let world = World::demo().await;
    let (mut places, mut owners, mut statuses) = (Vec::new(), Vec::new(), BTreeSet::new());
    let all = "orgMembershipStatuses=ACTIVE&orgMembershipStatuses=PENDING&orgMembershipStatuses=INVITATION_EXPIRED&orgMembershipStatuses=INVITATION_REJECTED";
    for org in world.sandbox.demo_credentials() {
        let reader = world.client(&org.reader);
        let list = reader.get(&format!("/orgs/{}/users?itemsPerPage=500&{all}", org.org_id)).await.ok();
        let people = list["results"].as_array().unwrap().clone();
        statuses.extend(people.iter().map(|one| one["orgMembershipStatus"].as_str().unwrap().to_owned()));
        let is_owner = |one: &&serde_json::Value| {
            one["orgMembershipStatus"] == "ACTIVE" && one["roles"]["orgRoles"].to_string().contains("ORG_OWNER")
        };
        owners.push(people.iter().filter(is_owner).count());
        places.push(people.iter().map(|one| one["username"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>());
        assert_eq!(places.last().unwrap().len(), people.len(), "nobody is there twice");
        let teams = reader.get(&format!("/orgs/{}/teams", org.org_id)).await.ok();
        assert!(teams["totalCount"].as_u64().unwrap() >= 3);
    }
    assert_eq!(Vec::from_iter(statuses), ["ACTIVE", "INVITATION_EXPIRED", "INVITATION_REJECTED", "PENDING"]);
    assert!(places[0].intersection(&places[1]).count() >= 4, "the same people work for several organizations");
    assert!(owners[..3].iter().all(|count| *count > 1) && owners[3] == 1, "{owners:?}");
}

#[tokio::test]
async fn people_repeat_with_the_seed_and_invitations_stay_as_old_as_they_are() {
    let make = async |now: &str| {
        let world = World::of(Sandbox::demo(now.parse().unwrap())).await;
        let (org, client) = world.retail();
        let read = async |status: &str| {
            let path = format!("/orgs/{}/users?itemsPerPage=500&orgMembershipStatuses={status}", org.org_id);
            let list = client.get(&path).await.ok();
            let people = list["results"].as_array().unwrap().iter();
            people.map(|one| format!("{} {}", one["id"], one["username"])).collect::<Vec<_>>()
        };
        (read("ACTIVE").await, read("PENDING").await, read("INVITATION_EXPIRED").await)
    };
    let first = make(NOW).await;
    assert_eq!(first, make("2027-02-01T00:00:00Z").await);
    assert!(first.0.len() > 30 && first.1.len() > 2 && first.2.len() > 1);
}
