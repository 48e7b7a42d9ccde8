//! The document around every page, the frame of the console, and the bare frame of the pages one sees before signing in.

use crate::{
    components::{Avatar, Tone},
    icons::{Icon, IconName, Logo},
    islands::{LocalTimes, Palette},
    paths,
};
use jiff::Timestamp;
use leptos::{nonce::use_nonce, prelude::*, tachys::html::InertElement};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use serde::{Deserialize, Serialize};

/// Where the browser's files lie. The release build gives them names with content hashes; the server provides them in
/// the context of each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetUrls {
    /// The style sheet.
    pub css: String,
    /// The icon of the tab.
    pub icon: String,
    /// The typeface; must be the address that the style sheet names.
    pub font: String,
}

impl Default for AssetUrls {
    fn default() -> Self {
        Self { css: "/main.css".to_owned(), icon: "/favicon.svg".to_owned(), font: "/fonts/inter.woff2".to_owned() }
    }
}

/// Light or dark, as the viewer chose it. It is kept in the cookie [`Theme::COOKIE`], so the first byte of a page is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Whatever the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The cookie that keeps the choice.
    pub const COOKIE: &'static str = "theme";

    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name that stands in the cookie and in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme with this name; anything else is the system's.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name).unwrap_or_default()
    }

    /// The theme that a `Cookie` header asks for.
    pub fn from_cookies(header: &str) -> Self {
        header
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == Self::COOKIE)
            .map(|(_, value)| Self::from_name(value))
            .unwrap_or_default()
    }

    /// The `Set-Cookie` header that keeps the choice for a year. It is no secret and decides nothing but colours.
    pub fn set_cookie(self) -> String {
        let seconds = match self {
            Self::System => 0,
            Self::Light | Self::Dark => 365 * 24 * 60 * 60,
        };
        format!("{}={}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax", Self::COOKIE, self.as_str())
    }

    /// The theme of the request that is being answered.
    pub fn current() -> Self {
        #[cfg(feature = "ssr")]
        {
            use_context::<Self>().unwrap_or_else(|| {
                use_context::<http::request::Parts>()
                    .and_then(|parts| {
                        let cookies = parts.headers.get(http::header::COOKIE)?.to_str().ok()?;
                        Some(Self::from_cookies(cookies))
                    })
                    .unwrap_or_default()
            })
        }
        #[cfg(not(feature = "ssr"))]
        Self::System
    }

    /// What `<html>` carries; nothing for the system's.
    const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light | Self::Dark => Some(self.as_str()),
        }
    }
}

/// The document. Titles become "… · Meridian"; the scripts carry the nonce that stands in the context.
pub fn shell<V: IntoView + 'static>(options: LeptosOptions, app: impl FnOnce() -> V) -> impl IntoView {
    provide_meta_context();
    let AssetUrls { css, icon, font } = use_context::<AssetUrls>().unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=Theme::current().attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="preload" href=font r#as="font" type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=css/>
                <link rel="icon" href=icon type="image/svg+xml"/>
                {hydration(options)}
                <MetaTags/>
            </head>
            <body>
                <Title formatter=document_title/>
                {app()}
            </body>
        </html>
    }
    .into_any()
}

/// The title of the document as HTML. Leptos writes it into the page as it is, and names in it come from Atlas and from addresses.
fn document_title(title: String) -> String {
    if title.is_empty() {
        return "Meridian".to_owned();
    }
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("{title} · Meridian")
}

/// The links and the script that start the islands.
///
/// Leptos writes the nonce into `crossorigin` of the links, which browsers read as "anonymous"; that is what is meant, and the nonce has
/// no business outside the script.
fn hydration(options: LeptosOptions) -> impl IntoView {
    let scripts = view! { <HydrationScripts options islands=true/> }.to_html();
    let html = match use_nonce() {
        Some(nonce) => scripts.replace(&format!("crossorigin=\"{nonce}\""), "crossorigin=\"anonymous\""),
        None => scripts,
    };
    InertElement::new(html)
}

/// A part of the console, as the navigation lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// What waits and how things stand.
    Overview,
    /// Change requests.
    Requests,
    /// Organizations and their connections.
    Organizations,
    /// Projects of all organizations.
    Projects,
    /// API keys of all organizations.
    ApiKeys,
    /// What should be looked at.
    Findings,
    /// The log.
    Log,
    /// People and their roles.
    People,
    /// One's own account.
    Account,
}

impl Section {
    const fn parts(self) -> (&'static str, IconName, &'static str) {
        match self {
            Self::Overview => ("Overview", IconName::Home, paths::HOME),
            Self::Requests => ("Requests", IconName::Inbox, paths::REQUESTS),
            Self::Organizations => ("Organizations", IconName::Organization, paths::ORGANIZATIONS),
            Self::Projects => ("Projects", IconName::Project, paths::PROJECTS),
            Self::ApiKeys => ("API keys", IconName::Key, paths::KEYS),
            Self::Findings => ("Findings", IconName::Warning, paths::FINDINGS),
            Self::Log => ("Log", IconName::Log, paths::LOG),
            Self::People => ("People", IconName::People, paths::PEOPLE),
            Self::Account => ("My account", IconName::Person, paths::ACCOUNT),
        }
    }
}

/// A line above every page: the demo, solo mode, read only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banner {
    /// What the colour says.
    pub tone: Tone,
    /// The first words, set in bold.
    pub title: String,
    /// The rest.
    pub text: String,
}

/// What the frame of the console shows about the viewer and the installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameData {
    /// The viewer's name.
    pub display_name: String,
    /// The viewer's roles in words: "Operator, approver".
    pub roles_line: String,
    /// How many requests wait for the viewer.
    pub inbox_count: u32,
    /// How many organizations the viewer sees; none when not known.
    pub organization_count: Option<u32>,
    /// The viewer may read the log.
    pub sees_log: bool,
    /// The viewer manages people.
    pub sees_people: bool,
    /// Lines above every page.
    pub banners: Vec<Banner>,
    /// Now, by the clock of the request.
    pub now: Timestamp,
}

/// The frame of the console: navigation at the left, a bar at the top of small screens, the page.
///
/// On small screens the navigation is a popover that the button in the bar opens: no script, one navigation in the document, and the
/// browser closes it on Escape or a click beside it.
#[component]
pub fn ConsoleFrame(
    /// What it shows.
    frame: FrameData,
    /// Which entry of the navigation is marked; none on pages that belong to no part.
    #[prop(optional_no_strip, into)]
    current: Option<Section>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let now_ms = frame.now.as_millisecond();
    let banners = frame.banners.iter().cloned().map(banner_view).collect_view();
    view! {
        <a class="skip" href="#main">"Skip to the page"</a>
        <div class="shell">
            {side(&frame, current)}
            <div class="workspace">
                <header class="top">
                <div class="topbar">
                    <button type="button" class="btn plain only-icon" popovertarget="side" aria-label="Navigation">
                        <Icon name=IconName::Menu/>
                    </button>
                    <a class="brand" href=paths::HOME><Logo/>"Meridian"</a>
                    <span class="grow"></span>
                    <a class="btn plain only-icon" href=paths::SEARCH aria-label="Find anything" data-palette=""><Icon name=IconName::Find/></a>
                    <a href=paths::ACCOUNT aria-label="My account"><Avatar name=frame.display_name/></a>
                </div>
                {banners}
                </header>
                <main id="main" tabindex="-1">{children()}</main>
            </div>
        </div>
        <Palette results=paths::PALETTE.to_owned() page=paths::SEARCH.to_owned()/>
        <LocalTimes now_ms/>
    }
    .into_any()
}

/// How the palette is opened on the viewer's keyboard.
fn shortcut() -> &'static str {
    #[cfg(feature = "ssr")]
    {
        let is_apple = use_context::<http::request::Parts>().is_some_and(|parts| {
            let agent = parts.headers.get(http::header::USER_AGENT).and_then(|agent| agent.to_str().ok());
            agent.is_some_and(|agent| agent.contains("Mac OS X"))
        });
        if is_apple { "⌘ K" } else { "Ctrl K" }
    }
    #[cfg(not(feature = "ssr"))]
    "Ctrl K"
}

fn side(frame: &FrameData, current: Option<Section>) -> impl IntoView + use<> {
    let entry = |section: Section, count: Option<AnyView>| {
        let (label, icon, href) = section.parts();
        let marked = (current == Some(section)).then_some("page");
        view! {
            <li>
                <a href=href aria-current=marked>
                    <Icon name=icon/>
                    {label}
                    {count}
                </a>
            </li>
        }
        .into_any()
    };
    let inbox = (frame.inbox_count > 0).then(|| {
        view! {
            <span class="count">{frame.inbox_count}<span class="sr">" waiting for you"</span></span>
        }
        .into_any()
    });
    let organizations =
        frame.organization_count.map(|count| view! { <span class="count quiet">{count}</span> }.into_any());
    view! {
        <aside class="side" id="side" popover="auto" aria-label="Console">
            <a class="brand" href=paths::HOME><Logo/>"Meridian"</a>
            <a class="find-anything" href=paths::SEARCH data-palette="">
                <Icon name=IconName::Find/>
                "Find anything"
                <kbd>{shortcut()}</kbd>
            </a>
            <nav class="nav" aria-label="Main">
                <ul>{entry(Section::Overview, None)}{entry(Section::Requests, inbox)}</ul>
                <h2>"Atlas"</h2>
                <ul>
                    {entry(Section::Organizations, organizations)}
                    {entry(Section::Projects, None)}
                    {entry(Section::ApiKeys, None)}
                </ul>
                <h2>"Assurance"</h2>
                <ul>
                    {entry(Section::Findings, None)}
                    {frame.sees_log.then(|| entry(Section::Log, None))}
                </ul>
                <h2>"Meridian"</h2>
                <ul>
                    {frame.sees_people.then(|| entry(Section::People, None))}
                    {entry(Section::Account, None)}
                </ul>
            </nav>
            <div class="side-foot">
                <a class="who" href=paths::ACCOUNT>
                    <Avatar name=frame.display_name.clone()/>
                    <span>{frame.display_name.clone()}<small>{frame.roles_line.clone()}</small></span>
                </a>
                <div class="side-acts">
                    <ThemeSwitch/>
                    <span class="grow"></span>
                    <form method="post" action="/api/session/sign-out">
                        <button type="submit" class="btn plain small"><Icon name=IconName::SignOut/>"Sign out"</button>
                    </form>
                </div>
            </div>
        </aside>
    }
    .into_any()
}

fn banner_view(banner: Banner) -> impl IntoView {
    view! {
        <div class=format!("banner {}", banner.tone.class())>
            <Icon name=banner.tone.icon()/>
            <b>{banner.title}</b>
            <span>{banner.text}</span>
        </div>
    }
    .into_any()
}

/// Light, dark or the system's: a form that posts to [`choose_theme`](crate::api::appearance::choose_theme).
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let current = Theme::current();
    let back = address();
    let buttons = [
        (Theme::System, "As the system", IconName::Monitor),
        (Theme::Light, "Light", IconName::Sun),
        (Theme::Dark, "Dark", IconName::Moon),
    ]
    .map(|(theme, label, icon)| {
        view! {
            <button
                type="submit"
                name="theme"
                value=theme.as_str()
                title=label
                aria-label=label
                aria-pressed=if theme == current { "true" } else { "false" }
            >
                <Icon name=icon/>
            </button>
        }
    })
    .collect_view();
    view! {
        <form method="post" action="/api/appearance/theme">
            <input type="hidden" name="back" value=back/>
            <div class="theme" role="group" aria-label="Colours">{buttons}</div>
        </form>
    }
    .into_any()
}

/// Path and query of the page that is being drawn, with its filters.
fn address() -> String {
    #[cfg(feature = "ssr")]
    {
        use_context::<http::request::Parts>()
            .and_then(|parts| parts.uri.path_and_query().map(ToString::to_string))
            .unwrap_or_else(|| paths::HOME.to_owned())
    }
    #[cfg(not(feature = "ssr"))]
    paths::HOME.to_owned()
}

/// The frame of pages one sees before signing in, and of pages that show one thing only.
#[component]
pub fn GateFrame(
    /// The heading of the card.
    #[prop(into)]
    title: String,
    /// Room for more than a form: a revealed secret, a list of accounts.
    #[prop(optional)]
    wide: bool,
    /// What stands below the card, for instance the accounts of the demo.
    #[prop(optional)]
    below: Option<AnyView>,
    /// The content of the card.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <div class="gate">
            <span></span>
            <main id="main" class=wide.then_some("wide")>
                <div class="brand"><Logo/>"Meridian"</div>
                <section class="card">
                    <div class="body">
                        <h1>{title}</h1>
                        {children()}
                    </div>
                </section>
                {below}
            </main>
            <footer><ThemeSwitch/></footer>
        </div>
    }
    .into_any()
}
