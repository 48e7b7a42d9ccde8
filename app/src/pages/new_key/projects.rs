//! Step 4: the projects the key is invited to, and as what.

use domain::{
    atlas_roles::{PROJECT_ROLES, TASKS, Weight, project_role, weight},
    create_key::DraftProject,
};
use jiff::Timestamp;
use leptos::prelude::*;

use super::parts::{self, step_form};
use crate::{
    api::{attempts::AttemptView, drafts::DraftView},
    components::{
        AsOf, Button, ButtonKind, CheckboxList, Chip, Choice, ChoiceLayout, Fold, Note, QuestionHead, RadioCards,
        RoleChip, Tone,
    },
    icons::IconName,
    paths,
};

/// So many projects are looked through without a search field.
const FEW: usize = 8;

pub(super) fn question(view: &DraftView, attempt: &AttemptView, now: Timestamp) -> AnyView {
    let error = parts::error(&view.errors, "projects");
    let autofocus = view.errors.is_empty();
    let chosen = chosen(view);
    let picker = picker(view, attempt, error, now);
    let keeps = attempt.value_or("if_step_fails", &view.draft.if_step_fails) != "delete";
    let failing = vec![
        Choice::new("keep", "Keep the key as far as it got")
            .hint("The request says what is missing, and somebody finishes it by hand or with another request.")
            .checked(keeps),
        Choice::new("delete", "Delete the key again")
            .hint("No half-made key is left behind. Nothing is lost, since nobody has seen its private key yet.")
            .checked(!keeps),
    ];
    let fields = view! {
        <QuestionHead title="In which projects will it work?" autofocus>
            "A key that is only an organization member sees no project until it is invited to one. Pick projects of the organization, \
             tick the roles it gets in them, and add them; projects with other roles are added in a second go. None is an answer too."
        </QuestionHead>
        {chosen}
        {picker}
        <RadioCards
            legend="If Atlas refuses a later call"
            name="if_step_fails"
            hint="The key is created first, then its access list, then its projects. Each is a call of its own, and a later one may be refused."
            choices=failing
        />
    }
    .into_any();
    step_form(view, "/api/drafts/save-projects", fields)
}

/// What was chosen so far, each with a way to take it off again.
fn chosen(view: &DraftView) -> Option<AnyView> {
    let lines = view.draft.projects.iter().map(|project| chosen_line(view, project)).collect_view();
    let count = view.draft.projects.len();
    (count > 0).then(|| {
        view! {
            <section class="ask" aria-labelledby="chosen">
                <h3 id="chosen">
                    {if count == 1 { "1 project chosen".to_owned() } else { format!("{count} projects chosen") }}
                </h3>
                <div class="lines">{lines}</div>
            </section>
        }
        .into_any()
    })
}

fn chosen_line(view: &DraftView, project: &DraftProject) -> AnyView {
    let name = parts::project_name(view, &project.project);
    let roles = project.roles.iter().map(|role| view! { <RoleChip role=role.clone()/> }).collect_view();
    let owner = project.roles.iter().any(|role| weight(role) == Weight::Owner);
    view! {
        <div>
            <span class="strong">{name.clone()}</span>
            <span class="chips">{roles}</span>
            {project.roles.is_empty().then(|| view! { <Chip tone=Tone::Bad icon=IconName::Warning>"no role"</Chip> })}
            {owner.then(|| view! { <Chip tone=Tone::Bad>"owner"</Chip> })}
            <Button
                name="go"
                value=format!("remove:{}", project.project)
                kind=ButtonKind::Plain
                small=true
                formnovalidate=true
            >
                "Remove"<span class="sr">{format!(" {name}")}</span>
            </Button>
        </div>
    }
    .into_any()
}

fn picker(view: &DraftView, attempt: &AttemptView, error: Option<String>, now: Timestamp) -> AnyView {
    if view.projects.is_empty() {
        return no_projects(view, error, now);
    }
    let projects = view
        .projects
        .iter()
        .map(|project| {
            let there = view.draft.projects.iter().any(|chosen| chosen.project == project.id.as_str());
            let choice = Choice::new(project.id.as_str(), project.name.clone());
            if there { choice.mark(Tone::Info, "chosen") } else { choice }
        })
        .collect();
    // Roles that a single go gave are offered again: the next project most often gets the same.
    let last = match attempt.is_refused() {
        true => attempt.all_values("picked_roles"),
        false => view.draft.projects.last().map(|project| project.roles.clone()).unwrap_or_default(),
    };
    let roles =
        PROJECT_ROLES.iter().map(|role| parts::role_choice(role, last.iter().any(|name| name == role.name))).collect();
    view! {
        <CheckboxList
            legend="Projects"
            name="picked[]"
            hint="Picking a chosen project again gives it the roles ticked below, in place of those it has."
            choices=projects
            error
            layout=ChoiceLayout::Scroll
            find=(view.projects.len() > FEW).then(|| "Find a project".to_owned())
        />
        <div class="stack tight">
            <CheckboxList
                legend="Roles in the picked projects"
                name="picked_roles[]"
                hint="The least powerful first. The rules are those of Atlas’s page “Atlas User Roles”."
                choices=roles
                layout=ChoiceLayout::Scroll
            />
            {proposals()}
        </div>
        <div class="row wrap">
            <Button name="go" value="add" icon=IconName::Plus formnovalidate=true>"Add the picked projects"</Button>
            <span class="end"><AsOf at=view.projects_read_at now/></span>
        </div>
    }
    .into_any()
}

/// Which project role a job needs, for people who know the job and not the role.
fn proposals() -> AnyView {
    let lines = TASKS
        .iter()
        .filter_map(|task| {
            let name = task.project_role?;
            let label = project_role(name).map_or(name, |role| role.label);
            Some(view! { <dt>{task.label}</dt><dd>{label}</dd> })
        })
        .collect_view();
    view! {
        <Fold label="Which role is enough for which job?">
            <dl class="facts">{lines}</dl>
        </Fold>
    }
    .into_any()
}

fn no_projects(view: &DraftView, error: Option<String>, now: Timestamp) -> AnyView {
    let title = match view.projects_read_at {
        Some(_) => "No project is known in this organization.",
        None => "The projects of this organization have not been read yet.",
    };
    let organization =
        view.draft.org.parse().map_or_else(|_| paths::ORGANIZATIONS.to_owned(), |org| paths::organization(&org));
    let read_at = view.projects_read_at;
    view! {
        <Note tone=Tone::Wait title>
            {error.map(|error| view! { <p>{error}</p> })}
            <p>
                "Go on without projects, or "
                <a href=organization>"refresh the organization"</a>
                " and come back; the draft is kept. "
                <AsOf at=read_at now/>
            </p>
        </Note>
    }
    .into_any()
}
