//! Organizations and connections as pages show them.

use std::collections::HashMap;

use app::{
    api::connections::{ConnectionView, CredentialView, Health, OrganizationRow, PartView},
    backend::Caller,
};
use domain::{
    Known,
    ids::{OrgId, RequestNumber},
    people::Permission,
};
use jiff::Timestamp;

use super::words::{self, OWNER};
use crate::{
    services::inventory::Refresher,
    store::{ConnectionRecord, Counts, CredentialRecord, OrgSummary, PartRecord, Slot},
};

/// A line of the table of organizations.
pub(super) fn row(
    caller: &Caller,
    org: &OrgSummary,
    refresher: &Refresher,
    open_requests: &HashMap<OrgId, u32>,
) -> OrganizationRow {
    let health = if refresher.is_refreshing(&org.org) {
        Health::Refreshing
    } else {
        org.health.clone().unwrap_or(Health::NotYetRead)
    };
    OrganizationRow {
        org: org.org.clone(),
        name: org.name.clone(),
        label: org.label.clone(),
        environment: org.environment.clone(),
        health,
        keys: org.counts.keys.map_or(Known::NotYetRead, Known::Yes),
        projects: org.counts.projects.map_or(Known::NotYetRead, Known::Yes),
        high_findings: findings(&org.counts, org.counts.high),
        medium_findings: findings(&org.counts, org.counts.medium),
        open_requests: open_requests.get(&org.org).copied().unwrap_or(0),
        has_writer: org.has_writer,
        read_at: org.read_at,
        may_request: caller.grants.allow(Permission::Request(&org.org)),
    }
}

/// A count of findings. None found among lists that nobody could read is not the same as none.
fn findings(counts: &Counts, count: u32) -> Known<u32> {
    match counts {
        Counts { keys: None, .. } => Known::NotYetRead,
        _ if count > 0 => Known::Yes(count),
        Counts { lists_not_readable: 1.., .. } => Known::NotReadable { needs: OWNER.into() },
        Counts { lists_not_read: 1.., .. } => Known::NotYetRead,
        _ => Known::Yes(0),
    }
}

/// The page of one organization.
pub(super) fn connection(
    caller: &Caller,
    record: ConnectionRecord,
    row: OrganizationRow,
    parts: Vec<PartRecord>,
    open_requests: Vec<RequestNumber>,
    now: Timestamp,
) -> ConnectionView {
    let may_manage = caller.grants.allow(Permission::ManageConnection(&row.org));
    let part = |part: PartRecord| PartView {
        part: part.part.label().to_owned(),
        read_at: part.read_at,
        failure: part.failure,
    };
    let address_seen = record.address_seen.map_or_else(
        || Known::Unknown {
            why: "Atlas tells the address only when it refuses a call, or on the access list of the reader’s key."
                .into(),
        },
        Known::Yes,
    );
    ConnectionView {
        row,
        base_url: record.base_url,
        owner: record.owner,
        connected_by: record.connected_by,
        connected_at: record.connected_at,
        reader: credential(Slot::Reader, record.reader),
        writer: record.writer.map(|writer| credential(Slot::Writer, writer)),
        address_seen,
        parts: parts.into_iter().map(part).collect(),
        open_requests,
        may_manage,
        needs_password: may_manage && !caller.is_confirmed(now),
    }
}

fn credential(slot: Slot, record: CredentialRecord) -> CredentialView {
    let CredentialRecord { public_key, tested } = record;
    CredentialView {
        public_key,
        abilities: words::abilities(slot, &tested),
        roles: tested.roles,
        access_list_entries: tested.entries.map_or(Known::NotYetRead, Known::Yes),
        tested_at: tested.at,
        failure: tested.failure,
    }
}
