//! One's own account: roles, password, sessions.

mod agent;

use jiff::Timestamp;
use leptos::prelude::*;

use self::agent::browser_words;
use super::{
    failed::{Failed, error_items},
    frame::{Console, last_attempt, now, query},
    link::PASSWORD_RULE,
    people::roles::{OrgNames, org_names, role_lines},
};
use crate::{
    api::{
        attempts::AttemptView,
        people::{AccountView, SessionRow, account},
    },
    components::{
        Button, ButtonKind, Card, Chip, DataTable, ErrorSummary, Field, LinkButton, Note, PageHeader, PostButton,
        RelativeTime, Skeleton, Tone, Width,
    },
    layout::Section,
    paths,
};

/// The caller's own account.
#[component]
pub fn AccountPage() -> impl IntoView {
    let getting = Resource::new(|| (), |()| async { Ok((account().await?, org_names().await)) });
    let last = last_attempt();
    let done = query("done");
    view! {
        <Console title="My account" current=Section::Account>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    let attempt = last.await.unwrap_or_default();
                    match getting.await {
                        Ok((account, names)) => page_view(account, names, attempt, done.as_deref()),
                        Err(error) => view! {
                            <PageHeader title="My account"/>
                            <Failed error what="see this account" title="Your account could not be shown">
                                <LinkButton href=paths::ACCOUNT>"Try again"</LinkButton>
                            </Failed>
                        }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn page_view(account: AccountView, names: OrgNames, attempt: AttemptView, done: Option<&str>) -> AnyView {
    let AccountView { person, sessions } = account;
    let note = match done {
        _ if attempt.is_refused() => None,
        Some("password") => Some(view! {
            <Note tone=Tone::Ok title="Your password is changed.">"Your other sessions have ended; sign in there with the new one."</Note>
        }.into_any()),
        Some("sessions") => Some(view! { <Note tone=Tone::Ok title="Your other sessions have ended."/> }.into_any()),
        _ => None,
    };
    view! {
        <PageHeader title=person.display_name.clone() document_title="My account" lead=format!("You sign in as {}.", person.username)/>
        {note}
        <div class="stack">
            {sessions_view(sessions, now())}
            <div class="halves">
                {password_view(person.username, attempt)}
                <Card title="Roles" subtitle="given by whoever manages people">{role_lines(&person.grants, &names)}</Card>
            </div>
        </div>
    }
    .into_any()
}

fn password_view(username: String, attempt: AttemptView) -> impl IntoView {
    let errors = error_items(&attempt);
    view! {
        <Card title="Password">
            <form method="post" action="/api/people/change-password" class="form narrow">
                <ErrorSummary errors/>
                // Not read by the server: password managers keep the new password under it.
                <input type="text" name="username" value=username autocomplete="username" readonly hidden/>
                <Field label="Current password" name="current" kind="password" error=attempt.error("current") autocomplete="current-password" width=Width::Medium/>
                <Field
                    label="New password"
                    name="password"
                    kind="password"
                    error=attempt.error("password")
                    hint=PASSWORD_RULE
                    autocomplete="new-password"
                    width=Width::Medium
                />
                <Field label="New password again" name="password_again" kind="password" error=attempt.error("password_again") autocomplete="new-password" width=Width::Medium/>
                <p class="muted">"Your other sessions end when it changes."</p>
                <div class="row"><Button kind=ButtonKind::Main>"Change password"</Button></div>
            </form>
        </Card>
    }
}

fn sessions_view(sessions: Vec<SessionRow>, now: Timestamp) -> AnyView {
    let others = sessions.iter().filter(|session| !session.is_this).count();
    let blocked = (others == 0).then(|| "This is your only session.".to_owned());
    let aside = view! {
        <PostButton action="/api/people/end-other-sessions" small=true blocked>"End all other sessions"</PostButton>
    }
    .into_any();
    let rows = sessions
        .into_iter()
        .map(|session| {
            let SessionRow { address, browser, created_at, last_seen, is_this } = session;
            view! {
                <tr>
                    <td>
                        <span title=browser.clone()>{browser_words(&browser)}</span>
                        {is_this.then(|| view! { " "<Chip tone=Tone::Info>"this one"</Chip> })}
                    </td>
                    <td data-label="Address"><code>{address}</code></td>
                    <td data-label="Signed in"><RelativeTime at=created_at now/></td>
                    <td data-label="Last seen"><RelativeTime at=last_seen now/></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Your sessions" title="Sessions" subtitle="Where you are signed in" aside>
            <thead>
                <tr>
                    <th scope="col">"Browser"</th>
                    <th scope="col">"Address"</th>
                    <th scope="col">"Signed in"</th>
                    <th scope="col">"Last seen"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}
