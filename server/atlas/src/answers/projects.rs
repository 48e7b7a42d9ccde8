//! Answers about projects.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Other, list, maybe, or_default};
use crate::{GroupId, OrgId};

/// A project, which Atlas calls a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// The organization it belongs to.
    pub org_id: OrgId,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// How many clusters it has.
    #[serde(default, deserialize_with = "maybe")]
    pub cluster_count: Option<u64>,
    /// When it was created.
    #[serde(default, deserialize_with = "maybe")]
    pub created: Option<Timestamp>,
    /// Its tags.
    #[serde(default, deserialize_with = "list")]
    pub tags: Vec<Tag>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A tag of a project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    /// What it tells.
    #[serde(default, deserialize_with = "or_default")]
    pub key: String,
    /// What it says.
    #[serde(default, deserialize_with = "or_default")]
    pub value: String,
}

/// A limit of a project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limit {
    /// Its name: `atlas.project.deployment.clusters`.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// What it is.
    #[serde(default, deserialize_with = "maybe")]
    pub value: Option<i64>,
    /// What it is without an exception.
    #[serde(default, deserialize_with = "maybe")]
    pub default_limit: Option<i64>,
    /// How much of it is used.
    #[serde(default, deserialize_with = "maybe")]
    pub current_usage: Option<i64>,
    /// What it can be at most.
    #[serde(default, deserialize_with = "maybe")]
    pub maximum_limit: Option<i64>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}
