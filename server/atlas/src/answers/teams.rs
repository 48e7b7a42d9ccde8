//! Answers about teams.

use serde::Deserialize;

use super::{Other, list, or_default};
use crate::TeamId;

/// A team of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A team assigned to a project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupTeam {
    /// The team.
    pub team_id: TeamId,
    /// Its roles there.
    #[serde(default, deserialize_with = "list")]
    pub role_names: Vec<String>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}
