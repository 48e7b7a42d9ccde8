//! Events.

use crate::{Event, EventFilter, EventId, GroupEventFilter, GroupId, OrgId};

calls! {
    /// What happened in an organization, newest first.
    list list_org_events(org: &OrgId, filter: &EventFilter) -> Event;
    /// One event of an organization.
    one get_org_event(org: &OrgId, event: &EventId) -> Event;
    /// What happened in a project, newest first.
    list list_group_events(group: &GroupId, filter: &GroupEventFilter) -> Event;
    /// One event of a project.
    one get_group_event(group: &GroupId, event: &EventId) -> Event;
    /// One event of an organization with what Atlas keeps of it internally.
    one get_org_event_with_raw(org: &OrgId, event: &EventId) -> Event;
    /// One event of a project with what Atlas keeps of it internally.
    one get_group_event_with_raw(group: &GroupId, event: &EventId) -> Event;
}
