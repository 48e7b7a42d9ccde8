//! One person: their roles, a link for a new password, and whether they can sign in.

use domain::ids::PersonId;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    failed::{Failed, RefusedAct, way_on},
    frame::{Console, last_attempt, now, query, segment},
    people::{
        last_sign_in_view,
        password::{OwnPassword, error_items},
        roles::{OrgNames, RolesEditor, role_lines, ticked},
        state_view,
    },
};
use crate::{
    api::{
        attempts::AttemptView,
        people::{PersonRow, PersonView, get_person},
    },
    components::{
        Button, ButtonKind, Card, Chip, Confirm, Crumb, DescriptionList, ErrorSummary, Fact, HeadStatus, Hidden, Note,
        PageHeader, RelativeTime, Skeleton, Tone,
    },
    error::ApiError,
    icons::IconName,
    islands::CopyButton,
    layout::Section,
    paths,
};

/// Which of the page's forms was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Roles,
    Reset,
    State,
}

impl Act {
    /// Reads the `act` of the address that a refused form leads back to.
    fn read(word: &str) -> Option<Self> {
        match word {
            "roles" => Some(Self::Roles),
            "reset" => Some(Self::Reset),
            "state" => Some(Self::State),
            _ => None,
        }
    }
}

/// What was refused, and in which form.
struct Refusal {
    act: Option<Act>,
    attempt: AttemptView,
}

impl Refusal {
    /// The attempt, if it was made with the form for `act`; otherwise an empty one.
    fn of(&self, act: Act) -> AttemptView {
        if self.act == Some(act) { self.attempt.clone() } else { AttemptView::default() }
    }
}

/// The person in the address.
#[component]
pub fn PersonPage() -> impl IntoView {
    let person = segment("person");
    let getting = Resource::new(
        || (),
        move |()| {
            let person: Result<PersonId, _> = person.parse();
            async move { get_person(person.map_err(|_| ApiError::NotFound)?).await }
        },
    );
    let last = last_attempt();
    let act = query("act").as_deref().and_then(Act::read);
    let done = query("done");
    view! {
        <Console title="Person" current=Section::People>
            <Suspense fallback=|| view! { <Skeleton/> }>
                {Suspend::new(async move {
                    let refusal = Refusal { act, attempt: last.await.unwrap_or_default() };
                    match getting.await {
                        Ok(view) => page_view(view, &refusal, done.as_deref()),
                        Err(error) => view! {
                            <PageHeader title="Person" crumbs=vec![Crumb::link("People", paths::PEOPLE)]/>
                            <Failed error=error.clone() what="see or change the people who have an account here" title="This person could not be shown">
                                {way_on(&error, paths::PEOPLE)}
                            </Failed>
                        }
                        .into_any(),
                    }
                })}
            </Suspense>
        </Console>
    }
}

fn page_view(view: PersonView, refusal: &Refusal, done: Option<&str>) -> AnyView {
    let now = now();
    let person = view.person.clone();
    let (disabled, awaits, is_caller) = (person.disabled, person.awaits_password, person.is_caller);
    let account = account_view(&person, now);
    let saved = (done == Some("roles") && !refusal.attempt.is_refused()).then(|| {
        view! { <Note tone=Tone::Ok title="The roles are saved.">"They hold from the next page that is opened."</Note> }
    });
    let crumbs = vec![Crumb::link("People", paths::PEOPLE), Crumb::here(person.username)];
    view! {
        <PageHeader title=person.display_name crumbs>
            <HeadStatus slot>
                {is_caller.then(|| view! { <Chip tone=Tone::Info>"you"</Chip> })}
                {disabled.then(|| view! { <Chip tone=Tone::Bad icon=IconName::Lock>"account closed"</Chip> })}
                {(awaits && !disabled).then(|| view! { <Chip tone=Tone::Wait icon=IconName::Clock>"has no password yet"</Chip> })}
            </HeadStatus>
        </PageHeader>
        {saved}
        <div class="stack">
            {link_view(&view, now)}
            {view.obstacle.clone().map(|why| view! { <Note tone=Tone::Neutral quiet=true>{why}</Note> })}
            <div class="two">
                {roles_view(&view, refusal.of(Act::Roles))}
                <div class="stack">
                    {account}
                    {password_view(&view, refusal.of(Act::Reset))}
                    {state_form_view(&view, refusal.of(Act::State))}
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn account_view(person: &PersonRow, now: Timestamp) -> impl IntoView + use<> {
    let state = state_view(person);
    let last_sign_in = last_sign_in_view(person.last_sign_in, now);
    let log = paths::with_query(paths::LOG, &[("actor", person.username.clone())]);
    let username = person.username.clone();
    view! {
        <Card title="Account">
            <DescriptionList narrow=true>
                <Fact term="Username"><code>{username}</code></Fact>
                <Fact term="State">{state}</Fact>
                <Fact term="Last sign-in">{last_sign_in}</Fact>
                <Fact term="Log"><a href=log>"What they did"</a></Fact>
            </DescriptionList>
        </Card>
    }
}

/// The one-time link that was just made. It stands in the page once; the copy button reads it from there.
fn link_view(view: &PersonView, now: Timestamp) -> Option<AnyView> {
    let (link, ends) = view.link.clone()?;
    let name = view.person.display_name.clone();
    Some(
        view! {
            <section class="secret" aria-labelledby="one-time-link">
                <div>
                    <h2 id="one-time-link">{format!("A link for {name} to choose a password")}</h2>
                    <p class="muted">
                        "Hand it over in a way that only they can read: whoever opens it first chooses the password. It works once and ends "
                        <RelativeTime at=ends now/>"."
                    </p>
                </div>
                <div class="value">
                    <code id="link-value">{link}</code>
                    <CopyButton from="link-value"/>
                </div>
                <p class="label">"Only you see it here, for ten minutes. Afterwards make a new one; the old one stops working then."</p>
            </section>
        }
        .into_any(),
    )
}

fn roles_view(view: &PersonView, attempt: AttemptView) -> AnyView {
    let grants = &view.person.grants;
    if view.obstacle.is_some() {
        let names: OrgNames = view.organizations.iter().map(|org| (org.id.clone(), org.name.clone())).collect();
        let lines = role_lines(grants, &names);
        return view! { <Card title="Roles">{lines}</Card> }.into_any();
    }
    let ticked = ticked(&attempt, grants);
    let error = attempt.error("grants");
    let errors = error_items(&attempt);
    let id = view.person.id.to_string();
    let organizations = view.organizations.clone();
    view! {
        <Card title="Roles">
            <form method="post" action="/api/people/set-grants" class="form full">
                <ErrorSummary errors/>
                <Hidden name="id" value=id/>
                <RolesEditor organizations ticked error/>
                <OwnPassword attempt of="roles"/>
                <div class="form-foot">
                    <span class="grow"></span>
                    <Button kind=ButtonKind::Main>"Save roles"</Button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

fn password_view(view: &PersonView, attempt: AttemptView) -> AnyView {
    let person = &view.person;
    let blocked = match (&view.obstacle, person.disabled) {
        (Some(why), _) => Some(why.clone()),
        (None, true) => Some("The account is closed. Open it again first.".to_owned()),
        (None, false) => None,
    };
    let words = if person.awaits_password {
        "They have not chosen a password yet. If their link was lost or ended, make a new one."
    } else {
        "You cannot see or choose it. Make a link with which they choose a new one; the old password works until then."
    };
    let act = match blocked {
        Some(why) => view! { <Button blocked=why say_why=true>"Make a link"</Button> }.into_any(),
        None => {
            let open = attempt.is_refused();
            let id = person.id.to_string();
            view! {
                <Confirm label="Make a link" title=format!("Make a link for {}?", person.display_name) inline=true open>
                    {refused_view(&attempt)}
                    <p>"An earlier link stops working."</p>
                    <form method="post" action="/api/people/start-reset" class="stack">
                        <Hidden name="id" value=id/>
                        <OwnPassword attempt of="reset"/>
                        <div class="row"><Button kind=ButtonKind::Main>"Make the link"</Button></div>
                    </form>
                </Confirm>
            }
            .into_any()
        }
    };
    view! {
        <Card title="Password">
            <div class="stack tight">
                <p class="muted">{words}</p>
                {act}
            </div>
        </Card>
    }
    .into_any()
}

fn state_form_view(view: &PersonView, attempt: AttemptView) -> AnyView {
    let person = &view.person;
    let (title, words, label, question, consequence, kind) = if person.disabled {
        (
            "Open the account again",
            "They cannot sign in. What they did stays in the log under their name.",
            "Open account",
            format!("Open the account of {}?", person.display_name),
            "They can sign in again with the password and roles they had.",
            ButtonKind::Main,
        )
    } else {
        (
            "Close the account",
            "For somebody who leaves. Their sessions end at once; what they did stays in the log under their name.",
            "Close account",
            format!("Close the account of {}?", person.display_name),
            "They are signed out everywhere and cannot sign in. You can open the account again.",
            ButtonKind::DangerSure,
        )
    };
    let outer = if person.disabled { ButtonKind::Normal } else { ButtonKind::Danger };
    let act = match view.obstacle.clone() {
        Some(why) => view! { <Button kind=outer blocked=why>{label}</Button> }.into_any(),
        None => {
            let open = attempt.is_refused();
            let (id, disable) = (person.id.to_string(), (!person.disabled).to_string());
            view! {
                <Confirm label title=question kind=outer inline=true open>
                    {refused_view(&attempt)}
                    <p>{consequence}</p>
                    <form method="post" action="/api/people/set-disabled" class="stack">
                        <Hidden name="id" value=id/>
                        <Hidden name="disabled" value=disable/>
                        <OwnPassword attempt of="state"/>
                        <div class="row"><Button kind>{label}</Button></div>
                    </form>
                </Confirm>
            }
            .into_any()
        }
    };
    view! {
        <Card title>
            <div class="stack tight">
                <p class="muted">{words}</p>
                {act}
            </div>
        </Card>
    }
    .into_any()
}

/// Why a small form was refused, unless its password field says so.
fn refused_view(attempt: &AttemptView) -> impl IntoView + use<> {
    let problem = attempt.problem.clone().filter(|problem| *problem != ApiError::PasswordNeeded);
    view! { <RefusedAct problem/> }
}
