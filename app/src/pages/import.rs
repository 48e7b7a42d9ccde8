//! Connect several organizations from a file: check it, look at what was found, add what is good.

use leptos::prelude::*;

use super::{
    connection_form::PasswordField,
    failed::{Failed, RefusedAct, error_items},
    frame::{Console, last_attempt, query},
    words::counted,
};
use crate::{
    api::{
        attempts::AttemptView,
        import::{COLUMNS, Finding, ImportRow, ImportView, KEPT_MINUTES, MAX_BYTES, MAX_ROWS, get_import},
    },
    components::{
        Button, ButtonKind, Card, CodeBlock, Crumb, DataTable, ErrorSummary, Hidden, LinkButton, Note, PageHeader,
        QuestionHead, RoleChip, Skeleton, StateDot, TextArea, Tone, field_id,
    },
    icons::IconName,
    islands::FileText,
    layout::Section,
    paths,
};

const TABLE: &str = "public_key,private_key,label,environment\n\
                     abcdefgh,0f1e2d3c-…,Payments EU,prod\n\
                     ijklmnop,5f4e3d2c-…,Retail,staging";

const PROFILES: &str = "[payments]\n\
                        org_id = \"5f1a2b3c…\"\n\
                        public_api_key = \"abcdefgh\"\n\
                        private_api_key = \"0f1e2d3c-…\"\n\
                        service = \"cloud\"";

/// Connect several organizations.
#[component]
pub fn ImportPage() -> impl IntoView {
    let attempt = last_attempt();
    let id = query("import").unwrap_or_default();
    let import = {
        let id = id.clone();
        Resource::new(|| (), move |()| get_import(id.clone()))
    };
    view! {
        <Console title="Import organizations" current=Section::Organizations>
            <PageHeader
                title="Import organizations"
                lead="Connect several organizations from one file. Each key is tested first; nothing is added before you have seen the result."
                crumbs=vec![Crumb::link("Organizations", paths::ORGANIZATIONS), Crumb::here("Import")]
            />
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    let attempt = attempt.await.unwrap_or_default();
                    match import.await {
                        Ok(ImportView { checked: Some(rows), needs_password, .. }) => {
                            result(id, rows, needs_password, attempt)
                        }
                        Ok(view) => form(&view, !id.is_empty(), attempt),
                        Err(error) => view! {
                            <Failed error what="connect organizations" title="The form could not be shown">
                                <LinkButton href=paths::ORGANIZATIONS>"Back to the organizations"</LinkButton>
                            </Failed>
                        }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

/// The first step.
fn form(view: &ImportView, is_gone: bool, attempt: AttemptView) -> AnyView {
    let gone = (is_gone && attempt.problem.is_none()).then(|| {
        let text = format!(
            "It is kept for {KEPT_MINUTES} minutes, until it is added, and for the person who checked it. Look whether the organizations are listed already; otherwise check the file again."
        );
        view! { <Note tone=Tone::Warn title="What was checked is no longer here.">{text}</Note> }
    });
    let retype = attempt.is_refused().then(|| {
        view! {
            <Note quiet=true icon=IconName::Lock title="Paste the file again.">
                "There are private keys in it, so what was sent is not kept and does not come back into this page."
            </Note>
        }
    });
    let addresses = view.base_urls.join(", ");
    let hint = format!(
        "At most {MAX_ROWS} organizations and {} KB. Which of the two formats it is shows by itself.",
        MAX_BYTES / 1024
    );
    let fields = view! {
        <TextArea
            label="CSV table, or the Atlas CLI’s config.toml"
            name="text"
            hint
            error=attempt.error("text")
            rows=12
            mono=true
            required=true
        />
        <FileText field=field_id("text") label="Or choose a file" max=MAX_BYTES/>
        <PasswordField needed=view.needs_password error=attempt.error("password")/>
    };
    view! {
        {gone}
        <div class="two">
            <form method="post" action="/api/organizations/check-import" class="form" autocomplete="off">
                <ErrorSummary errors=error_items(&attempt)/>
                {retype}
                <section class="stack">{fields.into_any()}</section>
                <div class="form-foot">
                    <LinkButton href=paths::ORGANIZATIONS>"Cancel"</LinkButton>
                    <span class="grow"></span>
                    <Button kind=ButtonKind::Main>"Check"</Button>
                </div>
            </form>
            <aside class="stack" aria-label="About the file">
                {formats(addresses)}
                {how_it_is_kept()}
            </aside>
        </div>
    }
    .into_any()
}

fn formats(addresses: String) -> AnyView {
    let optional = COLUMNS.iter().skip(2).map(|column| view! { <li><code>{*column}</code></li> }).collect_view();
    view! {
        <Card title="The two formats">
            <div class="stack">
                <p><b>"CSV."</b>" The first row names the columns, in any order. Only the public and the private key must be there:"</p>
                <CodeBlock code=TABLE title="A CSV table" no_copy=true/>
                <p>"Other columns, where you need them:"</p>
                <ul>{optional}</ul>
                <p class="muted">"Addresses of Atlas that are allowed here: "{addresses}"."</p>
                <p>
                    <LinkButton href=paths::IMPORT_TEMPLATE icon=IconName::Download download=true>
                        "Download an empty table"
                    </LinkButton>
                </p>
                <p>
                    <b>"Atlas CLI."</b>
                    " The file config.toml with its profiles. Profiles that sign in as a person or use a service account are named and passed over."
                </p>
                <CodeBlock code=PROFILES title="A profile" no_copy=true/>
            </div>
        </Card>
    }
    .into_any()
}

fn how_it_is_kept() -> AnyView {
    let kept = format!(
        "Until you add them, the keys that passed are kept encrypted for {KEPT_MINUTES} minutes, for you alone."
    );
    view! {
        <Card title="How it is kept">
            <ul class="checks">
                <li><span class="dot ok"></span><span>"The text does not come back into a page, whatever happens: if something is wrong, correct the file and paste it again."</span></li>
                <li><span class="dot ok"></span><span>{kept}</span></li>
                <li><span class="dot ok"></span><span>"Keys that did not pass are forgotten at once."</span></li>
                <li><span class="dot ok"></span><span>"One row at fault keeps all others back, unless you say to leave it out."</span></li>
            </ul>
        </Card>
    }
    .into_any()
}

/// The second step.
fn result(id: String, rows: Vec<ImportRow>, needs_password: bool, attempt: AttemptView) -> AnyView {
    let count = |is: &dyn Fn(&Finding) -> bool| {
        u32::try_from(rows.iter().filter(|row| is(&row.finding)).count()).unwrap_or(u32::MAX)
    };
    let good = count(&|finding| matches!(finding, Finding::Good { .. }));
    let bad = count(&|finding| matches!(finding, Finding::Bad { .. }));
    let skipped = count(&|finding| matches!(finding, Finding::Skipped { .. }));
    let passed_over = if skipped > 0 { format!(" {skipped} passed over.") } else { String::new() };
    let organizations = counted(good, "organization", "organizations");
    let (tone, title, text) = match (good, bad) {
        (0, 0) => (Tone::Warn, "There is nothing to add.".to_owned(), format!("No row holds an API key.{passed_over}")),
        (0, _) => (
            Tone::Bad,
            "Nothing can be added.".to_owned(),
            format!("Each problem stands beside its line. Correct the file, then check it again.{passed_over}"),
        ),
        (_, 0) => (
            Tone::Ok,
            format!("{organizations} can be added."),
            format!("All keys passed their test. Nothing has been added yet.{passed_over}"),
        ),
        _ => (
            Tone::Warn,
            format!("{organizations} can be added, {bad} cannot."),
            format!(
                "Nothing has been added. Correct the file and check it again, or add the good rows alone.{passed_over}"
            ),
        ),
    };
    let again = || view! { <LinkButton href=paths::IMPORT_ORGANIZATIONS>"Check another file"</LinkButton> };
    let act = if good == 0 {
        view! { <div class="form-foot">{again()}</div> }.into_any()
    } else {
        let (button, only_good) = if bad > 0 {
            let words =
                if good == 1 { "Add the good row only".to_owned() } else { format!("Add the {good} good rows only") };
            (view! { <Button>{words}</Button> }.into_any(), "yes")
        } else {
            (view! { <Button kind=ButtonKind::Main>{format!("Add {organizations}")}</Button> }.into_any(), "")
        };
        view! {
            <form method="post" action="/api/organizations/add-import" class="form">
                <ErrorSummary errors=error_items(&AttemptView { problem: None, ..attempt.clone() })/>
                <Hidden name="id" value=id/>
                <Hidden name="only_good" value=only_good/>
                <PasswordField needed=needs_password error=attempt.error("password")/>
                <div class="form-foot">
                    {again()}
                    <span class="grow"></span>
                    {button}
                </div>
            </form>
        }
        .into_any()
    };
    let kept = format!(
        "The private keys do not come back into this page. Those that passed are kept encrypted for {KEPT_MINUTES} minutes after the check; after that, paste the file again."
    );
    let rows = rows.into_iter().map(table_row).collect::<Vec<_>>();
    view! {
        <RefusedAct problem=attempt.problem/>
        <Note tone title>{text}</Note>
        <section class="stack">
            <QuestionHead title="What was found">{kept}</QuestionHead>
            <DataTable caption="What was found in each row of the file">
                <thead>
                    <tr>
                        <th scope="col">"Line"</th>
                        <th scope="col">"Public key"</th>
                        <th scope="col">"Result"</th>
                        <th scope="col">"Organization"</th>
                        <th scope="col">"Roles"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </section>
        {act}
    }
    .into_any()
}

fn table_row(row: ImportRow) -> AnyView {
    let ImportRow { line, profile, public_key, finding } = row;
    let profile = (!profile.is_empty()).then(|| view! { <span class="sub">"Profile "{profile}</span> });
    let public_key = match public_key.as_str() {
        "" => view! { <span class="muted">"not shown"</span> }.into_any(),
        _ => view! { <code>{public_key}</code> }.into_any(),
    };
    let cells = match finding {
        Finding::Good { org, name, label, roles, writer_roles } => {
            let other_name = (label != name).then(|| view! { <span class="sub">{name}</span> });
            let writer = writer_roles.map(|roles| {
                view! { <span class="sub">"Writer: "{role_chips(roles)}</span> }
            });
            view! {
                <td data-label="Result"><StateDot tone=Tone::Ok>"can be added"</StateDot></td>
                <td data-label="Organization">
                    <div>
                        {label}
                        {other_name}
                        <span class="sub mono">{org.to_string()}</span>
                    </div>
                </td>
                <td data-label="Roles"><div>{role_chips(roles)}{writer}</div></td>
            }
            .into_any()
        }
        Finding::Bad { problems } => {
            let problems = problems.into_iter().map(|problem| view! { <p>{problem}</p> }).collect_view();
            view! {
                <td data-label="Result"><StateDot tone=Tone::Bad>"cannot be added"</StateDot></td>
                <td data-label="Why" colspan="2"><div>{problems}</div></td>
            }
            .into_any()
        }
        Finding::Skipped { why } => view! {
            <td data-label="Result"><StateDot tone=Tone::Wait>"passed over"</StateDot></td>
            <td data-label="Why" colspan="2"><div>{why}</div></td>
        }
        .into_any(),
    };
    view! {
        <tr>
            <td>"Line "{line}{profile}</td>
            <td data-label="Public key">{public_key}</td>
            {cells}
        </tr>
    }
    .into_any()
}

fn role_chips(roles: Vec<String>) -> AnyView {
    if roles.is_empty() {
        return view! { <span class="muted">"none in the organization"</span> }.into_any();
    }
    roles.into_iter().map(|role| view! { <RoleChip role/>" " }).collect_view().into_any()
}
