//! Reports of an invoice in the FOCUS format: asked for, waited for, downloaded without signing.

use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    billing, clock,
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::LIST,
    reply::Reply,
    routes::{
        Answer, Call, body,
        invoices::{self, cell, dollars},
        permission::Need,
    },
    state::{Report, State},
    version::Release,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::post("createOrgInvoiceReport", ALL, Need::OrgBillingViewer, Set::Invoices, create)
        .query(&[])
        .releases(NEWEST),
    Operation::get("listOrgInvoiceReports", ALL, Need::OrgBillingViewer, Set::Invoices, list)
        .query(LIST)
        .releases(NEWEST),
    Operation::get(
        "getOrgInvoiceReport",
        "/orgs/{orgId}/invoices/{invoiceId}/reports/{reportId}",
        Need::OrgBillingViewer,
        Set::Invoices,
        get,
    )
    .query(&[])
    .releases(NEWEST),
];

const ALL: &str = "/orgs/{orgId}/invoices/{invoiceId}/reports";
const NEWEST: &[Release] = &[Release::new("2025-03-12")];

/// Where finished reports are downloaded from, outside the API: whoever knows the address may read it.
const DOWNLOADS: &str = "/downloads/reports/";

/// The version of FOCUS that is written unless another is wanted.
const VERSION: &str = "1.3";

/// `createOrgInvoiceReport`.
fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = call.fields(&["reportType", "reportFormat", "formatSpecVersion"])?;
    body::word(&fields, "reportType", &["FOCUS"])?.ok_or_else(|| body::missing("reportType"))?;
    body::word(&fields, "reportFormat", &["CSV"])?.ok_or_else(|| body::missing("reportFormat"))?;
    let version = body::word(&fields, "formatSpecVersion", &[VERSION])?.unwrap_or(VERSION).to_owned();
    let (org, invoice) = invoices::named(call)?;
    let (org, invoice) = (org.id, invoice.id);
    let id = call.state.add_report(org, invoice, version, call.now);
    let report = call.state.billing.report(id, call.now).ok_or_else(|| no_report(&id.to_string()))?;
    Ok(Answer::object(written(call, report, false)).with_status(StatusCode::CREATED))
}

/// `listOrgInvoiceReports`: never with an address to download from.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (org, invoice) = invoices::named(call)?;
    let all = call.state.billing.reports(org.id, invoice.id, call.now);
    let results = all[call.query.window(all.len())].iter().map(|report| written(call, report, false)).collect();
    Ok(Answer::list(call.query.listed(results, all.len(), &call.here)))
}

/// `getOrgInvoiceReport`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let text = call.in_path("reportId");
    let (org, invoice) = invoices::named(call)?;
    let all = call.state.billing.reports(org.id, invoice.id, call.now);
    let found = Id::parse(&text).and_then(|id| all.into_iter().find(|report| report.id == id));
    found.map(|report| Answer::object(written(call, report, true))).ok_or_else(|| no_report(&text))
}

fn no_report(id: &str) -> ApiError {
    ApiError::not_found("RESOURCE_NOT_FOUND", format!("No report with ID {id} exists.")).with(id)
}

fn written(call: &Call<'_>, report: &Report, with_address: bool) -> Value {
    let state = report.state(call.now);
    let mut value = json!({
        "reportId": report.id.to_string(),
        "invoiceId": report.invoice.to_string(),
        "reportType": "FOCUS",
        "reportFormat": "CSV",
        "formatSpecVersion": report.format_version,
        "state": state,
    });
    if state == "SUCCEEDED" {
        value["expiresAt"] = clock::written(report.expires()).into();
        if with_address {
            let base = call.api.strip_suffix(crate::operations::BASE).unwrap_or(&call.api);
            value["downloadUrl"] = format!("{base}{DOWNLOADS}{}.csv", report.id).into();
        }
    }
    value
}

/// The report at a path outside the API; nothing when there is none or it is not finished.
pub(crate) fn download(state: &State, path: &str, now: Timestamp) -> Option<Reply> {
    let id = Id::parse(path.strip_prefix(DOWNLOADS)?.strip_suffix(".csv")?)?;
    let report = state.billing.report(id, now).filter(|report| report.state(now) == "SUCCEEDED")?;
    let org = state.orgs.get(&report.org)?;
    let invoice = billing::find(state, org, report.invoice, now)?;
    let mut text = String::from(
        "BillingAccountId,BillingAccountName,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,SkuId,SubAccountId,SubAccountName,ResourceName,ProviderName,ConsumedQuantity,ConsumedUnit,ListUnitPrice,BilledCost,BillingCurrency\n",
    );
    for item in &invoice.items {
        let (project, project_name, cluster) = match &item.place {
            Some(place) => (place.project.to_string(), place.project_name.as_str(), place.cluster.as_str()),
            None => (String::new(), "", ""),
        };
        let cells = [
            org.id.to_string(),
            cell(&org.name),
            clock::written(invoice.month.start()),
            clock::written(invoice.month.end()),
            clock::written(item.start),
            clock::written(item.end),
            "Usage".to_owned(),
            item.sku.service.to_owned(),
            item.sku.id.to_owned(),
            project,
            cell(project_name),
            cell(cluster),
            "MongoDB".to_owned(),
            item.quantity.to_string(),
            item.sku.unit.to_owned(),
            item.sku.dollars.to_string(),
            dollars(item.cents),
            "USD".to_owned(),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    let attachment = HeaderValue::from_static("attachment; filename=\"report.csv\"");
    Some(Reply::json(StatusCode::OK, "text/csv;charset=utf-8", text).with(header::CONTENT_DISPOSITION, attachment))
}
