//! Search over everything the caller may see.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// The longest text that is looked for, in characters.
pub const LONGEST: usize = 200;

/// What can be found. To add a kind: a variant here, its words and icon below, and the function that finds it in the server's
/// `services/search.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// A change request, by its number.
    Request,
    /// An organization, by label, name, environment or id.
    Organization,
    /// A project, by name or id.
    Project,
    /// An API key, by description, public key or id.
    ApiKey,
    /// An API key whose access list allows an address or a whole range.
    AllowedKey,
    /// A person of Meridian, by name or user name.
    Person,
    /// A page, or something to do there.
    Page,
}

impl SearchKind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::Request, Self::Organization, Self::Project, Self::ApiKey, Self::AllowedKey, Self::Person, Self::Page];

    /// The heading of its group.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Request => "Requests",
            Self::Organization => "Organizations",
            Self::Project => "Projects",
            Self::ApiKey => "API keys",
            Self::AllowedKey => "API keys that allow this address",
            Self::Person => "People",
            Self::Page => "Go to",
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    /// Its name.
    pub title: String,
    /// What tells it from others of the same name: its organization, its id.
    #[serde(default)]
    pub detail: String,
    /// Its identifier, if it has one that people copy.
    #[serde(default)]
    pub id: String,
    /// Where it is.
    pub href: String,
}

/// Something to say about a group, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchNote {
    /// The sentence.
    pub text: String,
    /// Where to see more.
    pub href: String,
    /// The words of that link.
    pub link: String,
}

/// All that was found of one kind, the closest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchGroup {
    /// The kind.
    pub kind: SearchKind,
    /// What was found; some of it, when there is too much.
    #[serde(default)]
    pub hits: Vec<SearchHit>,
    /// Where all of it is listed, when there is more.
    #[serde(default)]
    pub more: Option<String>,
    /// What the hits do not tell.
    #[serde(default)]
    pub note: Option<SearchNote>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchResults {
    /// What was looked for, without the spaces around it.
    pub text: String,
    /// What was found, by kind; kinds of which nothing was found are left out.
    #[serde(default)]
    pub groups: Vec<SearchGroup>,
}

impl SearchResults {
    /// How many hits are shown.
    #[must_use]
    pub fn shown(&self) -> usize {
        self.groups.iter().map(|group| group.hits.len()).sum()
    }
}

/// Finds `text` in everything the caller may see: at most `limit` of each kind.
#[server(prefix = "/api", endpoint = "search/everything")]
pub async fn search(
    /// What to look for.
    #[server(default)]
    text: String,
    /// How many of each kind, at most 50.
    #[server(default)]
    limit: u32,
) -> Result<SearchResults, ApiError> {
    use crate::server::{answer, begin};

    let searching = async {
        let (caller, backend) = begin()?;
        backend.search.find(&caller, &text, limit).await
    };
    answer(searching.await)
}
