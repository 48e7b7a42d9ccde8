//! Step 6: everything once more, the exact effect, who must approve, the reason, and the button.

use domain::{
    access_list::read_lines,
    create_key::{MAX_REASON, Step},
    plan::short_digest,
};
use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    super::request::plan::{counted, joined, plan_card, warning_notes},
    parts::{self, change_link},
};
use crate::{
    api::drafts::{DraftView, ReviewView},
    components::{
        Button, ButtonKind, Card, ErrorSummary, Field, Hidden, LinkButton, Note, QuestionHead, RelativeTime, RoleChip,
        StateDot, TextArea, Tone, field_id,
    },
    error::ApiError,
    islands::CharCount,
    paths,
};

pub(super) fn question(view: &DraftView, review: Option<Result<ReviewView, ApiError>>, now: Timestamp) -> AnyView {
    let autofocus = view.errors.is_empty();
    let errors = parts::error_items(&view.errors);
    let answers = answers(view);
    let form = form(view, review.as_ref().and_then(|review| review.as_ref().ok()));
    let effect = match review {
        Some(Ok(review)) => effect(review, now),
        Some(Err(error)) => no_plan(view, &error),
        None => no_plan(view, &ApiError::Conflict),
    };
    view! {
        <ErrorSummary errors/>
        <QuestionHead title="Is this what you want?" autofocus>
            "Read it as the person who approves it will. What you change here is planned again, and nothing is sent to Atlas until somebody else approves."
        </QuestionHead>
        {answers}
        {effect}
        {form}
    }
    .into_any()
}

fn answers(view: &DraftView) -> AnyView {
    let draft = &view.draft;
    let chips = |roles: &[String]| roles.iter().map(|role| view! { <RoleChip role=role.clone()/> }).collect_view();
    let list = match read_lines(&draft.access_list).entries.as_slice() {
        [] => "None: it may be used from anywhere, unless its organization requires a list".into_any(),
        entries => entries
            .iter()
            .map(|line| {
                view! {
                    <span class="answer-line">
                        <code>{line.entry.range.to_string()}</code>
                        " "<span class="faint">{line.entry.width_in_words()}</span>
                    </span>
                }
            })
            .collect_view()
            .into_any(),
    };
    let projects = match draft.projects.as_slice() {
        [] => "None".into_any(),
        chosen => chosen
            .iter()
            .map(|project| {
                view! {
                    <span class="answer-line">
                        {parts::project_name(view, &project.project)}" "<span class="chips">{chips(&project.roles)}</span>
                    </span>
                }
            })
            .collect_view()
            .into_any(),
    };
    let failing =
        if draft.if_step_fails == "delete" { "Delete the key again" } else { "Keep the key as far as it got" };
    let end = parts::end_in_words(view).unwrap_or_else(|| "Not in order yet".to_owned());
    let id = view.id;
    let org = parts::org_name(view);
    let description = draft.description.trim().to_owned();
    let roles = chips(&draft.roles);
    view! {
        <Card title="Your answers" flush=true>
            <dl class="answers">
                <div>
                    <dt>"Organization"</dt>
                    <dd>{org}</dd>
                    <dd>{change_link(id, Step::Organization)}</dd>
                </div>
                <div>
                    <dt>"Description"</dt>
                    <dd>
                        <span class="answer-line">{description}</span>
                        <span class="chips">{roles}</span>
                    </dd>
                    <dd>{change_link(id, Step::Description)}</dd>
                </div>
                <div>
                    <dt>"Access list"</dt>
                    <dd>{list}</dd>
                    <dd>{change_link(id, Step::AccessList)}</dd>
                </div>
                <div>
                    <dt>"Projects"</dt>
                    <dd>{projects}</dd>
                    <dd>{change_link(id, Step::Projects)}</dd>
                </div>
                <div>
                    <dt>"If a later call fails"</dt>
                    <dd>{failing}</dd>
                    <dd>{change_link(id, Step::Projects)}</dd>
                </div>
                <div>
                    <dt>"Expiry"</dt>
                    <dd>{end}</dd>
                    <dd>{change_link(id, Step::Expiry)}</dd>
                </div>
            </dl>
        </Card>
    }
    .into_any()
}

/// What a plan will do, who must approve it, and who acts: the same for every kind of change.
pub(in crate::pages) fn effect(review: ReviewView, now: Timestamp) -> AnyView {
    let ReviewView { plan, digest, requirement, approvers, approver_count, acting, planned_at } = review;
    let needed = requirement.approvals;
    let people =
        if needed == 1 { "1 person other than you".to_owned() } else { format!("{needed} people other than you") };
    let reasons = requirement.reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view();
    let could = who_could(&approvers, approver_count);
    let too_few = (approver_count < needed).then(|| {
        let title = match approver_count {
            0 => "Nobody can approve this at the moment.".to_owned(),
            count => format!("Only {} can approve this at the moment.", counted(count, "person", "people")),
        };
        view! {
            <Note tone=Tone::Warn title quiet=true>
                "You may ask all the same; an administrator can give somebody the role approver for this organization before the request expires."
            </Note>
        }
    });
    let effect = plan_card(&plan, "What will change");
    let warnings = warning_notes(plan.warnings);
    view! {
        {warnings}
        {effect}
        <Card title="Who must approve" subtitle=people>
            <div class="stack tight">
                <ul class="bullets">{reasons}</ul>
                <p class="muted">{could}</p>
                {too_few}
            </div>
        </Card>
        <Card title="Who acts">
            <div class="stack tight">
                <p>{acting}</p>
                <p class="faint">
                    "Atlas was read for this plan "<RelativeTime at=planned_at now/>
                    {format!(" · plan {}", short_digest(&digest))}
                </p>
            </div>
        </Card>
    }
    .into_any()
}

fn who_could(approvers: &[String], count: u32) -> String {
    let named = u32::try_from(approvers.len()).unwrap_or(u32::MAX);
    let more = count.saturating_sub(named);
    match (approvers, more) {
        ([], 0) => "You cannot approve your own request.".to_owned(),
        ([], more) => format!("{more} could."),
        (names, 0) => format!("{} could.", joined(names)),
        (names, more) => format!("{} and {more} more could.", names.join(", ")),
    }
}

/// The plan could not be made; the answers stay, and so does what was written below.
fn no_plan(view: &DraftView, error: &ApiError) -> AnyView {
    let (title, next) = match error {
        ApiError::Refused { problem, next } => (problem.clone(), next.clone()),
        other => ("The plan could not be made.".to_owned(), other.to_string()),
    };
    view! {
        <Note tone=Tone::Bad title>
            <p>{next}</p>
            <p>"Your answers and your reason are kept."</p>
        </Note>
        <div>
            <LinkButton href=paths::new_key_step(view.id, Step::Review)>"Try again"</LinkButton>
        </div>
    }
    .into_any()
}

fn form(view: &DraftView, review: Option<&ReviewView>) -> AnyView {
    let digest = review.map(|review| review.digest.clone()).unwrap_or_default();
    let words = review.map_or_else(
        || "Request approval".to_owned(),
        |review| {
            let changes = u32::try_from(review.plan.change_count()).unwrap_or(u32::MAX);
            format!("Request approval for {}", counted(changes, "change", "changes"))
        },
    );
    let blocked = review.is_none().then(|| "There is no plan to approve yet; see above.".to_owned());
    let reason_error = parts::error(&view.errors, "reason");
    let ticket_error = parts::error(&view.errors, "ticket");
    let max = u32::try_from(MAX_REASON).unwrap_or(u32::MAX);
    view! {
        <form method="post" action="/api/drafts/submit" class="form" novalidate=true>
            // Enter in a field presses the first button of a form, which must not be the way back.
            <button type="submit" name="go" value="submit" class="sr" tabindex="-1" aria-hidden="true">"Request approval"</button>
            <Hidden name="draft" value=view.id.to_string()/>
            <Hidden name="digest" value=digest/>
            <TextArea
                label="Reason"
                name="reason"
                value=view.draft.reason.clone()
                hint="Why is it wanted, and until when? Whoever decides reads it, and it stays in the log. No secrets."
                error=reason_error
            >
                <CharCount field=field_id("reason") max/>
            </TextArea>
            <Field
                label="Ticket"
                name="ticket"
                value=view.draft.ticket.clone()
                hint="A number or an address."
                error=ticket_error
                mark_optional=true
                width=crate::components::Width::Medium
                autocomplete="off"
            />
            <div class="form-foot">
                <Button name="go" value="back" formnovalidate=true>"Back"</Button>
                <span class="grow"></span>
                <Button name="go" value="leave" kind=ButtonKind::Plain formnovalidate=true>"Save and leave"</Button>
                <Button name="go" value="submit" kind=ButtonKind::Main blocked>{words}</Button>
            </div>
            <p class="hint end-note">
                <StateDot tone=Tone::Wait>"Nothing is sent to Atlas until somebody else approves."</StateDot>
            </p>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_could_approve_is_said_in_words() {
        let names = ["Ana".to_owned(), "Jana".to_owned()];
        assert_eq!(who_could(&names, 2), "Ana or Jana could.");
        assert_eq!(who_could(&names, 7), "Ana, Jana and 5 more could.");
        assert_eq!(who_could(&[], 0), "You cannot approve your own request.");
    }
}
