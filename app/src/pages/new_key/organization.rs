//! Step 1: whose key it will be, and which stored connection will act.

use leptos::prelude::*;

use super::parts::{self, step_form};
use crate::{
    api::drafts::{ActingOrg, DraftView},
    components::{Choice, EmptyState, LinkButton, QuestionHead, RadioCards, Tone},
    icons::IconName,
    paths,
};

pub(super) fn question(view: &DraftView) -> AnyView {
    if view.organizations.is_empty() {
        return view! {
            <EmptyState
                title="No organization to choose from"
                icon=IconName::Organization
                body="Either none is connected yet, or you are not an operator in any of them. An administrator can connect one, or give you the role."
            >
                <LinkButton href=paths::ORGANIZATIONS>"Organizations"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let error = parts::error(&view.errors, "org");
    let chosen = view.draft.org.clone();
    let choices = view.organizations.iter().map(|org| choice(org, &chosen)).collect();
    let autofocus = view.errors.is_empty();
    let fields = view! {
        <QuestionHead title="Whose key will it be?" autofocus>
            "An API key belongs to one organization and can be invited to that organization’s projects only. \
             Atlas creates it for whoever acts, so each choice says which stored connection that is and whether its roles suffice."
        </QuestionHead>
        <RadioCards legend="Organization" name="org" choices error/>
    }
    .into_any();
    step_form(view, "/api/drafts/save-organization", fields)
}

fn choice(org: &ActingOrg, chosen: &str) -> Choice {
    let name =
        if org.environment.is_empty() { org.name.clone() } else { format!("{} · {}", org.name, org.environment) };
    let choice = Choice::new(org.org.as_str(), name).hint(org.acting.clone()).checked(org.org.as_str() == chosen);
    match &org.obstacle {
        Some(obstacle) => choice.blocked(obstacle.clone()),
        None if !org.can_execute => choice.mark(Tone::Warn, "by hand"),
        None => choice,
    }
}
