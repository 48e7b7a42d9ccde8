//! Step 5: how long the key is needed. Atlas has no field for it, so the page says who minds the end and who does not.

use domain::key_end::{CHOICE_DATE, CHOICE_NEVER, CHOICES_IN_DAYS, MAX_YEARS, day_in_words, end_after};
use leptos::prelude::*;

use super::parts::{self, step_form};
use crate::{
    api::drafts::DraftView,
    components::{Choice, Field, QuestionHead, RadioCards, Width},
};

pub(super) fn question(view: &DraftView) -> AnyView {
    let chosen = view.draft.expiry.as_str();
    let days = CHOICES_IN_DAYS.iter().map(|(value, days)| {
        let until = end_after(*days, view.today).map(|day| format!("Until {}.", day_in_words(day))).unwrap_or_default();
        Choice::new(*value, format!("{days} days")).hint(until).checked(*value == chosen)
    });
    let others = [
        Choice::new(CHOICE_NEVER, "No end")
            .hint("Nothing will remind anybody to delete it.")
            .checked(chosen == CHOICE_NEVER),
        Choice::new(CHOICE_DATE, "Until a date").hint("The day written below.").checked(chosen == CHOICE_DATE),
    ];
    let choices = days.chain(others).collect();
    let error = parts::error(&view.errors, "expiry");
    let day_error = parts::error(&view.errors, "expiry_date");
    let day = view.draft.expiry_date.clone();
    let example = end_after(90, view.today).unwrap_or(view.today);
    let autofocus = view.errors.is_empty();
    let fields = view! {
        <QuestionHead title="How long is this key needed?" autofocus>
            "Atlas does not end API keys by itself: from that day Meridian marks the key as past its end, so that somebody deletes it or asks for a new one."
        </QuestionHead>
        <RadioCards legend="It is needed for" name="expiry" choices error/>
        <Field
            label="Date"
            name="expiry_date"
            value=day
            hint=format!("Only with “Until a date”: year-month-day, such as {example}, at most {MAX_YEARS} years ahead. Days are counted in UTC.")
            error=day_error
            width=Width::Short
            autocomplete="off"
        />
    }
    .into_any();
    step_form(view, "/api/drafts/save-expiry", fields)
}
