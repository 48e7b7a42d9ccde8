//! Links to Atlas's own pages. Their addresses are no contract of Atlas, so they stand in one place and lead to pages that have been
//! there for years; where Atlas lies is a setting.

use domain::ids::{OrgId, ProjectId};
use leptos::prelude::*;

use crate::icons::{Icon, IconName};

/// A page of Atlas's own interface.
#[derive(Debug, Clone, Copy)]
pub enum AtlasPage<'a> {
    /// The projects of an organization, where Atlas begins.
    Organization(&'a OrgId),
    /// A project.
    Project(&'a ProjectId),
    /// The API keys of an organization; a single key has no page that can be linked to.
    ApiKeys(&'a OrgId),
}

impl AtlasPage<'_> {
    /// Its address below `base`.
    #[must_use]
    pub fn address(self, base: &str) -> String {
        match self {
            Self::Organization(org) => format!("{base}/v2#/org/{org}/projects"),
            Self::Project(project) => format!("{base}/v2/{project}"),
            Self::ApiKeys(org) => format!("{base}/v2#/org/{org}/access/apiKeys"),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Organization(_) => "Open the organization in Atlas",
            Self::Project(_) => "Open the project in Atlas",
            Self::ApiKeys(_) => "Open the organization’s API keys in Atlas",
        }
    }
}

/// A link to the page, in a tab of its own; nothing in the demo, whose Atlas has no pages.
#[must_use]
pub fn atlas_link(page: AtlasPage<'_>) -> Option<AnyView> {
    let (href, words) = (page.address(&base()?), page.words());
    Some(
        view! {
            <a class="copy atlas" href=href target="_blank" rel="noopener noreferrer" title=words aria-label=format!("{words} (new tab)")>
                <Icon name=IconName::External/>"Atlas"
            </a>
        }
        .into_any(),
    )
}

fn base() -> Option<std::sync::Arc<str>> {
    #[cfg(feature = "ssr")]
    {
        crate::server::backend().atlas_pages
    }
    #[cfg(not(feature = "ssr"))]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_atlas() {
        let org: OrgId = "5f1a2b3c4d5e6f7081920a1b".parse().expect("24 hexadecimal digits");
        let project: ProjectId = "5f1a2b3c4d5e6f7081920a1c".parse().expect("24 hexadecimal digits");
        let base = "https://cloud.mongodb.com";
        assert_eq!(
            AtlasPage::Organization(&org).address(base),
            "https://cloud.mongodb.com/v2#/org/5f1a2b3c4d5e6f7081920a1b/projects"
        );
        assert_eq!(AtlasPage::Project(&project).address(base), "https://cloud.mongodb.com/v2/5f1a2b3c4d5e6f7081920a1c");
        assert_eq!(
            AtlasPage::ApiKeys(&org).address(base),
            "https://cloud.mongodb.com/v2#/org/5f1a2b3c4d5e6f7081920a1b/access/apiKeys"
        );
    }
}
