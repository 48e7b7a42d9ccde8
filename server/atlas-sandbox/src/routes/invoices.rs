//! Invoices of an organization, those of organizations it pays for included, and what is charged for.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{
    billing::{self, Invoice, Month},
    clock,
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    paging::{self, LIST},
    routes::{
        Answer, Call, body,
        permission::{self, Need},
        self_link,
    },
    state::Org,
    version::{Form, Release},
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::get("listOrgInvoices", "/orgs/{orgId}/invoices", Need::OrgBillingViewer, Set::Invoices, list)
        .query(LIST)
        .also(&["viewLinkedInvoices", "statusNames", "fromDate", "toDate", "sortBy", "orderBy"]),
    Operation::get(
        "listOrgInvoicePending",
        "/orgs/{orgId}/invoices/pending",
        Need::OrgBillingViewer,
        Set::Invoices,
        pending,
    ),
    Operation::get("getOrgInvoice", "/orgs/{orgId}/invoices/{invoiceId}", Need::OrgBillingViewer, Set::Invoices, get)
        .forms(&[Form::Json, Form::Csv]),
    Operation::get(
        "getOrgInvoiceCsv",
        "/orgs/{orgId}/invoices/{invoiceId}/csv",
        Need::OrgBillingViewer,
        Set::Invoices,
        get,
    )
    .forms(&[Form::Csv]),
    Operation::get(
        "getOrgAssociatedInvoices",
        "/orgs/{orgId}/associatedInvoices",
        Need::OrgBillingViewer,
        Set::Invoices,
        associated,
    )
    .query(&["month", "year", "includeLinkedOrgs"])
    .releases(NEWEST),
    Operation::get("listSkus", "/skus", Need::Nothing, Set::Skus, skus).query(LIST).releases(NEWEST),
    Operation::get("getSku", "/skus/{skuId}", Need::Nothing, Set::Skus, sku).releases(NEWEST),
];

const NEWEST: &[Release] = &[Release::new("2025-03-12")];

/// The phases of an invoice.
const STATUSES: [&str; 8] = ["PENDING", "CLOSED", "FORGIVEN", "FAILED", "PAID", "FREE", "PREPAID", "INVOICED"];

/// `listOrgInvoices`: without line items.
fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let views_linked = call.query.parsed("viewLinkedInvoices")?.unwrap_or(true);
    let statuses: Vec<&str> = call.query.all("statusNames").collect();
    if let Some(unknown) = statuses.iter().find(|status| !STATUSES.contains(status)) {
        return Err(body::unknown_word("statusNames", unknown));
    }
    let (from, to) = (date(call, "fromDate")?, date(call, "toDate")?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(ApiError::bad_request("INVALID_DATE_RANGE", "fromDate must not be after toDate.").at("fromDate"));
    }
    // Months do not overlap, so their starts and ends have the same order.
    word(call, "sortBy", &["START_DATE", "END_DATE"])?;
    let is_ascending = word(call, "orderBy", &["desc", "asc"])? == Some("asc");
    let org = org(call)?;
    let mut wanted: Vec<Invoice> = billing::invoices(call.state, org, call.now);
    wanted.retain(|invoice| {
        (statuses.is_empty() || statuses.contains(&invoice.status))
            && from.is_none_or(|from| day(invoice.month.start()) >= from)
            && to.is_none_or(|to| day(invoice.month.end()) <= to)
    });
    if is_ascending {
        wanted.reverse();
    }
    let page = &wanted[call.query.window(wanted.len())];
    let results = page.iter().map(|invoice| {
        let mut value = metadata(invoice, &call.api);
        if views_linked {
            value["linkedInvoices"] =
                linked(call, org, invoice.month)?.iter().map(|one| metadata(one, &call.api)).collect();
        }
        Ok(value)
    });
    let results = results.collect::<Result<_, ApiError>>()?;
    Ok(Answer::list(call.query.listed(results, wanted.len(), &call.here)))
}

/// `listOrgInvoicePending`: the month that is not over; its answer looks like a page, but there is only one.
fn pending(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let org = org(call)?;
    let invoice = billing::invoice(call.state, org, Month::of(call.now), call.now);
    let results = [whole(call, org, &invoice)?];
    Ok(Answer::list(json!({ "links": self_link(call.here.clone()), "results": results, "totalCount": 1 })))
}

/// `getOrgInvoice` and `getOrgInvoiceCsv`.
fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (org, invoice) = named(call)?;
    match call.form {
        Form::Json => Ok(Answer::object(whole(call, org, &invoice)?)),
        Form::Csv => {
            let linked = linked(call, org, invoice.month)?;
            Ok(Answer::text(as_csv(call, std::iter::once(&invoice).chain(&linked))))
        }
    }
}

/// The invoice the path names, with its organization.
pub(super) fn named<'a>(call: &'a Call<'_>) -> Result<(&'a Org, Invoice), ApiError> {
    let text = call.in_path("invoiceId");
    let refusal =
        || ApiError::bad_request("INVALID_INVOICE_ID", format!("An invalid invoice ID {text} was specified."));
    let id = Id::parse(&text).ok_or_else(|| refusal().with(text.as_str()))?;
    let org = org(call)?;
    let found = billing::find(call.state, org, id, call.now);
    let missing = || ApiError::not_found("INVOICE_NOT_FOUND", format!("No invoice with ID {text} exists."));
    found.map(|invoice| (org, invoice)).ok_or_else(|| missing().with(text.as_str()))
}

/// The organization that is worked in.
pub(super) fn org<'a>(call: &'a Call<'_>) -> Result<&'a Org, ApiError> {
    call.state.orgs.get(&call.target.org).ok_or_else(|| permission::no_org(&call.target.org.to_string()))
}

/// The invoices of organizations that are paid for; only owners and billing administrators see them.
fn linked(call: &Call<'_>, org: &Org, month: Month) -> Result<Vec<Invoice>, ApiError> {
    let grants = call.grants()?;
    let may_see = grants.has("ORG_OWNER") || grants.has("ORG_BILLING_ADMIN");
    Ok(if may_see { billing::linked(call.state, org, month, call.now) } else { Vec::new() })
}

/// `getOrgAssociatedInvoices`.
fn associated(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (this_year, this_month) = Month::of(call.now).year_and_number();
    let number = call.query.parsed("month")?.unwrap_or(this_month);
    let year = call.query.parsed("year")?.unwrap_or(this_year);
    let month = Month::numbered(year, number).ok_or_else(|| paging::refusal("month"))?;
    if year < 2000 {
        return Err(paging::refusal("year"));
    }
    let org = org(call)?;
    let mut found: Vec<(Id, Id)> = Vec::new();
    if billing::months(org, call.now).any(|one| one == month) {
        found.push((billing::invoice_id(org.id, month), org.id));
    }
    if call.query.parsed("includeLinkedOrgs")?.unwrap_or(false) {
        found.extend(linked(call, org, month)?.iter().map(|invoice| (invoice.id, invoice.org)));
    }
    let found: Vec<Value> = found
        .iter()
        .map(|(invoice, org)| json!({ "invoiceId": invoice.to_string(), "orgId": org.to_string() }))
        .collect();
    Ok(Answer::object(json!({
        "associatedInvoices": found,
        "month": format!("{number:02}"),
        "year": format!("{year:04}"),
    })))
}

/// `listSkus`.
fn skus(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let all = billing::SKUS;
    let page = all[call.query.window(all.len())].iter();
    let results = page.map(|sku| json!({ "id": sku.id, "description": sku.description })).collect();
    Ok(Answer::list(call.query.listed(results, all.len(), &call.here)))
}

/// `getSku`.
fn sku(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let id = call.in_path("skuId");
    let found = billing::SKUS.iter().find(|sku| sku.id == id);
    let refusal = || ApiError::not_found("RESOURCE_NOT_FOUND", format!("Cannot find SKU {id}.")).with(id.as_str());
    found.map(|sku| Answer::object(json!({ "id": sku.id, "description": sku.description }))).ok_or_else(refusal)
}

/// A day a parameter names.
fn date(call: &Call<'_>, name: &'static str) -> Result<Option<Date>, ApiError> {
    let Some(text) = call.query.value(name) else {
        return Ok(None);
    };
    as_date(text, name).map(Some)
}

/// A day as `YYYY-MM-DD`.
pub(super) fn as_date(text: &str, name: &'static str) -> Result<Date, ApiError> {
    let refusal = || ApiError::bad_request("INVALID_DATE_FORMAT", format!("{text} is no date (YYYY-MM-DD)."));
    let date = (text.len() == 10).then(|| text.parse().ok()).flatten();
    date.ok_or_else(|| refusal().with(text).at(name))
}

/// One of several words a parameter can be.
fn word<'a>(call: &'a Call<'_>, name: &'static str, words: &[&str]) -> Result<Option<&'a str>, ApiError> {
    match call.query.value(name) {
        Some(text) if !words.contains(&text) => Err(body::unknown_word(name, text)),
        value => Ok(value),
    }
}

/// The day of a moment in UTC.
pub(super) fn day(at: jiff::Timestamp) -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(at).date()
}

/// An invoice without its lines.
fn metadata(invoice: &Invoice, api: &str) -> Value {
    json!({
        "id": invoice.id.to_string(),
        "orgId": invoice.org.to_string(),
        "startDate": clock::written(invoice.month.start()),
        "endDate": clock::written(invoice.month.end()),
        "created": clock::written(invoice.created),
        "updated": clock::written(invoice.updated),
        "statusName": invoice.status,
        "subtotalCents": invoice.subtotal,
        "creditsCents": invoice.credits,
        "salesTaxCents": invoice.tax,
        "startingBalanceCents": 0,
        "amountBilledCents": invoice.billed(),
        "amountPaidCents": invoice.paid(),
        "links": self_link(format!("{api}/orgs/{}/invoices/{}", invoice.org, invoice.id)),
    })
}

/// An invoice with its lines, payments and linked invoices.
fn whole(call: &Call<'_>, org: &Org, invoice: &Invoice) -> Result<Value, ApiError> {
    let mut value = with_lines(call, invoice);
    value["linkedInvoices"] = linked(call, org, invoice.month)?.iter().map(|one| with_lines(call, one)).collect();
    Ok(value)
}

fn with_lines(call: &Call<'_>, invoice: &Invoice) -> Value {
    let mut value = metadata(invoice, &call.api);
    value["lineItems"] = invoice.items.iter().map(|item| line(call, item, invoice)).collect();
    value["payments"] = payments(invoice);
    value["refunds"] = refunds(invoice);
    value
}

fn line(call: &Call<'_>, item: &billing::Item, invoice: &Invoice) -> Value {
    let mut value = json!({
        "sku": item.sku.id,
        "cloudProvider": item.sku.provider,
        "created": clock::written(invoice.created),
        "startDate": clock::written(item.start),
        "endDate": clock::written(item.end),
        "quantity": item.quantity,
        "unit": item.sku.unit,
        "unitPriceDollars": item.sku.dollars,
        "totalPriceCents": item.cents,
    });
    if let Some(place) = &item.place {
        value["groupId"] = place.project.to_string().into();
        value["groupName"] = place.project_name.as_str().into();
        value["clusterName"] = place.cluster.as_str().into();
        if let Some(project) = call.state.projects.get(&place.project) {
            value["tags"] = project.tags.iter().map(|(key, text)| (key.clone(), json!([text]))).collect();
        }
    }
    value
}

/// What was paid: nothing while the month lasts, nothing where another organization pays.
fn payments(invoice: &Invoice) -> Value {
    let status = match invoice.status {
        "PAID" => "PAID",
        "CLOSED" => "NEW",
        _ => return json!([]),
    };
    if invoice.is_linked {
        return json!([]);
    }
    json!([{
        "id": invoice.payment().to_string(),
        "statusName": status,
        "created": clock::written(billing::closed_at(invoice.month)),
        "updated": clock::written(invoice.updated),
        "subtotalCents": invoice.subtotal - invoice.credits,
        "salesTaxCents": invoice.tax,
        "amountBilledCents": invoice.billed(),
        "amountPaidCents": invoice.paid(),
        "currency": "USD",
        "unitPrice": "1",
    }])
}

fn refunds(invoice: &Invoice) -> Value {
    match invoice.refund {
        None => json!([]),
        Some(cents) => json!([{
            "amountCents": cents,
            "created": clock::written(billing::paid_at(invoice.month)),
            "paymentId": invoice.payment().to_string(),
            "reason": "Backup storage was counted twice on one day",
        }]),
    }
}

/// Invoices as a table, a line for each line item.
fn as_csv<'a>(call: &Call<'_>, invoices: impl Iterator<Item = &'a Invoice>) -> String {
    let mut text = String::from(
        "Invoice ID,Organization ID,Organization Name,Project ID,Project Name,Cluster,SKU,Cloud Provider,Start Date,End Date,Quantity,Unit,Unit Price (USD),Amount (USD)\n",
    );
    for invoice in invoices {
        let name = call.state.orgs.get(&invoice.org).map_or("", |org| &org.name);
        for item in &invoice.items {
            let (project, project_name, cluster) = match &item.place {
                Some(place) => (place.project.to_string(), place.project_name.as_str(), place.cluster.as_str()),
                None => (String::new(), "", ""),
            };
            let cells = [
                invoice.id.to_string(),
                invoice.org.to_string(),
                cell(name),
                project,
                cell(project_name),
                cell(cluster),
                item.sku.id.to_owned(),
                item.sku.provider.to_owned(),
                clock::written(item.start),
                clock::written(item.end),
                item.quantity.to_string(),
                item.sku.unit.to_owned(),
                item.sku.dollars.to_string(),
                dollars(item.cents),
            ];
            text.push_str(&cells.join(","));
            text.push('\n');
        }
    }
    text
}

/// A text as a cell of such a table.
pub(super) fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// Cents as dollars.
pub(super) fn dollars(cents: i64) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}
