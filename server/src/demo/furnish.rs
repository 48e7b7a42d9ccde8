//! Connects the sandbox's organizations and asks for a key, as people would.

use anyhow::{Context as _, anyhow};
use app::{
    api::connections::ConnectionForm,
    backend::{Caller, Go},
    error::ApiError,
};
use atlas_sandbox::{DemoCredentials, Sandbox};
use domain::{
    create_key::{DraftProject, Step},
    people::Role,
};

use crate::{
    installation::Services,
    store::{Person, Store},
};

/// Fills the demo.
///
/// # Errors
///
/// When a step of it is refused, which would be a mistake of ours.
pub async fn furnish(store: &Store, services: &Services, sandbox: &Sandbox, base_url: &str) -> anyhow::Result<()> {
    let administrator = caller(store, services, Role::Administrator).await?;
    let credentials = sandbox.demo_credentials();
    for organization in &credentials {
        let form = form(organization, base_url);
        let org = services.backend.connections.add(&administrator, form).await.map_err(said)?;
        services.refresher.refresh_now(&org).await;
    }
    let paying = credentials.iter().find(|org| org.is_paying).context("an organization of the sandbox pays")?;
    let operator = caller(store, services, Role::Operator).await?;
    ask(services, &operator, paying).await
}

fn form(organization: &DemoCredentials, base_url: &str) -> ConnectionForm {
    let writer = organization.writer.as_ref();
    ConnectionForm {
        base_url: base_url.to_owned(),
        reader_public: organization.reader.public_key.clone(),
        reader_private: organization.reader.private_key.clone(),
        writer_public: writer.map(|pair| pair.public_key.clone()).unwrap_or_default(),
        writer_private: writer.map(|pair| pair.private_key.clone()).unwrap_or_default(),
        label: String::new(),
        environment: if organization.is_paying { "paying".into() } else { "prod".into() },
        owner: "Platform team".into(),
    }
}

/// Asks for a key that reads costs; the request waits for whoever tries the demo.
async fn ask(services: &Services, operator: &Caller, organization: &DemoCredentials) -> anyhow::Result<()> {
    let drafts = &services.backend.drafts;
    let draft = drafts.start(operator, &organization.org_id).await.map_err(said)?;
    let org = organization.org_id.clone();
    let project = organization.project_ids.first().cloned();
    let answers: [(Step, app::backend::DraftChange); 5] = [
        (Step::Organization, Box::new(move |draft| draft.org = org)),
        (
            Step::Description,
            Box::new(|draft| {
                draft.description = "cost-report-nightly".into();
                draft.roles = vec!["ORG_BILLING_READ_ONLY".into()];
            }),
        ),
        (Step::AccessList, Box::new(|draft| draft.access_list = "203.0.113.7 # report runner\n".into())),
        (
            Step::Projects,
            Box::new(move |draft| {
                draft.if_step_fails = "delete".into();
                draft.projects = project
                    .map(|project| DraftProject { project, roles: vec!["GROUP_READ_ONLY".into()] })
                    .into_iter()
                    .collect();
            }),
        ),
        (Step::Expiry, Box::new(|draft| draft.expiry = "365".into())),
    ];
    for (step, change) in answers {
        drafts.save(operator, draft, step, change, Go::Next).await.map_err(said)?;
    }
    let reason: app::backend::DraftChange = Box::new(|draft| {
        draft.reason = "Finance wants yesterday’s costs on its dashboard by eight every morning.".into();
        draft.ticket = "FIN-311".into();
    });
    drafts.save(operator, draft, Step::Review, reason, Go::Stay).await.map_err(said)?;
    let review = drafts.review(operator, draft).await.map_err(said)?;
    drafts.submit(operator, draft, &review.digest).await.map_err(said)?;
    Ok(())
}

/// The demo's person with `role`, as if they had just signed in at the machine itself.
async fn caller(store: &Store, services: &Services, role: Role) -> anyhow::Result<Caller> {
    let Person { id, username, display_name, grants, .. } = store
        .person_named(role.as_str())
        .await?
        .with_context(|| format!("the demo has a person with the role {role}"))?;
    Ok(Caller {
        person: id,
        username,
        display_name,
        grants,
        confirmed_at: services.backend.clock.now(),
        address: "127.0.0.1".into(),
        request_id: "demo".into(),
    })
}

fn said(error: ApiError) -> anyhow::Error {
    anyhow!("{error} ({error:?})")
}
