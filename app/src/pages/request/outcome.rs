//! What stands above a request because somebody has to know or do it: how it ended, the private key, what drifted, what has to be
//! done by hand.

use domain::{
    plan::{Change, Plan},
    request::RequestState,
};
use jiff::Timestamp;
use leptos::prelude::*;

use super::{denial, has_unknown_step, plan};
use crate::{
    api::requests::{Drift, RequestView, SecretState},
    components::{ButtonKind, Card, DataTable, LinkButton, Note, RelativeTime, Tone},
    icons::IconName,
    paths,
};

/// All of it, the most urgent first.
pub(super) fn notes(view: &RequestView, now: Timestamp) -> AnyView {
    view! {
        {secret(view, now)}
        {state(view)}
        {drift(view)}
        {by_hand(view)}
    }
    .into_any()
}

fn secret(view: &RequestView, now: Timestamp) -> Option<AnyView> {
    let who = view.requester.clone();
    Some(match (&view.secret, view.is_mine) {
        (SecretState::None, _) => return None,
        (SecretState::Waiting { until }, true) => {
            let until = *until;
            view! {
                <div class="note wait reveal" role="status">
                    <crate::icons::Icon name=IconName::Lock/>
                    <div class="says">
                        <b>"The private key waits for you."</b>
                        " It is shown once, after your password, and destroyed "<RelativeTime at=until now/>" if you do not fetch it. \
                         Have a place ready where you keep it."
                    </div>
                    <LinkButton href=paths::request_secret(view.number) icon=IconName::Eye kind=ButtonKind::Main>
                        "Reveal it once"
                    </LinkButton>
                </div>
            }
            .into_any()
        }
        (SecretState::Waiting { until }, false) => {
            let until = *until;
            view! {
                <Note tone=Tone::Wait icon=IconName::Lock title="The private key waits." quiet=true>
                    {format!("Only {who} can reveal it, once, before it is destroyed ")}<RelativeTime at=until now/>
                    ". Nobody else ever sees it, whatever their roles."
                </Note>
            }
            .into_any()
        }
        (SecretState::Revealed { at }, mine) => {
            let at = *at;
            let who = if mine { "You".to_owned() } else { who };
            view! {
                <Note tone=Tone::Neutral icon=IconName::Lock quiet=true>
                    {who}" revealed the private key "<RelativeTime at now/>". It was destroyed here after that."
                </Note>
            }
            .into_any()
        }
        (SecretState::Destroyed { at }, _) => {
            let at = *at;
            view! {
                <Note tone=Tone::Warn icon=IconName::Lock title="The private key was destroyed unseen." quiet=true>
                    "Its time ran out "<RelativeTime at now/>". The key exists in Atlas, but nobody can use it: delete it there and ask for a new one."
                </Note>
            }
            .into_any()
        }
        (SecretState::Lost, _) => view! {
            <Note tone=Tone::Bad icon=IconName::Lock title="The private key was lost on the way." quiet=true>
                "Atlas created the key, but the answer that held its private key never arrived, and Atlas tells it only once. \
                 Delete the key in Atlas and ask for a new one."
            </Note>
        }
        .into_any(),
    })
}

fn state(view: &RequestView) -> Option<AnyView> {
    let existing = view.plan.existing_key().map(|(org, key)| (paths::key(org, &key.id), key.description.clone()));
    let from = existing.as_ref().map_or_else(|| paths::NEW_KEY.to_owned(), |(href, _)| href.clone());
    let again = move || view! { " "<a href=from.clone()>"Ask again"</a>"." };
    Some(match view.state {
        RequestState::Pending | RequestState::Executing => return None,
        RequestState::Approved if !view.without_writer.is_empty() => return None,
        RequestState::Approved => view! {
            <Note tone=Tone::Info icon=IconName::Play title="Approved.">"Its calls are about to be sent to Atlas."</Note>
        }
        .into_any(),
        RequestState::Applied => {
            let created = view.created.clone().map(|key| (paths::key(&key.org, &key.key), key.description));
            let key = created.or(existing).map(|(href, description)| {
                view! { " "<a href=href>"Look at the key "{description}</a>"." }
            });
            view! { <Note tone=Tone::Ok title="Applied.">"Every call succeeded."{key}</Note> }.into_any()
        }
        RequestState::PartlyApplied => view! {
            <Note tone=Tone::Warn title="Partly applied.">
                "Some calls succeeded and a later one did not; see Execution below. What is missing needs a new request."
            </Note>
        }
        .into_any(),
        RequestState::Failed => view! {
            <Note tone=Tone::Bad title="Failed; nothing is different in Atlas.">"See Execution below for the reason."{again()}</Note>
        }
        .into_any(),
        RequestState::Unknown => {
            let words = if has_unknown_step(view) {
                "The answer to a call was lost, so nobody knows yet whether it took effect."
            } else {
                "Meridian stopped while calls were being sent."
            };
            view! {
                <Note tone=Tone::Wait icon=IconName::Question title="The outcome is not known.">
                    {words}" Meridian looks at Atlas to find out and goes on from there; it never sends a call blindly again. \
                    If this stays, check whether Atlas can be reached from here."
                </Note>
            }
            .into_any()
        }
        RequestState::Denied => {
            let (who, reason) = denial(view).map_or_else(
                || ("Somebody".to_owned(), None),
                |(who, reason)| (who.to_owned(), reason.map(str::to_owned)),
            );
            view! {
                <Note tone=Tone::Bad icon=IconName::Cross title=format!("{who} denied it.")>
                    {reason.map(|reason| view! { <blockquote class="quote">{reason}</blockquote> })}
                </Note>
            }
            .into_any()
        }
        RequestState::Withdrawn => {
            let who = if view.is_mine { "You".to_owned() } else { view.requester.clone() };
            view! {
                <Note tone=Tone::Neutral icon=IconName::Undo title=format!("{who} took it back.")>"Nothing was sent to Atlas."</Note>
            }
            .into_any()
        }
        RequestState::Expired => view! {
            <Note tone=Tone::Neutral icon=IconName::Clock title="It expired.">
                "It did not get its approvals in time, and nothing was sent to Atlas."{again()}
            </Note>
        }
        .into_any(),
        RequestState::Stale => view! {
            <Note tone=Tone::Warn icon=IconName::Refresh title="Atlas is no longer what the plan was made from.">
                "Nothing more is sent; approvals were for the plan as it was."{again()}
            </Note>
        }
        .into_any(),
    })
}

/// Was, now and wanted, side by side.
fn drift(view: &RequestView) -> Option<AnyView> {
    let drift = &view.drift;
    let rows = drift
        .iter()
        .map(|one| {
            view! {
                <tr>
                    <th scope="row">{one.label.clone()}<span class="sub">{one.org_name.clone()}</span></th>
                    <td data-label="Seen at planning">{one.was.clone()}</td>
                    <td data-label="Now"><b>{one.now.clone()}</b></td>
                    <td data-label="Wanted">{wanted(&view.plan, one)}</td>
                </tr>
            }
        })
        .collect_view();
    (!drift.is_empty()).then(|| {
        view! {
            <div class="above">
                <DataTable caption="What is no longer as planned" title="What is no longer as planned">
                    <thead>
                        <tr>
                            <th scope="col">"Fact"</th>
                            <th scope="col">"Seen at planning"</th>
                            <th scope="col">"Now"</th>
                            <th scope="col">"Wanted"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </DataTable>
            </div>
        }
        .into_any()
    })
}

/// What the plan was to make of a fact that drifted.
fn wanted(plan: &Plan, drift: &Drift) -> String {
    let Some((target, fact)) =
        plan.targets.iter().filter(|target| target.org_name == drift.org_name).find_map(|target| {
            target.observed.iter().find(|fact| fact.label == drift.label).map(|fact| (target, fact))
        })
    else {
        return "as at planning".to_owned();
    };
    let project = fact.name.strip_prefix("project.").and_then(|rest| rest.strip_suffix(".name"));
    let change = target.changes.iter().find_map(|change| match change {
        Change::KeyAdded { description, .. } if fact.name == "keys.same_description" => {
            Some(format!("one new key “{description}”"))
        }
        Change::ProjectRolesAdded { project: id, name, roles } if project == Some(id.as_str()) => {
            Some(format!("{name}, with {} for the key", roles.join(", ")))
        }
        _ => None,
    });
    change.unwrap_or_else(|| format!("{}, left as it is", fact.value))
}

/// Organizations for which Meridian holds no writer: somebody with the rights carries the plan out.
fn by_hand(view: &RequestView) -> Option<AnyView> {
    if view.without_writer.is_empty() || !matches!(view.state, RequestState::Pending | RequestState::Approved) {
        return None;
    }
    let names = view.without_writer.join(", ");
    if view.state == RequestState::Pending {
        return Some(
            view! {
                <Note tone=Tone::Warn title=format!("No writer is stored for {names}.") quiet=true>
                    "Once approved, somebody has to carry it out by hand, or an administrator adds a writer to the connection and Meridian sends it."
                </Note>
            }
            .into_any(),
        );
    }
    let commands = plan::commands(&view.plan);
    let placeholder = plan::names_a_new_key(&view.plan).then(|| {
        view! { "Put the id that the first one prints where "<code>"NEW_KEY_ID"</code>" stands. " }
    });
    Some(
        view! {
            <div class="above">
                <Card title="To be carried out by hand" subtitle=names>
                    <div class="stack tight">
                        <p>
                            "It is approved, but Meridian has no credentials that may write there. Run these commands with your own, in this order. "
                            {placeholder}
                            "Or ask an administrator to add a writer to the connection; then Meridian sends the calls itself."
                        </p>
                        {commands}
                    </div>
                </Card>
            </div>
        }
        .into_any(),
    )
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use domain::plan::Fact;

    use super::*;

    #[test]
    fn what_drifted_stands_beside_what_the_plan_wanted() {
        let mut plan = plan::tests::plan();
        let fact =
            |name: &str, label: &str, value: &str| Fact { name: name.into(), label: label.into(), value: value.into() };
        plan.targets[0].observed = vec![
            fact("organization.name", "Name of the organization", "Payments EU"),
            fact("keys.same_description", "Keys with this description", "none"),
        ];
        let drift = |label: &str| Drift {
            org_name: "Payments EU".into(),
            label: label.into(),
            was: String::new(),
            now: String::new(),
        };
        assert_eq!(wanted(&plan, &drift("Keys with this description")), "one new key “<b>ci</b>”");
        assert_eq!(wanted(&plan, &drift("Name of the organization")), "Payments EU, left as it is");
        assert_eq!(wanted(&plan, &drift("Something older")), "as at planning");
    }
}
