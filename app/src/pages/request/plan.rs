//! A plan as people read it: what will be different, the exact calls, the same job as commands. The wizard's review and the page of
//! a request show the same.

use domain::{
    atlas_roles::{Weight, weight},
    key_end::{KeyEnd, day_in_words},
    plan::{Change, Plan, PlannedCall, Severity, Target, Warning},
};
use leptos::prelude::*;

use crate::components::{Card, CardFoot, Chip, CodeBlock, Diff, DiffGroup, DiffLine, Fold, Note, RoleChip, Sign, Tone};

/// The colour of a warning.
pub(in crate::pages) const fn severity_tone(severity: Severity) -> Tone {
    match severity {
        Severity::Notice => Tone::Info,
        Severity::Attention => Tone::Warn,
        Severity::Danger => Tone::Bad,
    }
}

/// "1 change", "7 changes".
pub(in crate::pages) fn counted(count: u32, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// How many things the plan changes, in words for a button: "1 change", "7 changes".
pub(in crate::pages) fn changes(plan: &Plan) -> String {
    counted(u32::try_from(plan.change_count()).unwrap_or(u32::MAX), "change", "changes")
}

/// In how many calls the plan does it: "1 exact call", "2 exact calls".
fn exact_calls(plan: &Plan) -> String {
    counted(u32::try_from(plan.call_count()).unwrap_or(u32::MAX), "exact call", "exact calls")
}

/// The changes with the calls that make them, which are fewer: "3 changes in 2 exact calls".
pub(in crate::pages) fn changes_in_calls(plan: &Plan) -> String {
    format!("{} in {}", changes(plan), exact_calls(plan))
}

/// How many of the plan's calls cannot be undone.
pub(in crate::pages) fn final_calls(plan: &Plan) -> u32 {
    let calls = plan.targets.iter().flat_map(|target| &target.calls);
    u32::try_from(calls.filter(|call| call.irreversible).count()).unwrap_or(u32::MAX)
}

/// "Ana, Jana or Marko".
pub(in crate::pages) fn joined(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// What a reader should look at twice, loudest first.
pub(in crate::pages) fn warning_notes(mut warnings: Vec<Warning>) -> AnyView {
    let is_empty = warnings.is_empty();
    warnings.sort_by_key(|warning| std::cmp::Reverse(warning.severity));
    let notes = warnings
        .into_iter()
        .map(|Warning { severity, label, text }| {
            view! { <Note tone=severity_tone(severity) title=format!("{label}.") quiet=true>{text}</Note> }
        })
        .collect_view();
    (!is_empty).then(|| view! { <div class="stack tight">{notes}</div> }).into_any()
}

/// What will be different, with the calls and the commands folded below.
pub(in crate::pages) fn plan_card(plan: &Plan, title: &'static str) -> AnyView {
    let subtitle = counts(plan);
    let groups = plan.targets.iter().map(group).collect_view();
    let sends = changes_in_calls(plan);
    let (calls, commands) = (calls(plan), commands(plan));
    view! {
        <Card title subtitle flush=true>
            <Diff>{groups}</Diff>
            <CardFoot slot>
                <div class="stack tight fill">
                    <Fold label=sends>{calls}</Fold>
                    <Fold label="The same with atlas commands">{commands}</Fold>
                </div>
            </CardFoot>
        </Card>
    }
    .into_any()
}

fn counts(plan: &Plan) -> String {
    let removed = plan.removal_count();
    let added = plan.change_count() - removed;
    let removed = if removed == 0 { "nothing removed".to_owned() } else { format!("{removed} removed") };
    let wherever = match plan.targets.as_slice() {
        [] | [_] => String::new(),
        more => format!(" in {} organizations", more.len()),
    };
    let final_words = match final_calls(plan) {
        0 => String::new(),
        some => format!("; {} cannot be undone", counted(some, "call", "calls")),
    };
    let added = if added == 0 { "nothing added".to_owned() } else { format!("{added} added") };
    format!("{added}, nothing changed, {removed}{wherever}{final_words}")
}

fn group(target: &Target) -> AnyView {
    let lines = target.changes.iter().map(change).collect_view();
    let title = match &target.key {
        Some(key) => format!("{} · key {}", target.org_name, key.description),
        None => target.org_name.clone(),
    };
    view! { <DiffGroup title>{lines}</DiffGroup> }.into_any()
}

fn role_chips(roles: &[String]) -> impl IntoView + use<> {
    let chips = roles.iter().map(|role| view! { <RoleChip role=role.clone()/> }).collect_view();
    view! { <span class="chips inline">{chips}</span> }
}

fn owner_chip(roles: &[String]) -> Option<AnyView> {
    let owner = roles.iter().any(|role| weight(role) == Weight::Owner);
    owner.then(|| view! { <Chip tone=Tone::Bad>"owner"</Chip> }.into_any())
}

fn change(change: &Change) -> AnyView {
    match change {
        Change::KeyAdded { description, roles, end } => {
            let endless = (*end == Some(KeyEnd::Never)).then(|| view! { <Chip tone=Tone::Warn>"no end"</Chip> });
            let aside = match (owner_chip(roles), endless) {
                (None, None) => None,
                (owner, endless) => Some(view! { <span class="chips inline">{owner}{endless}</span> }.into_any()),
            };
            let end = end.map(end_words);
            let what = view! { "API key "<b>{description.clone()}</b>" with "{role_chips(roles)}{end} };
            with_aside(aside, what.into_any())
        }
        Change::AccessListAdded { entries } => entries
            .iter()
            .map(|entry| {
                let about = match &entry.comment {
                    Some(comment) => format!(" {} · {comment}", entry.width),
                    None => format!(" {}", entry.width),
                };
                let aside = entry.wide.then(|| view! { <Chip tone=Tone::Warn>"wide"</Chip> }.into_any());
                let what =
                    view! { "Access list entry "<code>{entry.range.clone()}</code><span class="faint">{about}</span> };
                with_aside(aside, what.into_any())
            })
            .collect_view()
            .into_any(),
        Change::AccessListRemoved { entries } => entries
            .iter()
            .map(|entry| {
                let (range, about) = (entry.range.clone(), format!(" {}", entry.width));
                view! {
                    <DiffLine sign=Sign::Removed>
                        "Access list entry "<code>{range}</code><span class="faint">{about}</span>
                    </DiffLine>
                }
            })
            .collect_view()
            .into_any(),
        Change::ProjectRolesAdded { name, roles, .. } => {
            with_aside(owner_chip(roles), view! { "Project "<b>{name.clone()}</b>": "{role_chips(roles)} }.into_any())
        }
    }
}

/// How long the new key is needed. That is part of the key, not a change of its own.
fn end_words(end: KeyEnd) -> AnyView {
    match end {
        KeyEnd::Never => ", needed without an end".into_any(),
        KeyEnd::On(day) => {
            let about = " · from that day Meridian marks it as past its end; Atlas does not end it by itself";
            view! { ", needed until "<b>{day_in_words(day)}</b><span class="faint">{about}</span> }.into_any()
        }
    }
}

fn with_aside(aside: Option<AnyView>, what: AnyView) -> AnyView {
    match aside {
        Some(aside) => view! { <DiffLine sign=Sign::Added aside>{what}</DiffLine> }.into_any(),
        None => view! { <DiffLine sign=Sign::Added>{what}</DiffLine> }.into_any(),
    }
}

fn calls(plan: &Plan) -> AnyView {
    let targets = plan
        .targets
        .iter()
        .map(|target| {
            let calls = target.calls.iter().enumerate().map(|(index, planned)| call(index + 1, planned)).collect_view();
            let undo = (!target.on_failure.is_empty()).then(|| {
                let calls = target
                    .on_failure
                    .iter()
                    .enumerate()
                    .map(|(index, planned)| call(index + 1, planned))
                    .collect_view();
                view! {
                    <h4>"Only if a call after the first is refused"</h4>
                    <ol class="calls">{calls}</ol>
                }
            });
            view! {
                <h4>{target.org_name.clone()}</h4>
                <ol class="calls">{calls}</ol>
                {undo}
            }
        })
        .collect_view();
    let placeholder = names_a_new_key(plan).then(|| {
        view! { <code>{domain::plan::NEW_KEY}</code>" stands for the id that Atlas gives the new key." }
    });
    view! {
        <p class="muted">
            "Nothing else can be sent: method, path and body of each call are compared with this before it leaves. "
            {placeholder}
        </p>
        {targets}
    }
    .into_any()
}

/// Whether a call of the plan needs the id of a key that does not exist yet.
pub(in crate::pages) fn names_a_new_key(plan: &Plan) -> bool {
    plan.targets
        .iter()
        .flat_map(|target| target.calls.iter().chain(&target.on_failure))
        .any(|call| call.path.contains(domain::plan::NEW_KEY))
}

fn call(number: usize, call: &PlannedCall) -> AnyView {
    let body = call.body.as_ref().map(|body| {
        let code = serde_json::to_string_pretty(body).unwrap_or_else(|_| body.to_string());
        view! { <CodeBlock code title=format!("Body of call {number}") no_copy=true/> }
    });
    let accept = format!("application/vnd.atlas.{}+json", call.version);
    let undo = if call.irreversible { "Cannot be undone.".to_owned() } else { format!("Undo: {}", call.undo) };
    view! {
        <li>
            <div>{call.sentence.clone()}</div>
            <div class="call"><b>{call.method.clone()}</b>" "{call.path.clone()}</div>
            <div class="faint">"Accept: "<code>{accept}</code></div>
            {body}
            <div class="faint">{undo}</div>
        </li>
    }
    .into_any()
}

/// The commands of the Atlas CLI that do the same, one a line.
pub(in crate::pages) fn commands(plan: &Plan) -> AnyView {
    let blocks = plan
        .targets
        .iter()
        .map(|target| {
            let code: Vec<&str> = target.calls.iter().map(|call| call.cli.as_str()).collect();
            view! { <CodeBlock code=code.join("\n") title=target.org_name.clone()/> }
        })
        .collect_view();
    view! { <div class="stack tight">{blocks}</div> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
pub(in crate::pages) mod tests {
    use domain::plan::{AddedEntry, CallKind, ChangeKind};

    use super::*;

    pub(in crate::pages) fn plan() -> Plan {
        Plan {
            kind: ChangeKind::CreateApiKey,
            sentence: "Create key ci-deploy in Payments EU".into(),
            targets: vec![Target {
                org: "5f1a2b3c4d5e6f7081920a1b".parse().expect("24 hexadecimal digits"),
                org_name: "Payments EU".into(),
                key: None,
                observed: vec![],
                changes: vec![
                    Change::KeyAdded {
                        description: "<b>ci</b>".into(),
                        roles: vec!["ORG_OWNER".into()],
                        end: Some(KeyEnd::On(jiff::civil::date(2027, 2, 22))),
                    },
                    Change::AccessListAdded {
                        entries: vec![AddedEntry {
                            range: "0.0.0.0/0".into(),
                            width: "any IPv4 address".into(),
                            wide: true,
                            comment: None,
                        }],
                    },
                ],
                calls: vec![PlannedCall {
                    kind: CallKind::CreateApiKey,
                    sentence: "Create the API key".into(),
                    method: "POST".into(),
                    path: "/api/atlas/v2/orgs/5f1a2b3c4d5e6f7081920a1b/apiKeys".into(),
                    version: "2023-01-01".into(),
                    body: Some(serde_json::json!({"desc": "<b>ci</b>"})),
                    undo: "delete the key".into(),
                    irreversible: false,
                    cli: "atlas organizations apiKeys create".into(),
                }],
                on_failure: vec![],
            }],
            warnings: vec![],
        }
    }

    #[test]
    fn a_plan_shows_its_calls_and_commands_and_escapes_what_was_typed() {
        Owner::new().with(|| {
            let html = plan_card(&plan(), "What will change").to_html();
            assert!(
                html.contains("2 changes in 1 exact call") && html.contains("atlas organizations apiKeys create"),
                "{html}"
            );
            assert!(html.contains("&lt;b&gt;ci&lt;/b&gt;") && !html.contains("<b>ci</b>"), "{html}");
            assert!(html.contains("22 Feb 2027") && html.contains("Atlas does not end it by itself"), "{html}");
            assert!(html.contains("any IPv4 address") && html.contains(">wide<") && html.contains(">owner<"), "{html}");
        });
    }

    #[test]
    fn changes_are_counted_as_a_reader_counts_them() {
        assert_eq!(changes(&plan()), "2 changes");
        assert_eq!(counts(&plan()), "2 added, nothing changed, nothing removed");
    }
}
