//! What stands at the head of every page: where one is, what the page is about, its one main act.

use leptos::prelude::*;
use leptos_meta::{MetaContext, Title};

/// One step on the way to the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// What the place is called.
    pub label: String,
    /// Its address; none for the page one is on.
    pub href: Option<String>,
}

impl Crumb {
    /// A place one can go back to.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    /// The page one is on.
    pub fn here(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None }
    }
}

/// The way to the page.
#[component]
pub fn Crumbs(
    /// From the widest place to the page itself.
    crumbs: Vec<Crumb>,
) -> impl IntoView {
    (!crumbs.is_empty()).then(|| {
        let items = crumbs
            .into_iter()
            .map(|Crumb { label, href }| match href {
                Some(href) => view! { <li><a href=href>{label}</a></li> }.into_any(),
                None => view! { <li><span aria-current="page">{label}</span></li> }.into_any(),
            })
            .collect_view();
        view! { <nav class="crumbs" aria-label="Breadcrumbs"><ol>{items}</ol></nav> }
    })
}

/// Chips above the title of a page: where the thing stands and what is risky about it.
#[slot]
pub struct HeadStatus {
    /// The content.
    children: Children,
}

/// A lead with links or times in it, where plain text is not enough.
#[slot]
pub struct HeadLead {
    /// The content.
    children: Children,
}

/// The head of a page. It also sets the document's title.
///
/// ```text
/// <PageHeader title="API keys" lead="1,284 keys in 12 organizations." crumbs=vec![Crumb::here("All organizations")]>
///     <LinkButton href=… icon=IconName::Plus kind=ButtonKind::Main>"Create API key"</LinkButton>
/// </PageHeader>
/// ```
#[component]
pub fn PageHeader(
    /// The heading.
    #[prop(into)]
    title: String,
    /// The title of the document when it should say more than the heading.
    #[prop(optional, into)]
    document_title: String,
    /// The page's sentence.
    #[prop(optional, into)]
    lead: String,
    /// The way here.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// Chips above the title.
    #[prop(optional)]
    head_status: Option<HeadStatus>,
    /// The page's sentence with links in it, instead of `lead`.
    #[prop(optional)]
    head_lead: Option<HeadLead>,
    /// What can be done here, the main act last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let document_title = if document_title.is_empty() { title.clone() } else { document_title };
    let lead = match head_lead {
        Some(slot) => Some((slot.children)()),
        None => (!lead.is_empty()).then(|| lead.into_any()),
    };
    view! {
        {use_context::<MetaContext>().is_some().then(|| view! { <Title text=document_title/> })}
        <Crumbs crumbs/>
        <div class="head">
            <div class="grow">
                {head_status.map(|slot| view! { <div class="status">{(slot.children)()}</div> })}
                <h1>{title}</h1>
                {lead.map(|lead| view! { <div class="lead">{lead}</div> })}
            </div>
            {children.map(|acts| view! { <div class="acts">{acts()}</div> })}
        </div>
    }
    .into_any()
}
