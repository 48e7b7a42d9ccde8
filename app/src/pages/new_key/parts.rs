//! What the steps share: the form with its errors, the buttons at the bottom, the list of steps with what was answered.

use domain::{
    FieldError, access_list,
    atlas_roles::{AtlasRole, Weight},
    create_key::Step,
    ids::DraftId,
    key_end::{KeyEnd, day_in_words},
};
use leptos::prelude::*;

use crate::{
    api::drafts::DraftView,
    components::{self, Button, ButtonKind, Choice, ErrorItem, ErrorSummary, Hidden, Tone},
    paths,
};

/// The label of the draft's organization, as far as it is known here.
pub(super) fn org_name(view: &DraftView) -> String {
    view.organizations
        .iter()
        .find(|org| org.org.as_str() == view.draft.org)
        .map_or_else(|| view.draft.org.clone(), |org| org.name.clone())
}

/// The name of a project of the draft, or its id when it is not known here.
pub(super) fn project_name(view: &DraftView, project: &str) -> String {
    view.projects
        .iter()
        .find(|known| known.id.as_str() == project)
        .map_or_else(|| project.to_owned(), |known| known.name.clone())
}

/// The steps at the left. One may go to those that were answered and to the first that was not.
pub(super) fn steps(view: &DraftView) -> Vec<components::Step> {
    let mut reachable = true;
    Step::ALL
        .into_iter()
        .map(|step| {
            let finished = view.finished.contains(&step);
            let visited = view.draft.visited.contains(&step);
            let state = if step == view.step {
                components::StepState::Now
            } else if finished && visited {
                components::StepState::Done
            } else if visited && step != Step::Review {
                components::StepState::Wrong
            } else {
                components::StepState::Todo
            };
            let href = (reachable && step != view.step).then(|| paths::new_key_step(view.id, step));
            reachable = reachable && finished && visited;
            components::Step { title: step.label().to_owned(), summary: summary(view, step), state, href }
        })
        .collect()
}

fn summary(view: &DraftView, step: Step) -> String {
    let draft = &view.draft;
    let answered = draft.visited.contains(&step);
    match step {
        Step::Organization if draft.org.is_empty() => "Whose key it is".to_owned(),
        Step::Organization => org_name(view),
        Step::Description if draft.description.is_empty() && draft.roles.is_empty() => "What it is for".to_owned(),
        Step::Description => {
            let mut words = vec![shortened(&draft.description)];
            words.extend(draft.roles.iter().map(|role| shortened(role)));
            words.retain(|word| !word.is_empty());
            words.join(", ")
        }
        Step::AccessList if draft.no_access_list && draft.access_list.trim().is_empty() => "No list".to_owned(),
        Step::AccessList if !answered => "Where it may call from".to_owned(),
        Step::AccessList => match access_list::read_lines(&draft.access_list).entries.as_slice() {
            [] => "No entries".to_owned(),
            [one] => one.entry.range.to_string(),
            more => format!("{} entries", more.len()),
        },
        Step::Projects if !answered && draft.projects.is_empty() => "Where it works".to_owned(),
        Step::Projects => match draft.projects.as_slice() {
            [] => "None".to_owned(),
            [one] => project_name(view, &one.project),
            more => format!("{} projects", more.len()),
        },
        Step::Expiry if !answered => "How long it is needed".to_owned(),
        Step::Expiry => end_in_words(view).unwrap_or_else(|| "Not in order yet".to_owned()),
        Step::Review => String::new(),
    }
}

/// The end as answered: "Until 22 Feb 2027", "No end"; nothing while the answers are not in order.
pub(super) fn end_in_words(view: &DraftView) -> Option<String> {
    view.end.map(|end| match end {
        KeyEnd::Never => "No end".to_owned(),
        KeyEnd::On(day) => format!("Until {}", day_in_words(day)),
    })
}

fn shortened(text: &str) -> String {
    let mut chars = text.trim().chars();
    let start: String = chars.by_ref().take(40).collect();
    if chars.next().is_some() { format!("{start}…") } else { start }
}

/// What is wrong with `field`; several complaints each on a line of their own.
pub(super) fn error(errors: &[FieldError], field: &str) -> Option<String> {
    let messages: Vec<&str> =
        errors.iter().filter(|error| error.field == field).map(|error| error.message.as_str()).collect();
    (!messages.is_empty()).then(|| messages.join("\n"))
}

/// The complaints as the lines of a summary. Lists are sent under `name[]`, which is where their links have to lead.
pub(super) fn error_items(errors: &[FieldError]) -> Vec<ErrorItem> {
    errors
        .iter()
        .map(|error| {
            let field = match error.field.as_str() {
                "roles" => "roles[]",
                "projects" => "picked[]",
                other => other,
            };
            ErrorItem::new(field, error.message.clone())
        })
        .collect()
}

/// A role of Atlas to tick, explained, with how much damage it can do.
pub(super) fn role_choice(role: &AtlasRole, ticked: bool) -> Choice {
    let choice = Choice::new(role.name, role.label).code(role.name).hint(role.explanation).checked(ticked);
    match role.weight {
        Weight::Ordinary => choice,
        Weight::Sensitive => choice.mark(Tone::Warn, "sensitive"),
        Weight::Owner => choice.mark(Tone::Bad, "owner"),
    }
}

/// Whether every other step before the review is in order, so that one may go straight to it.
fn comes_from_review(view: &DraftView) -> bool {
    Step::ALL
        .into_iter()
        .filter(|step| *step != view.step && *step != Step::Review)
        .all(|step| view.finished.contains(&step) && view.draft.visited.contains(&step))
        && view.draft.visited.contains(&view.step)
}

/// The form of a step: what is wrong, the question with its fields, the buttons.
pub(super) fn step_form(view: &DraftView, action: &'static str, fields: AnyView) -> AnyView {
    let errors = error_items(&view.errors);
    let (draft, foot) = (view.id.to_string(), foot(view));
    view! {
        // The messages are ours, beside each field and in words; the browser's own would come one at a time.
        <form method="post" action=action class="form" novalidate=true>
            // Enter in a field presses the first button of a form, which must not be one of those that add or propose something.
            <button type="submit" name="go" value="next" class="sr" tabindex="-1" aria-hidden="true">"Continue"</button>
            <Hidden name="draft" value=draft/>
            <ErrorSummary errors/>
            {fields}
            {foot}
        </form>
    }
    .into_any()
}

fn foot(view: &DraftView) -> AnyView {
    let back = (view.step != Step::Organization)
        .then(|| view! { <Button name="go" value="back" formnovalidate=true>"Back"</Button> });
    let onward = view.step.next().map(|next| {
        let words = format!("Continue to {}", next.label().to_lowercase());
        if comes_from_review(view) && next != Step::Review {
            view! {
                <Button name="go" value="next">{words}</Button>
                <Button name="go" value="review" kind=ButtonKind::Main>"Save and go to the review"</Button>
            }
            .into_any()
        } else {
            view! { <Button name="go" value="next" kind=ButtonKind::Main>{words}</Button> }.into_any()
        }
    });
    view! {
        <div class="form-foot">
            {back}
            <span class="grow"></span>
            <Button name="go" value="leave" kind=ButtonKind::Plain formnovalidate=true>"Save and leave"</Button>
            {onward}
        </div>
    }
    .into_any()
}

/// A link from the review to a step.
pub(super) fn change_link(draft: DraftId, step: Step) -> AnyView {
    view! {
        <a href=paths::new_key_step(draft, step)>
            "Change"<span class="sr">{format!(" {}", step.label().to_lowercase())}</span>
        </a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_complaints_about_a_field_are_lines_of_one() {
        let errors = [
            FieldError::new("access_list", "Line 1: no."),
            FieldError::new("a", "b"),
            FieldError::new("access_list", "Line 3: no."),
        ];
        assert_eq!(error(&errors, "access_list").as_deref(), Some("Line 1: no.\nLine 3: no."));
        assert_eq!(error(&errors, "roles"), None);
    }

    #[test]
    fn long_answers_are_shortened_between_characters() {
        assert_eq!(shortened(" ä "), "ä");
        assert_eq!(shortened(&"ä".repeat(41)), format!("{}…", "ä".repeat(40)));
    }
}
