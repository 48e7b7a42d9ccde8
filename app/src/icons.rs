//! The one family of icons: 16 px, strokes of 1.5 px, drawn inline so that they take the colour of the text beside
//! them, need no request of their own and never flash in late.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[doc = $doc:literal])* $name:ident => $path:literal,)+) => {
        /// The name of an icon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum IconName {
            $($(#[doc = $doc])* $name,)+
        }

        impl IconName {
            /// Every icon there is, for galleries and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// What stands inside the `<svg>`, on a canvas of 16 × 16.
            const fn path(self) -> &'static str {
                match self {
                    $(Self::$name => $path,)+
                }
            }
        }
    };
}

icons! {
    /// The overview.
    Home => r#"<path d="M2.5 7 8 2.5 13.5 7v6.5h-4v-4h-3v4h-4z"/>"#,
    /// An organization.
    Organization => r#"<rect x="2.5" y="2.5" width="7" height="11" rx="1"/><path d="M9.5 6.5h4v7h-4M5 5.5h2M5 8h2M5 10.5h2"/>"#,
    /// A project.
    Project => r#"<path d="M2 4.5h4.5l1.5 2h6v7H2z"/>"#,
    /// An API key.
    Key => r#"<circle cx="5.5" cy="10.5" r="3"/><path d="m7.7 8.3 5.3-5.3M11 5l2 2"/>"#,
    /// Requests that wait.
    Inbox => r#"<path d="M2.5 9.5 4.5 3h7l2 6.5v3.5h-11zM2.5 9.5h3.2L7 11.3h2l1.3-1.8h3.2"/>"#,
    /// The log.
    Log => r#"<path d="M3.5 2.5h9v11h-9zM6 5.5h4M6 8h4M6 10.5h2.5"/>"#,
    /// Spend and other columns of figures.
    Chart => r#"<path d="M2.5 13.5v-4M6.2 13.5v-7M9.8 13.5V8M13.5 13.5v-11"/>"#,
    /// Searching.
    Find => r#"<circle cx="7" cy="7" r="4.2"/><path d="m10.2 10.2 3.3 3.3"/>"#,
    /// Something needs attention.
    Warning => r#"<path d="M8 2.5 14 13H2zM8 6.5V9M8 11v.2"/>"#,
    /// Something is wrong or forbidden.
    Stop => r#"<circle cx="8" cy="8" r="5.5"/><path d="M8 5v3.4M8 10.8v.2"/>"#,
    /// Something worth knowing.
    Info => r#"<circle cx="8" cy="8" r="5.5"/><path d="M8 7.4V11M8 5.2v.2"/>"#,
    /// Done, in order, yes.
    Check => r#"<path d="m3 8.5 3.2 3.2L13 4.8"/>"#,
    /// Adding.
    Plus => r#"<path d="M8 3v10M3 8h10"/>"#,
    /// Taking away.
    Minus => r#"<path d="M3 8h10"/>"#,
    /// Closing, denied.
    Cross => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
    /// A list that opens.
    ChevronDown => r#"<path d="m4.5 6.5 3.5 3.5 3.5-3.5"/>"#,
    /// A part that unfolds.
    ChevronRight => r#"<path d="m6.5 4.5 3.5 3.5-3.5 3.5"/>"#,
    /// Sorted upwards.
    ArrowUp => r#"<path d="M8 13V3M4 7l4-4 4 4"/>"#,
    /// Sorted downwards.
    ArrowDown => r#"<path d="M8 3v10M4 9l4 4 4-4"/>"#,
    /// From one value to another.
    ArrowRight => r#"<path d="M3 8h10M9 4l4 4-4 4"/>"#,
    /// Waiting, time.
    Clock => r#"<circle cx="8" cy="8" r="5.5"/><path d="M8 5v3.2l2 1.3"/>"#,
    /// Policy and approvals.
    Shield => r#"<path d="M8 2 13 4v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4z"/>"#,
    /// People.
    People => r#"<circle cx="6" cy="5.5" r="2.5"/><path d="M1.8 13c.4-2.5 2-3.8 4.2-3.8s3.8 1.3 4.2 3.8M10.5 3.3a2.4 2.4 0 0 1 0 4.5M12 9.6c1.3.5 2 1.7 2.3 3.4"/>"#,
    /// One person.
    Person => r#"<circle cx="8" cy="5.5" r="2.7"/><path d="M3 13.5c.5-2.8 2.4-4.2 5-4.2s4.5 1.4 5 4.2"/>"#,
    /// Settings.
    Cog => r#"<circle cx="8" cy="8" r="2"/><path d="M8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.8l1.4 1.4M10.8 10.8l1.4 1.4M3.8 12.2l1.4-1.4M10.8 5.2l1.4-1.4"/>"#,
    /// Secret, sealed, no access.
    Lock => r#"<rect x="3.5" y="7" width="9" height="6.5" rx="1"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>"#,
    /// Reading again.
    Refresh => r#"<path d="M13 6.5A5.2 5.2 0 0 0 3.7 5M3 9.5A5.2 5.2 0 0 0 12.3 11M3.5 2.5V5H6M12.5 13.5V11H10"/>"#,
    /// Exporting.
    Download => r#"<path d="M8 2.5v7M5 7l3 3 3-3M3 13h10"/>"#,
    /// The navigation of small screens.
    Menu => r#"<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>"#,
    /// Somebody wrote something.
    Chat => r#"<path d="M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z"/>"#,
    /// Copying.
    Copy => r#"<rect x="5.5" y="5.5" width="8" height="8" rx="1"/><path d="M10.5 5.5v-3h-8v8h3"/>"#,
    /// Leaving the dashboard, for Atlas's own pages.
    External => r#"<path d="M6.5 3.5h-3v9h9v-3M9 2.5h4.5V7M13.5 2.5 7.5 8.5"/>"#,
    /// Editing.
    Edit => r#"<path d="M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2z"/>"#,
    /// Deleting.
    Trash => r#"<path d="M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9"/>"#,
    /// Showing what was hidden.
    Eye => r#"<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="1.8"/>"#,
    /// Running, sending.
    Play => r#"<path d="M5 3.5v9l7.5-4.5z"/>"#,
    /// Command line and calls.
    Terminal => r#"<path d="m3 4.5 3.5 3.5L3 11.5M8 12h5"/>"#,
    /// A connection to Atlas.
    Plug => r#"<path d="M5.5 2.5v3M10.5 2.5v3M4 5.5h8v2a4 4 0 0 1-8 0zM8 11.5v2"/>"#,
    /// Taking something back.
    Undo => r#"<path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M6 3.5l-3 3 3 3"/>"#,
    /// Signing out.
    SignOut => r#"<path d="M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3"/>"#,
    /// Following the system's light or dark.
    Monitor => r#"<rect x="2" y="3" width="12" height="8" rx="1"/><path d="M5.5 13.5h5M8 11v2.5"/>"#,
    /// Light.
    Sun => r#"<circle cx="8" cy="8" r="2.6"/><path d="M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M3.6 12.4l1-1M11.4 4.6l1-1"/>"#,
    /// Dark.
    Moon => r#"<path d="M13 9.5A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.5 6.5z"/>"#,
    /// Address ranges and networks.
    Globe => r#"<circle cx="8" cy="8" r="5.5"/><ellipse cx="8" cy="8" rx="2.4" ry="5.5"/><path d="M2.5 8h11"/>"#,
    /// Not known.
    Question => r#"<circle cx="8" cy="8" r="5.5"/><path d="M6.5 6.5a1.6 1.6 0 1 1 2.3 1.4c-.5.3-.8.6-.8 1.1M8 11v.2"/>"#,
}

/// An icon, always beside a word: assistive technology does not see it.
#[component]
pub fn Icon(
    /// Which one.
    name: IconName,
    /// Further classes, for instance `spin`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = if class.is_empty() { "icon".to_owned() } else { format!("icon {class}") };
    view! { <svg class=class viewBox="0 0 16 16" aria-hidden="true" inner_html=name.path()></svg> }
}

/// The sign of Meridian: a globe with its meridians.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"
            inner_html=r#"<circle cx="10" cy="10" r="8"/><ellipse cx="10" cy="10" rx="3.4" ry="8"/><path d="M2.4 10h15.2" opacity=".45"/>"#></svg>
    }
}
