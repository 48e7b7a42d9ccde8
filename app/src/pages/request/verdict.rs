//! The bar in which one decides. No verdict is preselected; Approve names what is approved, Deny wants a reason.

use domain::{approval::VerdictObstacle, plan::short_digest, request::RequestState};
use leptos::prelude::*;

use super::plan;
use crate::{
    api::{attempts::AttemptView, requests::RequestView},
    components::{Button, ButtonKind, Confirm, Field, Hidden, TextArea, VerdictBar},
    icons::IconName,
};

/// The bar, while the request waits for verdicts.
pub(super) fn bar(view: &RequestView, attempt: &AttemptView) -> Option<AnyView> {
    if view.state != RequestState::Pending {
        return None;
    }
    let changes = plan::changes(&view.plan);
    Some(match &view.obstacle {
        Some(obstacle) => refused(obstacle, &changes),
        None => {
            let note = format!(
                "You approve exactly {}, plan {}.",
                these(&plan::changes_in_calls(&view.plan)),
                short_digest(&view.digest)
            );
            let (deny, approve) = (deny(view, attempt), approve(view, attempt, &changes));
            view! {
                <VerdictBar title="Your verdict" note>
                    {deny}
                    {approve}
                </VerdictBar>
            }
            .into_any()
        }
    })
}

fn these(changes: &str) -> String {
    if changes.starts_with("1 ") { format!("this {changes}") } else { format!("these {changes}") }
}

fn refused(obstacle: &VerdictObstacle, changes: &str) -> AnyView {
    let title = match obstacle {
        VerdictObstacle::OwnRequest => "This is your own request",
        VerdictObstacle::AlreadyApproved => "You have approved this plan",
        VerdictObstacle::NotApprover => "You may not decide about this",
        VerdictObstacle::NotPending { .. } | VerdictObstacle::PlanChanged => "You cannot decide at the moment",
    };
    let reason = obstacle.to_string();
    let approve = format!("Approve {changes}");
    view! {
        <VerdictBar title note=reason.clone()>
            <Button kind=ButtonKind::Danger blocked=reason.clone()>"Deny"</Button>
            <Button kind=ButtonKind::Main blocked=reason>{approve}</Button>
        </VerdictBar>
    }
    .into_any()
}

fn carried(view: &RequestView) -> AnyView {
    view! {
        <Hidden name="number" value=view.number.to_string()/>
        <Hidden name="digest" value=view.digest.clone()/>
    }
    .into_any()
}

fn password(view: &RequestView, id: &'static str, attempt: &AttemptView) -> Option<AnyView> {
    view.needs_password.then(|| {
        view! {
            <Field
                label="Your password, once more"
                name="password"
                id
                kind="password"
                autocomplete="current-password"
                hint="It was given more than five minutes ago."
                error=attempt.error("password")
                required=true
            />
        }
        .into_any()
    })
}

fn approve(view: &RequestView, attempt: &AttemptView, changes: &str) -> AnyView {
    let words = format!("Approve {changes}");
    match password(view, "approve-password", attempt) {
        None => view! {
            <form method="post" action="/api/requests/approve">
                {carried(view)}
                <Button kind=ButtonKind::Main>{words}</Button>
            </form>
        }
        .into_any(),
        Some(password) => {
            let title = format!("{words}?");
            let open = attempt.error("password").is_some() && attempt.value("deny_reason").is_empty();
            let carried = carried(view);
            view! {
                <Confirm label=words.clone() title kind=ButtonKind::Main open>
                    <form method="post" action="/api/requests/approve" class="stack">
                        {carried}
                        {password}
                        <div class="row ends"><Button kind=ButtonKind::Main>{words}</Button></div>
                    </form>
                </Confirm>
            }
            .into_any()
        }
    }
}

fn deny(view: &RequestView, attempt: &AttemptView) -> AnyView {
    let error = attempt.error("deny_reason");
    let typed = attempt.value("deny_reason");
    let open = error.is_some() || !typed.is_empty();
    let (carried, password) = (carried(view), password(view, "deny-password", attempt));
    view! {
        <Confirm label="Deny" title="Deny this request?" kind=ButtonKind::Danger icon=IconName::Cross open>
            <form method="post" action="/api/requests/deny" class="stack" novalidate=true>
                {carried}
                <TextArea
                    label="Reason"
                    name="deny_reason"
                    value=typed
                    rows=3
                    hint="The person who asked reads it. It stays in the log."
                    error
                />
                {password}
                <div class="row ends"><Button kind=ButtonKind::DangerSure>"Deny this request"</Button></div>
            </form>
        </Confirm>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_change_is_this_one() {
        assert_eq!(these("1 change"), "this 1 change");
        assert_eq!(these("7 changes"), "these 7 changes");
    }
}
