//! The activity feeds of organizations and projects, newest first.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::{Value, json};

use crate::{
    clock,
    errors::ApiError,
    event_types::{self, Feed},
    id::Id,
    limits::Set,
    operations::Operation,
    paging::LIST,
    routes::{Answer, Call, permission::Need},
    state::Event,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listEventTypes", "/eventTypes", Need::Nothing, Set::EventTypes, types).query(LIST),
    Operation::get("listOrgEvents", "/orgs/{orgId}/events", Need::OrgMember, Set::OrgEvents, of_org)
        .query(LIST)
        .also(&["eventType", "includeRaw", "maxDate", "minDate"]),
    Operation::get("getOrgEvent", "/orgs/{orgId}/events/{eventId}", Need::OrgMember, Set::OrgEvents, one_of_org)
        .also(&["includeRaw"]),
    Operation::get(
        "listGroupEvents",
        "/groups/{groupId}/events",
        Need::ProjectReadOnly,
        Set::ProjectEvents,
        of_project,
    )
    .query(LIST)
    .also(&["clusterNames", "eventType", "excludedEventType", "includeRaw", "maxDate", "minDate"]),
    Operation::get(
        "getGroupEvent",
        "/groups/{groupId}/events/{eventId}",
        Need::ProjectReadOnly,
        Set::ProjectEvents,
        one_of_project,
    )
    .also(&["includeRaw"]),
];

/// `listEventTypes`.
fn types(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let all = event_types::all();
    let results = all[call.query.window(all.len())].iter();
    let results = results
        .map(|one| json!({ "eventType": one.name, "description": one.description(), "alertable": one.is_alertable() }));
    Ok(Answer::list(call.query.listed(results.collect(), all.len(), &call.here)))
}

/// `listOrgEvents`: with those of its projects that concern the organization, too.
fn of_org(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    list(call, Feed::is_of_orgs)
}

/// `listGroupEvents`.
fn of_project(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    list(call, Feed::is_of_projects)
}

fn list(call: &Call<'_>, listed: fn(Feed) -> bool) -> Result<Answer, ApiError> {
    let wanted = Wanted::read(call, listed)?;
    let raw = is_raw(call)?;
    let all = call.state.events.of_org(call.target.org);
    let seen: Vec<&(Id, Event)> = all.iter().rev().filter(|(_, event)| wanted.includes(event)).collect();
    let page = seen[call.query.window(seen.len())].iter().map(|(id, event)| written(call, *id, event, raw));
    Ok(Answer::list(call.query.listed(page.collect(), seen.len(), &call.here)))
}

/// `getOrgEvent`.
fn one_of_org(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    one(call, Feed::is_of_orgs, "ORG_EVENT_NOT_FOUND")
}

/// `getGroupEvent`.
fn one_of_project(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    one(call, Feed::is_of_projects, "EVENT_NOT_FOUND")
}

fn one(call: &Call<'_>, listed: fn(Feed) -> bool, missing: &'static str) -> Result<Answer, ApiError> {
    let (wanted, raw, id) = (Wanted::any(call, listed), is_raw(call)?, call.id_in_path("eventId")?);
    let all = call.state.events.of_org(call.target.org);
    let found = all.iter().find(|(other, event)| *other == id && wanted.includes(event));
    let refusal = || ApiError::not_found(missing, format!("No event with ID {id} exists.")).with(id.to_string());
    found.map(|(id, event)| Answer::object(written(call, *id, event, raw))).ok_or_else(refusal)
}

fn is_raw(call: &Call<'_>) -> Result<bool, ApiError> {
    Ok(call.query.parsed("includeRaw")?.unwrap_or(false))
}

/// Which events are asked for.
struct Wanted<'a> {
    project: Option<Id>,
    listed: fn(Feed) -> bool,
    kinds: Vec<&'a str>,
    excluded: Vec<&'a str>,
    clusters: Vec<&'a str>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl<'a> Wanted<'a> {
    /// All of the organization or project in the path.
    fn any(call: &Call<'_>, listed: fn(Feed) -> bool) -> Self {
        let (project, none) = (call.target.project, Vec::new);
        Self { project, listed, kinds: none(), excluded: none(), clusters: none(), from: None, to: None }
    }

    fn read(call: &'a Call<'_>, listed: fn(Feed) -> bool) -> Result<Self, ApiError> {
        let (from, to) = (moment(call, "minDate")?, moment(call, "maxDate")?);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(ApiError::bad_request("INVALID_DATE_RANGE", "minDate must not be after maxDate.").at("minDate"));
        }
        Ok(Self {
            kinds: kinds(call, "eventType", listed)?,
            excluded: kinds(call, "excludedEventType", listed)?,
            clusters: call.query.all("clusterNames").collect(),
            from,
            to,
            ..Self::any(call, listed)
        })
    }

    fn includes(&self, event: &Event) -> bool {
        let about = |name: &&str| event.cluster.as_deref() == Some(*name);
        // Atlas writes whole seconds, so whoever asks from the last one read must get all of that second.
        let second = event.at.as_second();
        self.project.is_none_or(|project| event.project == Some(project))
            && event_types::feed(event.kind).is_none_or(self.listed)
            && (self.kinds.is_empty() || self.kinds.contains(&event.kind))
            && !self.excluded.contains(&event.kind)
            && (self.clusters.is_empty() || self.clusters.iter().any(about))
            && self.from.is_none_or(|from| from.as_second() <= second)
            && self.to.is_none_or(|to| second <= to.as_second())
    }
}

/// The types a parameter names.
fn kinds<'a>(call: &'a Call<'_>, name: &'static str, listed: fn(Feed) -> bool) -> Result<Vec<&'a str>, ApiError> {
    let check = |kind: &'a str| match event_types::feed(kind).filter(|feed| listed(*feed)) {
        Some(_) => Ok(kind),
        None => {
            let text = format!("An invalid enumeration value {kind} was specified.");
            Err(ApiError::bad_request("INVALID_ENUM_VALUE", text).with(kind).at(name))
        }
    };
    call.query.all(name).map(check).collect()
}

/// The moment a parameter names: ISO 8601, without a zone UTC.
fn moment(call: &Call<'_>, name: &'static str) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = call.query.value(name) else {
        return Ok(None);
    };
    let with_zone = || text.parse::<Timestamp>().ok();
    // A plus sign that was not escaped arrives as a space.
    let unescaped = || text.replacen(' ', "+", 1).parse::<Timestamp>().ok();
    let plain = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    let found = with_zone().or_else(unescaped).or_else(plain);
    found.map(Some).ok_or_else(|| {
        ApiError::bad_request("INVALID_DATE_FORMAT", format!("{text} is no ISO 8601 date and time."))
            .with(text)
            .at(name)
    })
}

/// An event as Atlas writes it. The address of one that happened in no project has `null` in it (recorded).
fn written(call: &Call<'_>, id: Id, event: &Event, raw: bool) -> Value {
    let mut fields = event.written(id);
    let project = event.project.map_or_else(|| "null".to_owned(), |project| project.to_string());
    let href = format!("{}/groups/{project}/events/{id}", call.api);
    fields.insert("links".to_owned(), json!([{ "rel": "self", "href": href }]));
    if raw {
        let mut raw = json!({
            "_t": "AUDIT",
            "cre": clock::written(event.at),
            "description": event_types::described(event.kind),
            "id": id.to_string(),
            "orgId": event.org.to_string(),
            "severity": "INFO",
        });
        if let Some(org) = call.state.orgs.get(&event.org) {
            raw["orgName"] = org.name.as_str().into();
        }
        if let Some(project) = event.project.and_then(|project| call.state.projects.get(&project)) {
            raw["gn"] = project.name.as_str().into();
        }
        fields.insert("raw".to_owned(), raw);
    }
    fields.into()
}
