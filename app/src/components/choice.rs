//! Boxes to tick and cards to choose from.

use super::{
    chip::{Chip, Tone},
    field::{around, field_id},
};
use crate::islands::FindChoice;
use leptos::prelude::*;

/// One thing to tick or choose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub label: String,
    /// What Atlas calls it, behind the label; may be empty.
    pub code: String,
    /// What it means, below the label.
    pub hint: String,
    /// It is ticked.
    pub checked: bool,
    /// Why it cannot be ticked now; shown in place of the hint.
    pub blocked: Option<String>,
    /// A warning at the right: "owner".
    pub mark: Option<(Tone, String)>,
}

impl Choice {
    /// A choice that is not ticked and says no more than its label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    /// The same, with what it means.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same, with what Atlas calls it.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = code.into();
        self
    }

    /// The same, ticked or not.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    /// The same, with a warning at the right.
    #[must_use]
    pub fn mark(mut self, tone: Tone, words: impl Into<String>) -> Self {
        self.mark = Some((tone, words.into()));
        self
    }

    /// The same, refused with a reason.
    #[must_use]
    pub fn blocked(mut self, reason: impl Into<String>) -> Self {
        self.blocked = Some(reason.into());
        self
    }
}

/// How choices are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChoiceLayout {
    /// One below the other.
    #[default]
    List,
    /// Cards beside each other where there is room.
    Grid,
    /// One below the other in a box that scrolls, for long lists.
    Scroll,
}

impl ChoiceLayout {
    const fn class(self) -> &'static str {
        match self {
            Self::List => "choices",
            Self::Grid => "choices grid",
            Self::Scroll => "choices scroll",
        }
    }
}

struct Group {
    legend: String,
    name: String,
    kind: &'static str,
    hint: String,
    error: Option<String>,
    choices: Vec<Choice>,
    layout: ChoiceLayout,
    mono: bool,
    find: Option<String>,
}

fn group(group: Group) -> impl IntoView {
    let base = field_id(&group.name);
    let parts = around(&base, group.hint, group.error);
    let find = group.find.map(|label| view! { <FindChoice group=base.clone() label/> });
    let label_class = if group.mono { "label mono" } else { "label" };
    let choices = group
        .choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            // The first one carries the plain id, where the error summary leads.
            let id = if index == 0 { base.clone() } else { format!("{base}-{index}") };
            let blocked = choice.blocked.is_some();
            let hint = choice.blocked.unwrap_or(choice.hint);
            let hint_id = (!hint.is_empty()).then(|| format!("{id}-about"));
            view! {
                <label class="choice">
                    <input
                        type=group.kind
                        id=id
                        name=group.name.clone()
                        value=choice.value
                        checked=choice.checked
                        disabled=blocked
                        aria-invalid=parts.invalid
                        aria-describedby=hint_id.clone()
                    />
                    <span class="what">
                        <span class=label_class>
                            {choice.label}
                            {(!choice.code.is_empty()).then(|| view! { " "<code>{choice.code}</code> })}
                        </span>
                        {hint_id.map(|id| view! { <span class="hint" id=id>{hint}</span> })}
                    </span>
                    {choice.mark.map(|(tone, words)| view! { <Chip tone>{words}</Chip> })}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="ask" aria-describedby=parts.described_by id=format!("{base}-choices")>
            <legend>{group.legend}</legend>
            {parts.hint}
            {find}
            <div class=group.layout.class()>{choices}</div>
            {parts.error}
        </fieldset>
    }
    .into_any()
}

/// Several things of which any number may be ticked.
#[component]
pub fn CheckboxList(
    /// What is asked.
    #[prop(into)]
    legend: String,
    /// The name under which the form sends each; a server function that takes a `Vec` wants `roles[]`.
    #[prop(into)]
    name: String,
    /// The things.
    choices: Vec<Choice>,
    /// The rule that applies.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// How they are laid out.
    #[prop(optional)]
    layout: ChoiceLayout,
    /// Labels in the monospaced face, for roles.
    #[prop(optional)]
    mono: bool,
    /// The label of a field that finds among them, for long lists; it is there once script runs.
    #[prop(optional_no_strip, into)]
    find: Option<String>,
) -> impl IntoView {
    group(Group { legend, name, kind: "checkbox", hint, error, choices, layout, mono, find })
}

/// Several things of which one is chosen.
#[component]
pub fn RadioCards(
    /// What is asked.
    #[prop(into)]
    legend: String,
    /// The name under which the form sends it.
    #[prop(into)]
    name: String,
    /// The things.
    choices: Vec<Choice>,
    /// The rule that applies.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// How they are laid out.
    #[prop(optional)]
    layout: ChoiceLayout,
    /// Labels in the monospaced face, for roles.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    group(Group { legend, name, kind: "radio", hint, error, choices, layout, mono, find: None })
}

/// A single box to tick: "I have stored the key".
#[component]
pub fn CheckField(
    /// What one says by ticking it.
    #[prop(into)]
    label: String,
    /// The name under which the form sends it.
    #[prop(into)]
    name: String,
    /// What the form sends.
    #[prop(default = "true".to_owned(), into)]
    value: String,
    /// It is ticked.
    #[prop(optional)]
    checked: bool,
    /// What it means.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// Must be ticked.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let id = field_id(&name);
    let parts = around(&id, hint, error);
    view! {
        <div class="ask">
            <div class="check">
                <input
                    type="checkbox"
                    id=id.clone()
                    name=name
                    value=value
                    checked=checked
                    required=required
                    aria-invalid=parts.invalid
                    aria-describedby=parts.described_by
                />
                <div>
                    <label for=id>{label}</label>
                    {parts.hint}
                </div>
            </div>
            {parts.error}
        </div>
    }
    .into_any()
}
