//! Step 2: what the key is for, and its organization roles.

use domain::{
    atlas_roles::{ORG_ROLES, TASKS, Task, org_role, project_role},
    description::MAX_DESCRIPTION,
};
use leptos::prelude::*;

use super::parts::{self, step_form};
use crate::{
    api::drafts::DraftView,
    components::{CheckboxList, Field, QuestionHead, field_id},
    islands::CharCount,
};

pub(super) fn question(view: &DraftView) -> AnyView {
    let description = view.draft.description.clone();
    let description_error = parts::error(&view.errors, "description");
    let roles_error = parts::error(&view.errors, "roles");
    let choices = ORG_ROLES
        .iter()
        .map(|role| parts::role_choice(role, view.draft.roles.iter().any(|r| r == role.name)))
        .collect();
    let autofocus = view.errors.is_empty();
    let max = u32::try_from(MAX_DESCRIPTION).unwrap_or(u32::MAX);
    let fields = view! {
        <QuestionHead title="What is it for, and what may it do?" autofocus>
            "Atlas shows the description wherever it lists keys, and nothing else says who uses one. A key needs at least one organization role; \
             it gets its rights in projects later."
        </QuestionHead>
        <Field
            label="Description"
            name="description"
            value=description
            hint="Say which program or pipeline uses it, and where: “ci-deploy, payments, Jenkins”. No secrets."
            error=description_error
            autocomplete="off"
        >
            <CharCount field=field_id("description") max/>
        </Field>
        {tasks()}
        <CheckboxList
            legend="Organization roles"
            name="roles[]"
            hint="The least powerful first. Owner roles need two approvals. The rules are those of Atlas’s page “Atlas User Roles”."
            choices
            error=roles_error
        />
    }
    .into_any();
    step_form(view, "/api/drafts/save-description", fields)
}

/// Buttons for people who know the job and not the role: each ticks the smallest one that does it.
fn tasks() -> AnyView {
    let buttons = TASKS.iter().map(task).collect_view();
    view! {
        <fieldset class="ask" aria-describedby="tasks-hint">
            <legend>"Propose roles for a job"<span class="optional">" (optional)"</span></legend>
            <span class="hint" id="tasks-hint">
                "Ticks the smallest organization role that is enough for it, in place of what is ticked below."
            </span>
            <div class="tasks">{buttons}</div>
        </fieldset>
    }
    .into_any()
}

fn task(task: &Task) -> AnyView {
    let label = |name: &'static str| org_role(name).or_else(|| project_role(name)).map_or(name, |role| role.label);
    let then = task.project_role.map(|role| format!(", then {} in its projects", label(role)));
    view! {
        <button type="submit" class="btn task" name="go" value=format!("task:{}", task.id) formnovalidate=true>
            <span>{task.label}</span>
            <small>{label(task.org_role)}{then}</small>
        </button>
    }
    .into_any()
}
