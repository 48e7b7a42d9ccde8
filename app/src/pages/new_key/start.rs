//! Where the wizard begins: one button, and the drafts that wait.

use domain::create_key::Step;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    super::{
        failed::{Failed, RefusedAct},
        frame::now,
    },
    PROMISE, TITLE, crumbs,
};
use crate::{
    api::drafts::DraftRow,
    components::{Button, ButtonKind, Card, Confirm, DataTable, Hidden, LinkButton, PageHeader, RelativeTime},
    error::ApiError,
    icons::IconName,
    paths,
};

pub(super) fn begin_view(listing: Result<Vec<DraftRow>, ApiError>, problem: Option<ApiError>, org: String) -> AnyView {
    let rows = match listing {
        Ok(rows) => rows,
        Err(error) => {
            return view! {
                <PageHeader title=TITLE crumbs=crumbs()/>
                <Failed error what="ask for API keys" title="The wizard could not be shown">
                    <LinkButton href=paths::KEYS>"All API keys"</LinkButton>
                </Failed>
            }
            .into_any();
        }
    };
    let drafts = (!rows.is_empty()).then(|| drafts_view(rows, now()));
    let questions = [
        (Step::Organization, "Whose key it will be, and which stored connection acts for it."),
        (Step::Description, "What it is for, and the smallest organization role that does the job."),
        (Step::AccessList, "The addresses it may call from."),
        (Step::Projects, "The projects it is invited to, and as what."),
        (Step::Expiry, "How long it is needed; Meridian marks it when that is over."),
        (Step::Review, "The exact calls, who has to approve, and your reason."),
    ];
    let questions = questions
        .into_iter()
        .enumerate()
        .map(|(index, (step, about))| {
            view! {
                <li>
                    <span class="n">{index + 1}</span>
                    <span><b>{step.label()}</b><span class="hint">{about}</span></span>
                </li>
            }
        })
        .collect_view();
    view! {
        <PageHeader title=TITLE lead=PROMISE crumbs=crumbs()/>
        <RefusedAct problem/>
        <div class="stack loose begin">
            {drafts}
            <Card title="A new one">
                <div class="stack">
                    <p class="muted">
                        "Six steps, each saved when you leave it. You can go on with a draft for 14 days, from any browser."
                    </p>
                    <ol class="asks">{questions}</ol>
                    <form method="post" action="/api/drafts/start">
                        <Hidden name="org" value=org/>
                        <Button kind=ButtonKind::Main icon=IconName::Plus>"Start"</Button>
                    </form>
                </div>
            </Card>
        </div>
    }
    .into_any()
}

fn drafts_view(rows: Vec<DraftRow>, now: Timestamp) -> AnyView {
    let count = rows.len();
    let rows = rows.into_iter().map(|row| draft_view(row, now)).collect_view();
    view! {
        <DataTable
            caption="Your drafts"
            title="Go on with a draft"
            subtitle=if count == 1 { "1 draft".to_owned() } else { format!("{count} drafts") }
        >
            <thead>
                <tr>
                    <th scope="col">"Key"</th>
                    <th scope="col">"Next step"</th>
                    <th scope="col">"Saved"</th>
                    <th scope="col">"Thrown away"</th>
                    <th scope="col"><span class="sr">"Acts"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn draft_view(row: DraftRow, now: Timestamp) -> AnyView {
    let href = paths::new_key_step(row.id, row.step);
    let (id, title) = (row.id, row.title.clone());
    let question = format!("Discard “{title}”?");
    view! {
        <tr>
            <th scope="row">
                <a class="name" href=href.clone()>{row.title}</a>
                <span class="sub">{row.org_name.unwrap_or_else(|| "No organization chosen yet".to_owned())}</span>
            </th>
            <td data-label="Next step">{row.step.label()}</td>
            <td data-label="Saved"><RelativeTime at=row.saved_at now/></td>
            <td data-label="Thrown away"><RelativeTime at=row.expires_at now/></td>
            <td class="acts">
                <div class="row wrap ends">
                    <LinkButton href small=true>
                        "Resume"<span class="sr">{format!(" {title}")}</span>
                    </LinkButton>
                    <Confirm label="Discard" title=question small=true kind=ButtonKind::Plain>
                        <p>"Its answers are thrown away. Nothing was sent to Atlas."</p>
                        <form method="post" action="/api/drafts/discard">
                            <Hidden name="draft" value=id.to_string()/>
                            <Button kind=ButtonKind::DangerSure>"Discard it"</Button>
                        </form>
                    </Confirm>
                </div>
            </td>
        </tr>
    }
    .into_any()
}
