//! Requests about events.

use jiff::Timestamp;

use super::{
    query::{Query, given},
    requests,
};
use crate::{EventId, GroupId, OrgId};

/// Which events to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only of these kinds; all when empty.
    pub event_types: Vec<String>,
    /// Not before.
    pub min_date: Option<Timestamp>,
    /// Not after.
    pub max_date: Option<Timestamp>,
    /// With what Atlas keeps of them internally.
    pub include_raw: bool,
}

impl EventFilter {
    fn query(&self) -> Query {
        [
            given("eventType", &self.event_types),
            given("minDate", self.min_date),
            given("maxDate", self.max_date),
            given("includeRaw", self.include_raw.then_some(true)),
        ]
        .concat()
    }
}

/// Which events of a project to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupEventFilter {
    /// By kind and time.
    pub events: EventFilter,
    /// Not of these kinds.
    pub excluded_event_types: Vec<String>,
    /// Only about these clusters; all when empty.
    pub cluster_names: Vec<String>,
}

impl GroupEventFilter {
    fn query(&self) -> Query {
        [
            self.events.query(),
            given("excludedEventType", &self.excluded_event_types),
            given("clusterNames", &self.cluster_names),
        ]
        .concat()
    }
}

fn include_raw() -> Query {
    vec![("includeRaw", true.to_string())]
}

requests! {
    /// `listOrgEvents`: what happened in an organization, newest first.
    list_org_events(org: &OrgId; filter: &EventFilter) = ListOrgEvents [filter.query()];
    /// `getOrgEvent`: one event of an organization.
    get_org_event(org: &OrgId, event: &EventId) = GetOrgEvent;
    /// `listGroupEvents`: what happened in a project, newest first.
    list_group_events(group: &GroupId; filter: &GroupEventFilter) = ListGroupEvents [filter.query()];
    /// `getGroupEvent`: one event of a project.
    get_group_event(group: &GroupId, event: &EventId) = GetGroupEvent;
    /// `getOrgEvent`: one event of an organization with what Atlas keeps of it internally.
    get_org_event_with_raw(org: &OrgId, event: &EventId) = GetOrgEvent [include_raw()];
    /// `getGroupEvent`: one event of a project with what Atlas keeps of it internally.
    get_group_event_with_raw(group: &GroupId, event: &EventId) = GetGroupEvent [include_raw()];
}
