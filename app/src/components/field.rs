//! Fields of forms: a label, a hint above, the field, the error below it, all tied together for assistive technology.
//!
//! A field keeps the value it is given, so a form that comes back with errors shows what was typed.

use crate::icons::{Icon, IconName};
use leptos::prelude::*;

/// The id of the field with this name: what an error summary links to.
pub fn field_id(name: &str) -> String {
    let mut id = String::with_capacity(name.len() + 2);
    id.push_str("f-");
    id.extend(name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '-' }));
    id
}

/// How wide a field is drawn; it says how much is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Width {
    /// The width of the form.
    #[default]
    Full,
    /// A name, an address.
    Medium,
    /// A number, a code.
    Short,
}

impl Width {
    const fn class(self, mono: bool) -> &'static str {
        match (self, mono) {
            (Self::Full, false) => "input",
            (Self::Full, true) => "input mono",
            (Self::Medium, false) => "input medium",
            (Self::Medium, true) => "input medium mono",
            (Self::Short, false) => "input short",
            (Self::Short, true) => "input short mono",
        }
    }
}

/// What a field's `aria-describedby` names, and the elements it names.
pub(super) struct Around {
    pub(super) described_by: Option<String>,
    pub(super) hint: Option<AnyView>,
    pub(super) error: Option<AnyView>,
    pub(super) invalid: Option<&'static str>,
}

pub(super) fn around(id: &str, hint: String, error: Option<String>) -> Around {
    let error = error.filter(|text| !text.is_empty());
    let hint_id = (!hint.is_empty()).then(|| format!("{id}-hint"));
    let error_id = error.is_some().then(|| format!("{id}-error"));
    let described_by = match (&hint_id, &error_id) {
        (Some(hint), Some(error)) => Some(format!("{error} {hint}")),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    Around {
        described_by,
        invalid: error.is_some().then_some("true"),
        hint: hint_id.map(|id| view! { <span class="hint" id=id>{hint}</span> }.into_any()),
        error: error.map(|text| {
            view! {
                <span class="err" id=error_id>
                    <Icon name=IconName::Warning/>
                    <span><span class="sr">"Error: "</span>{text}</span>
                </span>
            }
            .into_any()
        }),
    }
}

fn label_view(id: String, label: String, optional: bool) -> impl IntoView {
    view! {
        <label for=id>
            {label}
            {optional.then(|| view! { <span class="optional">" (optional)"</span> })}
        </label>
    }
    .into_any()
}

/// One line of text, a password, a number.
#[component]
pub fn Field(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The name under which the form sends it.
    #[prop(into)]
    name: String,
    /// What stands in it; never give it a secret.
    #[prop(optional, into)]
    value: String,
    /// The rule that applies, above the field.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong with the value, below the field.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// The id; derived from the name by default.
    #[prop(optional, into)]
    id: String,
    /// `type` of the input: "password", "email", "url", "number", "date".
    #[prop(default = "text")]
    kind: &'static str,
    /// What a password manager should know: "username", "current-password", "new-password", "off".
    #[prop(optional, into)]
    autocomplete: Option<&'static str>,
    /// Which keyboard a phone shows.
    #[prop(optional, into)]
    inputmode: Option<&'static str>,
    /// How wide it is drawn.
    #[prop(optional)]
    width: Width,
    /// Set in the monospaced face, for identifiers and addresses.
    #[prop(optional)]
    mono: bool,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Marks the label with "(optional)".
    #[prop(optional)]
    mark_optional: bool,
    /// Takes the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// Can be read and copied, not changed.
    #[prop(optional)]
    readonly: bool,
    /// The most characters it takes.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// An example in the empty field; a hint is nearly always better.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What stands below the field, for instance a `CharCount`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let id = if id.is_empty() { field_id(&name) } else { id };
    let parts = around(&id, hint, error);
    // Names of Atlas, addresses and passwords are not prose: no correction, no capitals.
    let raw = mono || kind != "text" || autocomplete.is_some();
    view! {
        <div class="ask">
            {label_view(id.clone(), label, mark_optional)}
            {parts.hint}
            <input
                class=width.class(mono)
                id=id
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                maxlength=maxlength
                placeholder=placeholder
                required=required
                autofocus=autofocus
                readonly=readonly
                spellcheck=raw.then_some("false")
                autocapitalize=raw.then_some("none")
                aria-invalid=parts.invalid
                aria-describedby=parts.described_by
            />
            {parts.error}
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// Several lines of text.
///
/// Leptos does not escape the children of a `<textarea>`, so this is the only place that writes one.
#[component]
pub fn TextArea(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The name under which the form sends it.
    #[prop(into)]
    name: String,
    /// What stands in it.
    #[prop(optional, into)]
    value: String,
    /// The rule that applies, above the field.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong with the value, below the field.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// The id; derived from the name by default.
    #[prop(optional, into)]
    id: String,
    /// How many lines it shows.
    #[prop(default = 4)]
    rows: u32,
    /// Set in the monospaced face, for lists of addresses.
    #[prop(optional)]
    mono: bool,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Marks the label with "(optional)".
    #[prop(optional)]
    mark_optional: bool,
    /// The most characters it takes.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// What stands below the field, for instance a `CharCount`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let id = if id.is_empty() { field_id(&name) } else { id };
    let parts = around(&id, hint, error);
    view! {
        <div class="ask">
            {label_view(id.clone(), label, mark_optional)}
            {parts.hint}
            <textarea
                class=Width::Full.class(mono)
                id=id
                name=name
                rows=rows
                maxlength=maxlength
                required=required
                spellcheck=mono.then_some("false")
                aria-invalid=parts.invalid
                aria-describedby=parts.described_by
                inner_html=textarea_html(&value)
            ></textarea>
            {parts.error}
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// The text as the inside of a `<textarea>`. A browser drops the first line break there, so one more goes in front.
fn textarea_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 1);
    html.push('\n');
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            c => html.push(c),
        }
    }
    html
}

/// One entry of a list to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectOption {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub label: String,
}

impl SelectOption {
    /// An entry.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

pub(super) fn option_views(options: Vec<SelectOption>, selected: &str) -> impl IntoView + use<> {
    options
        .into_iter()
        .map(|option| {
            let chosen = option.value == selected;
            view! { <option value=option.value selected=chosen>{option.label}</option> }
        })
        .collect_view()
}

/// A list to choose one from. With more than a handful of explained choices, `RadioCards` says more.
#[component]
pub fn SelectField(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The name under which the form sends it.
    #[prop(into)]
    name: String,
    /// The choices.
    options: Vec<SelectOption>,
    /// The value of the one that is chosen.
    #[prop(optional, into)]
    value: String,
    /// The rule that applies, above the field.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong with the value, below the field.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// The id; derived from the name by default.
    #[prop(optional, into)]
    id: String,
    /// How wide it is drawn.
    #[prop(optional)]
    width: Width,
    /// Must be chosen.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let id = if id.is_empty() { field_id(&name) } else { id };
    let parts = around(&id, hint, error);
    let wrap = match width {
        Width::Full => "select",
        Width::Medium => "select medium",
        Width::Short => "select short",
    };
    view! {
        <div class="ask">
            {label_view(id.clone(), label, false)}
            {parts.hint}
            <span class=wrap>
                <select class="input" id=id name=name required=required aria-invalid=parts.invalid aria-describedby=parts.described_by>
                    {option_views(options, &value)}
                </select>
                <Icon name=IconName::ChevronDown/>
            </span>
            {parts.error}
        </div>
    }
    .into_any()
}

/// A value that the form carries along.
#[component]
pub fn Hidden(
    /// Its name.
    #[prop(into)]
    name: String,
    /// The value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}

/// One line of an error summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorItem {
    /// The name of the field; empty when the error belongs to no single one.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

impl ErrorItem {
    /// What is wrong with a field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// What is wrong with a form, at its head, each line a link to its field. Draws nothing when nothing is wrong.
#[component]
pub fn ErrorSummary(
    /// What is wrong.
    errors: Vec<ErrorItem>,
) -> impl IntoView {
    (!errors.is_empty()).then(|| {
        let title = match errors.len() {
            1 => "One thing needs attention".to_owned(),
            count => format!("{count} things need attention"),
        };
        let items = errors
            .into_iter()
            .map(|ErrorItem { field, message }| {
                if field.is_empty() {
                    view! { <li>{message}</li> }.into_any()
                } else {
                    view! { <li><a href=format!("#{}", field_id(&field))>{message}</a></li> }.into_any()
                }
            })
            .collect_view();
        view! {
            <div class="error-summary" role="alert" tabindex="-1" id="error-summary" autofocus=true>
                <h2>
                    <Icon name=IconName::Warning/>
                    {title}
                </h2>
                <ul>{items}</ul>
            </div>
        }
    })
}
