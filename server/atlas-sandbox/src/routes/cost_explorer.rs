//! The cost explorer: a query is left, a token comes back, and with it the answer is fetched.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::{
    billing::{self, Invoice, Item, Month},
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    routes::{
        Answer, Call,
        body::{self, Fields},
        invoices::{self, cell, dollars},
        line_items,
        permission::Need,
    },
    state::CostQuery,
    version::Form,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::post(
        "createOrgBillingCostExplorerUsageProcess",
        "/orgs/{orgId}/billing/costExplorer/usage",
        Need::OrgBillingViewer,
        Set::Invoices,
        create,
    )
    .query(&["envelope"]),
    Operation::get(
        "getOrgBillingCostExplorerUsage",
        "/orgs/{orgId}/billing/costExplorer/usage/{token}",
        Need::OrgBillingViewer,
        Set::Invoices,
        get,
    )
    .query(&["envelope"])
    .forms(&[Form::Json, Form::Csv]),
];

/// `createOrgBillingCostExplorerUsageProcess`.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&[
        "startDate",
        "endDate",
        "groupBy",
        "organizations",
        "projects",
        "clusters",
        "services",
        "includePartialMatches",
    ])?;
    let (from, to) = (month(&fields, "startDate")?, month(&fields, "endDate")?);
    if from >= to {
        return Err(ApiError::bad_request("INVALID_DATE_RANGE", "endDate must be after startDate.").at("endDate"));
    }
    let grants = call.grants()?;
    let query = CostQuery {
        org: call.target.org,
        from,
        to,
        group_by: body::word(&fields, "groupBy", &["organizations", "projects", "clusters", "services"])?
            .map(str::to_owned),
        orgs: line_items::ids(&fields, "organizations")?,
        projects: line_items::ids(&fields, "projects")?,
        clusters: line_items::ids(&fields, "clusters")?,
        services: line_items::services(&fields, "services")?,
        with_partial: fields.flag("includePartialMatches")?.unwrap_or(false),
        with_linked: grants.has("ORG_OWNER") || grants.has("ORG_BILLING_ADMIN"),
        was_polled: false,
    };
    let token = call.state.add_cost_query(query);
    Ok(Answer::object(json!({ "token": token })).with_status(StatusCode::ACCEPTED))
}

/// The month that begins with the day of a field.
fn month(fields: &Fields, name: &'static str) -> Result<Month, ApiError> {
    let text = fields.get(name).and_then(Value::as_str).ok_or_else(|| body::missing(name))?;
    let refusal = || ApiError::bad_request("INVALID_DATE_FORMAT", format!("{text} is not the first day of a month."));
    Month::beginning(invoices::as_date(text, name)?).ok_or_else(|| refusal().with(text).at(name))
}

/// `getOrgBillingCostExplorerUsage`: whoever asks first is told with 102 that the answer takes a moment. As HTTP/1.1 has
/// it 102 is no answer yet, so the answer follows on the same request: clients that know nothing of 102 find it there.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let token = call.in_path("token");
    let org = call.target.org;
    let query = call.state.billing.queries.get_mut(&token).filter(|query| query.org == org);
    let refusal = || ApiError::not_found("RESOURCE_NOT_FOUND", format!("No query with token {token} exists."));
    let query = query.ok_or_else(|| refusal().with(token.as_str()))?;
    let is_first = !std::mem::replace(&mut query.was_polled, true);
    let rows = rows(call, &token)?;
    let answer = match call.form {
        Form::Json => Answer::object(json!({ "usageDetails": rows.iter().map(Row::written).collect::<Vec<_>>() })),
        Form::Csv => Answer::text(as_csv(&rows)),
    };
    Ok(if is_first { answer.after_processing() } else { answer })
}

/// One sum. What the rows are grouped by is filled in; the description leaves the shape open.
struct Row {
    invoice: Id,
    org: Id,
    org_name: String,
    month: Month,
    project: Option<(Id, String)>,
    cluster: Option<(Id, String)>,
    service: Option<&'static str>,
    cents: i64,
}

impl Row {
    fn written(&self) -> Value {
        let (year, month) = self.month.year_and_number();
        let mut value = Map::new();
        let mut put = |name: &str, text: Value| value.insert(name.to_owned(), text);
        put("invoiceId", self.invoice.to_string().into());
        put("organizationId", self.org.to_string().into());
        put("organizationName", self.org_name.as_str().into());
        if let Some((id, name)) = &self.project {
            put("projectId", id.to_string().into());
            put("projectName", name.as_str().into());
        }
        if let Some((id, name)) = &self.cluster {
            put("clusterId", id.to_string().into());
            put("clusterName", name.as_str().into());
        }
        if let Some(service) = self.service {
            put("service", service.into());
        }
        put("usageAmount", as_dollars(self.cents).into());
        put("usageDate", format!("{year:04}-{month:02}-01").into());
        value.into()
    }
}

/// The sums a query asks for, oldest month first.
fn rows(call: &Call<'_>, token: &str) -> Result<Vec<Row>, ApiError> {
    let (org, state) = (invoices::org(call)?, &call.state);
    let Some(query) = state.billing.queries.get(token) else {
        return Ok(Vec::new());
    };
    let mut months: Vec<Month> =
        billing::months(org, call.now).filter(|month| (query.from..query.to).contains(month)).collect();
    months.reverse();
    let mut rows = Vec::new();
    for month in months {
        let mut all = vec![billing::invoice(state, org, month, call.now)];
        if query.with_linked {
            all.extend(billing::linked(state, org, month, call.now));
        }
        for invoice in all.iter().filter(|one| query.orgs.is_empty() || query.orgs.contains(&one.org)) {
            let name = state.orgs.get(&invoice.org).map_or("", |org| &org.name);
            add_rows(&mut rows, query, invoice, name);
        }
    }
    Ok(rows)
}

/// What rows are told apart by: project, cluster, service.
type Key = (Option<Id>, Option<Id>, Option<&'static str>);

fn add_rows(rows: &mut Vec<Row>, query: &CostQuery, invoice: &Invoice, name: &str) {
    let mut sums: BTreeMap<Key, Row> = BTreeMap::new();
    for item in invoice.items.iter().filter(|item| includes(query, item)) {
        let place = item.place.as_ref();
        let by = query.group_by.as_deref();
        let project = place.filter(|_| by == Some("projects") || by == Some("clusters"));
        let cluster = place.filter(|_| by == Some("clusters"));
        let service = Some(item.sku.service).filter(|_| by.is_none() || by == Some("services"));
        let key = (project.map(|place| place.project), cluster.map(|place| place.cluster_id), service);
        let row = sums.entry(key).or_insert_with(|| Row {
            invoice: invoice.id,
            org: invoice.org,
            org_name: name.to_owned(),
            month: invoice.month,
            project: project.map(|place| (place.project, place.project_name.clone())),
            cluster: cluster.map(|place| (place.cluster_id, place.cluster.clone())),
            service,
            cents: 0,
        });
        row.cents += item.cents;
    }
    rows.extend(sums.into_values());
}

fn includes(query: &CostQuery, item: &Item) -> bool {
    let place = item.place.as_ref();
    let among =
        |wanted: &[Id], id: Option<Id>| wanted.is_empty() || id.map_or(query.with_partial, |id| wanted.contains(&id));
    among(&query.projects, place.map(|place| place.project))
        && among(&query.clusters, place.map(|place| place.cluster_id))
        && (query.services.is_empty() || query.services.iter().any(|service| service == item.sku.service))
}

/// The sums as a table: a line for each, with a first line of names.
fn as_csv(rows: &[Row]) -> String {
    let mut text = String::from(
        "Billed Date,Invoice Id,Organization Name,Organization ID,Project Name,Project Id,Cluster Name,Cluster Unique Id,Service,Usage Amount\n",
    );
    for row in rows {
        let (year, month) = row.month.year_and_number();
        let pair = |pair: &Option<(Id, String)>| match pair {
            Some((id, name)) => (cell(name), id.to_string()),
            None => (String::new(), String::new()),
        };
        let ((project_name, project), (cluster_name, cluster)) = (pair(&row.project), pair(&row.cluster));
        let cells = [
            format!("{year:04}-{month:02}-01"),
            row.invoice.to_string(),
            cell(&row.org_name),
            row.org.to_string(),
            project_name,
            project,
            cluster_name,
            cluster,
            row.service.unwrap_or_default().to_owned(),
            dollars(row.cents),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "sums of a month are far below what a double holds exactly")]
fn as_dollars(cents: i64) -> f64 {
    cents as f64 / 100.0
}
