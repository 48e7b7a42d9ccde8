//! A person's roles: as chips, and as a form.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    ids::OrgId,
    people::{Grant, Grants, Role},
};
use leptos::prelude::*;

use crate::{
    api::{
        attempts::AttemptView,
        connections::list_organizations,
        people::{GrantForm, OrgChoice},
    },
    components::{Chip, Fold},
    icons::{Icon, IconName},
};

/// What people call the organizations that the caller sees, by id.
pub type OrgNames = BTreeMap<String, String>;

/// Reads [`OrgNames`]; when that fails there are none, and ids stand for them.
pub async fn org_names() -> OrgNames {
    let organizations = list_organizations().await.unwrap_or_default();
    organizations.into_iter().map(|row| (row.org.to_string(), row.label)).collect()
}

/// The roles as chips, those for single organizations with their names.
pub fn role_chips(grants: &Grants, names: &OrgNames) -> AnyView {
    if grants.0.is_empty() {
        return view! { <span class="muted">"none: sees nothing"</span> }.into_any();
    }
    let chips = grants
        .roles()
        .into_iter()
        .map(|role| {
            if grants.has_global(role) {
                return view! { <Chip>{role.label()}</Chip> }.into_any();
            }
            let orgs: Vec<String> = grants
                .0
                .iter()
                .filter(|grant| grant.role == role)
                .filter_map(|grant| grant.org.as_ref().map(|org| org_name(org, names)))
                .collect();
            let (words, title) = match orgs.as_slice() {
                [one] => (format!("{} in {one}", role.label()), None),
                several => (format!("{} in {} organizations", role.label(), several.len()), Some(several.join(", "))),
            };
            match title {
                Some(title) => view! { <Chip title>{words}</Chip> }.into_any(),
                None => view! { <Chip>{words}</Chip> }.into_any(),
            }
        })
        .collect_view();
    view! { <div class="chips">{chips}</div> }.into_any()
}

/// Each role with where it holds, for a page about one person.
pub fn role_lines(grants: &Grants, names: &OrgNames) -> AnyView {
    if grants.0.is_empty() {
        return view! { <p class="muted">"No roles: nothing can be seen or done."</p> }.into_any();
    }
    let lines = grants
        .roles()
        .into_iter()
        .map(|role| {
            let places = if grants.has_global(role) {
                "everywhere".to_owned()
            } else {
                let orgs = grants.0.iter().filter(|grant| grant.role == role).filter_map(|grant| grant.org.as_ref());
                orgs.map(|org| org_name(org, names)).collect::<Vec<_>>().join(", ")
            };
            view! {
                <li>
                    <div>
                        <b>{role.label()}</b>
                        <span class="hint">{role.explanation()}</span>
                    </div>
                    <span class="muted">{places}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}

fn org_name(org: &OrgId, names: &OrgNames) -> String {
    names.get(org.as_str()).cloned().unwrap_or_else(|| org.to_string())
}

/// What is ticked when the form is drawn: what was sent when it was refused, else what the person has.
pub fn ticked(attempt: &AttemptView, grants: &Grants) -> BTreeSet<String> {
    if attempt.is_refused() {
        attempt.all_values("grants").into_iter().collect()
    } else {
        grants.0.iter().map(write).collect()
    }
}

fn write(grant: &Grant) -> String {
    GrantForm(grant.clone()).write()
}

/// Boxes to tick: each role everywhere, and each role in each organization. All send `grants[]`, as [`GrantForm`] writes it.
#[component]
pub fn RolesEditor(
    /// The organizations a role can be limited to.
    organizations: Vec<OrgChoice>,
    /// The values that are ticked.
    ticked: BTreeSet<String>,
    /// What is wrong.
    error: Option<String>,
) -> impl IntoView {
    let everywhere = Role::ALL
        .into_iter()
        .enumerate()
        .map(|(index, role)| {
            // The error summary leads to the first box.
            let id = if index == 0 { "f-grants".to_owned() } else { format!("f-grants-{role}") };
            let about = format!("{id}-about");
            let value = role.as_str();
            view! {
                <label class="choice">
                    <input type="checkbox" id=id name="grants[]" value=value checked=ticked.contains(value) aria-describedby=about.clone()/>
                    <span class="what">
                        <span class="label">{role.label()}</span>
                        <span class="hint" id=about>{role.explanation()}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    let limited = ticked.iter().any(|value| value.contains('@'));
    let matrix = matrix_view(organizations, &ticked);
    let described_by = error.is_some().then_some("f-grants-error");
    view! {
        <fieldset class="ask" aria-describedby=described_by>
            <legend>"Roles everywhere"</legend>
            <span class="hint">"They also hold for organizations that are connected later."</span>
            <div class="choices">{everywhere}</div>
            {error.map(|text| view! {
                <span class="err" id="f-grants-error">
                    <Icon name=IconName::Warning/>
                    <span><span class="sr">"Error: "</span>{text}</span>
                </span>
            })}
        </fieldset>
        <Fold label="Roles in single organizations" open=limited>{matrix}</Fold>
    }
}

fn matrix_view(organizations: Vec<OrgChoice>, ticked: &BTreeSet<String>) -> AnyView {
    if organizations.is_empty() {
        return view! { <p class="muted">"No organization is connected yet. Once one is, roles can be limited to it here."</p> }
            .into_any();
    }
    let head = Role::ALL.map(|role| view! { <th scope="col">{role.label()}</th> }).collect_view();
    let rows = organizations
        .into_iter()
        .map(|OrgChoice { id, name }| {
            let boxes = Role::ALL
                .map(|role| {
                    let value = format!("{role}@{id}");
                    let checked = ticked.contains(&value);
                    let label = format!("{} in {name}", role.label());
                    view! {
                        <td data-label=role.label()>
                            <label class="tick">
                                <input type="checkbox" name="grants[]" value=value checked=checked aria-label=label/>
                            </label>
                        </td>
                    }
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    {boxes}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="card table-card">
            <div class="table-scroll">
                <table class="matrix">
                    <caption class="sr">"Roles in single organizations"</caption>
                    <thead><tr><th scope="col">"Organization"</th>{head}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}
