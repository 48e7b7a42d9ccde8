//! The fields that connecting an organization and replacing its credentials have in common.

use domain::atlas_roles::{ORG_ROLES, Weight};
use leptos::prelude::*;

use crate::{
    api::attempts::AttemptView,
    components::{Card, Field, Fold, Width, field_id},
    icons::{Icon, IconName},
};

/// One of a connection's two credentials, as a form asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// What pages and refreshes use.
    Reader,
    /// What the executor uses, for one approved plan.
    Writer,
}

impl Slot {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Reader => ("reader_public", "reader_private"),
            Self::Writer => ("writer_public", "writer_private"),
        }
    }
}

/// The two halves of an API key. The private half is never drawn again, whatever was typed.
#[component]
pub fn KeyPairFields(
    /// Which credential.
    which: Slot,
    /// What was typed before.
    attempt: AttemptView,
    /// What to say about the public key: which one is stored now.
    #[prop(optional, into)]
    stored: String,
    /// Both must be filled in.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let (public, private) = which.names();
    let lost = (!attempt.values.is_empty() && attempt.error(private).is_none() && !attempt.value(public).is_empty())
        .then(|| "Paste it again: private keys are not kept when a form comes back.".to_owned());
    let public_hint = if stored.is_empty() { "Eight letters.".to_owned() } else { stored };
    view! {
        <div class="form-row">
            <Field
                label="Public key"
                name=public
                value=attempt.value(public)
                hint=public_hint
                error=attempt.error(public)
                mono=true
                required=required
                autocomplete="off"
                maxlength=200
            />
            <Field
                label="Private key"
                name=private
                kind="password"
                hint=lost.unwrap_or_else(|| "Atlas showed it once, when the key was created.".to_owned())
                error=attempt.error(private)
                mono=true
                required=required
                autocomplete="new-password"
                maxlength=200
            />
        </div>
    }
}

/// Label, environment and owner.
#[component]
pub fn LabelFields(
    /// What was typed before.
    attempt: AttemptView,
    /// The label now.
    #[prop(optional, into)]
    label: String,
    /// The environment now.
    #[prop(optional, into)]
    environment: String,
    /// The owner now.
    #[prop(optional, into)]
    owner: String,
) -> impl IntoView {
    view! {
        <Field
            label="Label"
            name="label"
            value=attempt.value_or("label", &label)
            hint="What the organization is called here. Left empty, it is called as in Atlas."
            error=attempt.error("label")
            mark_optional=true
            width=Width::Medium
            maxlength=80
        />
        <div class="form-row">
            <Field
                label="Environment"
                name="environment"
                value=attempt.value_or("environment", &environment)
                hint="A word such as prod or staging."
                error=attempt.error("environment")
                mark_optional=true
                maxlength=80
            />
            <Field
                label="Owner"
                name="owner"
                value=attempt.value_or("owner", &owner)
                hint="Whom to ask about it: a person or a team."
                error=attempt.error("owner")
                mark_optional=true
                maxlength=80
            />
        </div>
    }
}

/// The caller's own password, for what is sensitive; draws nothing when it was given a moment ago.
#[component]
pub fn PasswordField(
    /// Whether it has to be given.
    needed: bool,
    /// What was wrong with it.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// Another id, where a page has several forms.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    (needed || error.is_some()).then(|| {
        view! {
            <Field
                id
                label="Your password"
                name="password"
                kind="password"
                hint="Your own, for Meridian. Credentials are changed only by somebody who has just given it."
                error
                autocomplete="current-password"
                width=Width::Medium
                required=true
            />
        }
    })
}

/// What is wrong with the address of Atlas, where there is no field for it: the error summary leads here.
#[component]
pub fn AddressComplaint(
    /// What is wrong.
    error: Option<String>,
) -> impl IntoView {
    error.map(|error| {
        view! {
            <p class="err" id=field_id("base_url") tabindex="-1">
                <Icon name=IconName::Warning/>
                <span>{error}</span>
            </p>
        }
    })
}

/// What each role of a reader shows, so that one can choose the smallest that suffices.
#[component]
pub fn WhatKeysNeed() -> impl IntoView {
    let roles = ORG_ROLES
        .iter()
        .filter(|role| matches!(role.name, "ORG_MEMBER" | "ORG_READ_ONLY" | "ORG_OWNER"))
        .map(|role| {
            let seen = match role.weight {
                Weight::Owner => {
                    "As a reader it sees all there is: also the access lists of other keys. It could also change everything, so Meridian is trusted with more."
                }
                _ if role.name == "ORG_READ_ONLY" => {
                    "As a reader it sees every project and every key. Access lists of other keys stay “not readable”, and the pages say so."
                }
                _ => "As a reader it sees the keys, and only the projects it was added to.",
            };
            view! {
                <div>
                    <b>{role.label}</b>" "<span class="chip role">{role.name}</span>
                    <p class="muted">{seen}</p>
                </div>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <Card title="What the keys need">
            <div class="stack">
                <div class="stack tight">
                    <p><b>"Reader."</b>" One of these organization roles, the smallest that shows what you need:"</p>
                    {roles}
                </div>
                <p>
                    <b>"Writer."</b>
                    " Organization Owner: Atlas lets nobody else create keys and change their access lists."
                </p>
                <p>
                    <b>"Access list."</b>
                    " If a key has one, the address of this server must be on it. Connect without it, and the answer says which address Atlas saw."
                </p>
                <Fold label="Where to create a key in Atlas">
                    <p class="muted">
                        "In Atlas, choose the organization, then Access Manager, Applications, API Keys, Create API Key. Atlas shows the private key once, at the end."
                    </p>
                </Fold>
            </div>
        </Card>
    }
}

/// What Meridian does with the two credentials.
#[component]
pub fn HowKeysAreKept() -> impl IntoView {
    view! {
        <Card title="How they are kept">
            <ul class="checks">
                <li><span class="dot ok"></span><span>"Both are encrypted before they are stored, and never shown again, to anybody."</span></li>
                <li><span class="dot ok"></span><span>"Pages and refreshes use the reader only."</span></li>
                <li><span class="dot ok"></span><span>"The writer is opened by the executor, for one approved plan at a time. No page holds its power."</span></li>
                <li><span class="dot ok"></span><span>"Adding, replacing and removing stands in the log."</span></li>
            </ul>
        </Card>
    }
}
