//! What the pages of a wizard share: the steps at the left, the question as a heading, the buttons at the bottom.

use crate::icons::{Icon, IconName};
use leptos::prelude::*;

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Answered.
    Done,
    /// The one on the page.
    Now,
    /// Answered before, and no longer right.
    Wrong,
    /// Still to come.
    Todo,
}

/// One step of a wizard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its title.
    pub title: String,
    /// What was answered, or a word on what will be asked; may be empty.
    pub summary: String,
    /// Where it stands.
    pub state: StepState,
    /// Its address, when one may go there.
    pub href: Option<String>,
}

/// The steps, with what was answered. On small screens it shrinks to "Step 3 of 6".
#[component]
pub fn Steps(
    /// All of them, in order.
    steps: Vec<Step>,
) -> impl IntoView {
    let count = steps.len();
    let current = steps.iter().position(|step| step.state == StepState::Now);
    let short = current.map(|index| {
        let bars = steps
            .iter()
            .map(|step| view! { <i class=(step.state != StepState::Todo).then_some("on")></i> })
            .collect_view();
        view! {
            <p class="steps-short">
                {format!("Step {} of {count}: {}", index + 1, steps[index].title)}
                <span class="seg" aria-hidden="true">{bars}</span>
            </p>
        }
    });
    let items = steps
        .into_iter()
        .enumerate()
        .map(|(index, step)| {
            let class = match step.state {
                StepState::Done => "done",
                StepState::Now => "now",
                StepState::Wrong => "wrong",
                StepState::Todo => "",
            };
            let mark = match step.state {
                StepState::Done => view! { <Icon name=IconName::Check/><span class="sr">"Done: "</span> }.into_any(),
                StepState::Wrong => view! { "!"<span class="sr">" Needs attention: "</span> }.into_any(),
                StepState::Now | StepState::Todo => (index + 1).into_any(),
            };
            let title = match step.href {
                Some(href) => view! { <a href=href>{step.title}</a> }.into_any(),
                None => step.title.into_any(),
            };
            view! {
                <li class=class aria-current=(step.state == StepState::Now).then_some("step")>
                    <span class="n">{mark}</span>
                    <span class="what">
                        {title}
                        {(!step.summary.is_empty()).then(|| view! { <small>{step.summary}</small> })}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="steps" aria-label="Steps">
            {short}
            <ol>{items}</ol>
        </nav>
    }
    .into_any()
}

/// The question of a step, as a heading.
#[component]
pub fn QuestionHead(
    /// The question.
    #[prop(into)]
    title: String,
    /// Takes the focus when the page opens, so that somebody who listens hears it first.
    #[prop(optional)]
    autofocus: bool,
    /// The rule that applies, in plain words.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="question-head">
            <h2 class="section-title" tabindex="-1" autofocus=autofocus>{title}</h2>
            {children.map(|children| view! { <p>{children()}</p> })}
        </div>
    }
    .into_any()
}

/// The bottom of a form: the way back at the left (a slot of its own is not needed: first child), the main act last.
#[component]
pub fn WizardFoot(
    /// Where "Back" leads; none on the first step.
    #[prop(optional_no_strip, into)]
    back: Option<String>,
    /// The buttons at the right, the main one last.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="form-foot">
            {back.map(|href| view! { <a class="btn" href=href>"Back"</a> })}
            <span class="grow"></span>
            {children()}
        </div>
    }
    .into_any()
}
