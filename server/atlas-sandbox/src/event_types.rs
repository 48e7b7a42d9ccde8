//! The types of events Atlas names, and where each can happen. The names are facts of the interface (`data/`); that
//! list changes often in Atlas, too, so nobody should take it for complete.

use std::{collections::HashMap, sync::LazyLock};

/// Where events of a type are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feed {
    /// Only in the feed of an organization.
    Org,
    /// Only in the feed of a project.
    Project,
    /// In both.
    Both,
}

impl Feed {
    /// Whether the feed of an organization lists them.
    pub(crate) fn is_of_orgs(self) -> bool {
        self != Self::Project
    }

    /// Whether the feed of a project lists them.
    pub(crate) fn is_of_projects(self) -> bool {
        self != Self::Org
    }
}

/// One type.
#[derive(Debug)]
pub(crate) struct EventType {
    pub(crate) name: &'static str,
    feed: Feed,
}

static TYPES: LazyLock<Vec<EventType>> = LazyLock::new(|| {
    let lines = include_str!("data/event_types.txt").lines().filter_map(|line| line.split_once(' '));
    let types = lines.map(|(name, feed)| EventType {
        name,
        feed: match feed {
            "organization" => Feed::Org,
            "project" => Feed::Project,
            _ => Feed::Both,
        },
    });
    types.collect()
});

static BY_NAME: LazyLock<HashMap<&'static str, Feed>> =
    LazyLock::new(|| TYPES.iter().map(|one| (one.name, one.feed)).collect());

/// All types, by name.
pub(crate) fn all() -> &'static [EventType] {
    &TYPES
}

/// Where events of that type are listed; nothing for a type nobody knows.
pub(crate) fn feed(name: &str) -> Option<Feed> {
    BY_NAME.get(name).copied()
}

impl EventType {
    /// What it means, in words made from its name.
    pub(crate) fn description(&self) -> String {
        described(self.name)
    }

    /// Whether an alert can be set for it. Atlas documents no list; those that tell of a state worth a call are named so.
    pub(crate) fn is_alertable(&self) -> bool {
        const SIGNS: [&str; 7] =
            ["_ABOUT_TO_EXPIRE", "_OVER_THRESHOLD", "_EXPIRING", "_EXPIRED", "_FAILED", "JOINED_", "_WITHOUT_MFA"];
        SIGNS.iter().any(|sign| self.name.contains(sign))
    }
}

/// The words of a name: `API_KEY_ADDED_TO_GROUP` is "API key added to project".
pub(crate) fn described(name: &str) -> String {
    let words = name.split('_').enumerate().map(|(place, word)| match word {
        "API" | "IP" | "MFA" | "AWS" | "GCP" | "OIDC" | "SSL" | "AI" | "MCP" | "SQL" | "UI" | "VM" | "OS" => {
            word.to_owned()
        }
        "ORG" if place == 0 => "Organization".to_owned(),
        "ORG" => "organization".to_owned(),
        "GROUP" if place == 0 => "Project".to_owned(),
        "GROUP" => "project".to_owned(),
        _ if place == 0 => {
            format!("{}{}", &word[..word.len().min(1)], word.get(1..).unwrap_or_default().to_lowercase())
        }
        _ => word.to_lowercase(),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        assert_eq!(described("API_KEY_ADDED_TO_GROUP"), "API key added to project");
        assert_eq!(described("BECAME_PAYING_ORG"), "Became paying organization");
    }

    #[test]
    fn every_type_has_a_feed() {
        assert_eq!(all().len(), 967);
        assert_eq!(feed("API_KEY_CREATED"), Some(Feed::Both));
        assert_eq!(feed("ORG_CREATED"), Some(Feed::Org));
        assert_eq!(feed("GROUP_NAME_CHANGED"), Some(Feed::Project));
        assert_eq!(feed("CAT_FED"), None);
    }
}
