//! The filter bar of the log: a GET form, so that a view of the log is an address.

use leptos::prelude::*;

use crate::{
    api::{
        log::{LogArea, LogQuery},
        people::OrgChoice,
    },
    components::{FilterSearch, FilterSelect, Filters, SelectOption, field_id},
    paths,
};

/// The bar with what is filtered now.
pub(super) fn filters_view(asked: LogQuery, organizations: Vec<OrgChoice>) -> impl IntoView {
    let areas = LogArea::ALL.map(|area| SelectOption::new(area.as_str(), area.label())).to_vec();
    let area = asked.area.map(LogArea::as_str).unwrap_or_default();
    let org = asked.org.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut orgs: Vec<SelectOption> =
        organizations.into_iter().map(|org| SelectOption::new(org.id, org.name)).collect();
    // An organization that is no longer connected can still be filtered by, from an old address.
    if !org.is_empty() && !orgs.iter().any(|choice| choice.value == org) {
        orgs.push(SelectOption::new(org.clone(), org.clone()));
    }
    let request = asked.request.map(|number| number.to_string()).unwrap_or_default();
    let clear = asked.is_filtered().then(|| paths::LOG.to_owned());
    view! {
        <Filters action=paths::LOG clear>
            <FilterSearch label="Who" name="actor" value=asked.actor/>
            <FilterSelect label="Area" name="area" value=area options=areas/>
            <FilterSelect label="Organization" name="org" value=org options=orgs/>
            <FilterField label="Request" name="request" kind="text" value=request placeholder="any"/>
            <FilterField label="From" name="from" kind="date" value=asked.from/>
            <FilterField label="To" name="to" kind="date" value=asked.to/>
        </Filters>
    }
}

/// A short field of the bar, with its word before it.
#[component]
fn FilterField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    kind: &'static str,
    #[prop(into)] value: String,
    #[prop(optional, into)] placeholder: Option<String>,
) -> impl IntoView {
    let id = field_id(&name);
    let class = if value.is_empty() { "filter" } else { "filter on" };
    view! {
        <label class=class>
            <span>{label}":"</span>
            <input type=kind id=id name=name value=value placeholder=placeholder autocomplete="off" size=(kind == "text").then_some("8")/>
        </label>
    }
}
